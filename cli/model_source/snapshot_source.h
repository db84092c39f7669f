#ifndef SEEDFED_CLI_MODEL_SOURCE_SNAPSHOT_SOURCE_H_
#define SEEDFED_CLI_MODEL_SOURCE_SNAPSHOT_SOURCE_H_

#include <memory>
#include <string>
#include <utility>

#include "cli/model_source/model_source.h"
#include "cli/tensor_files/input_file.h"

namespace seedfed {

// A snapshot's file: the model of one round, without key and history.
class SnapshotSource final : public ModelSource {
 public:
  explicit SnapshotSource(std::unique_ptr<InputFile> file) : file_(std::move(file)) {}

  absl::StatusOr<std::string> Snapshot() override;
  absl::StatusOr<std::optional<InputNormalisation>> Normalisation() override {
    return std::optional<InputNormalisation>();
  }
  absl::StatusOr<std::optional<FederationKey>> Key() override {
    return std::optional<FederationKey>();
  }
  absl::Status ReadRounds(uint32_t last, const EachRound& each) override;
  const std::string& name() const override { return file_->name(); }

 private:
  std::unique_ptr<InputFile> file_;
};

}  // namespace seedfed

#endif  // SEEDFED_CLI_MODEL_SOURCE_SNAPSHOT_SOURCE_H_
