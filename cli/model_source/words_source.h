#ifndef SEEDFED_CLI_MODEL_SOURCE_WORDS_SOURCE_H_
#define SEEDFED_CLI_MODEL_SOURCE_WORDS_SOURCE_H_

#include <optional>
#include <string>
#include <utility>

#include "cli/model_source/model_source.h"

namespace seedfed {

// A words file: the model is made again from its words, and in rolling mode checked against the
// file's fingerprint.
class WordsSource final : public ModelSource {
 public:
  // `key` is for a file that does not hold its own.
  WordsSource(WordsFile file, std::optional<FederationKey> key)
      : file_(std::move(file)), key_(file_.header().key ? file_.header().key : key) {}

  // FailedPrecondition in rolling mode without a key; InvalidArgument when the words do not lead to
  // the file's fingerprint.
  absl::StatusOr<std::string> Snapshot() override;
  absl::StatusOr<std::optional<InputNormalisation>> Normalisation() override {
    return file_.header().normalisation;
  }
  absl::StatusOr<std::optional<FederationKey>> Key() override { return key_; }

  // FailedPrecondition in pure mode, where the file has one round only.
  absl::Status ReadRounds(uint32_t last, const EachRound& each) override;
  const std::string& name() const override { return file_.name(); }

 private:
  WordsFile file_;
  std::optional<FederationKey> key_;
};

}  // namespace seedfed

#endif  // SEEDFED_CLI_MODEL_SOURCE_WORDS_SOURCE_H_
