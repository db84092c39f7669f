#ifndef SEEDFED_CLI_MODEL_SOURCE_STORE_SOURCE_H_
#define SEEDFED_CLI_MODEL_SOURCE_STORE_SOURCE_H_

#include <string>
#include <utility>

#include "cli/model_source/model_source.h"
#include "server/store/sqlite_reader.h"
#include "server/store/store.h"

namespace seedfed {

// A server's store or a back-up, as it was when it was opened; a server may run on it meanwhile.
class StoreSource final : public ModelSource {
 public:
  // `store` as FindDatabase takes it. FailedPrecondition when it has no federation yet.
  static absl::StatusOr<std::unique_ptr<ModelSource>> Open(const std::string& store);

  // From the stored snapshot, if there is one, and the words after it; DataLoss when they do not
  // lead to the stored fingerprint.
  absl::StatusOr<std::string> Snapshot() override;
  absl::StatusOr<std::optional<InputNormalisation>> Normalisation() override {
    return std::optional<InputNormalisation>();
  }
  absl::StatusOr<std::optional<FederationKey>> Key() override {
    return std::optional<FederationKey>(contents_.federation->key);
  }
  absl::Status ReadRounds(uint32_t last, const EachRound& each) override;
  const std::string& name() const override { return name_; }

 private:
  StoreSource(const std::string& store, SqliteReader reader, Contents contents)
      : name_("the store " + store), reader_(std::move(reader)), contents_(std::move(contents)) {}

  const std::string name_;
  SqliteReader reader_;
  Contents contents_;  // without rounds
};

}  // namespace seedfed

#endif  // SEEDFED_CLI_MODEL_SOURCE_STORE_SOURCE_H_
