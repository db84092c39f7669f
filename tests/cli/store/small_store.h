#ifndef SEEDFED_TESTS_CLI_STORE_SMALL_STORE_H_
#define SEEDFED_TESTS_CLI_STORE_SMALL_STORE_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "common/model/model.h"
#include "server/store/sqlite_open.h"
#include "server/store/sqlite_store.h"
#include "tests/cli/temp_folder.h"

namespace seedfed {

// A store on disk with rounds that a server could have written: a model in step with it, one
// trainer and its update of the open round.
class SmallStore {
 public:
  explicit SmallStore(uint32_t rounds, uint32_t snapshot_every = 4) {
    store_ = OpenSqliteStore(folder(), {}).value();
    EXPECT_TRUE(store_->Create({{}, key_, spec()}).ok());
    Model model = Model::Create(spec(), key_).value();
    EXPECT_TRUE(store_->Commit(std::vector<Write>{ClientRecord{0, "a", false}}).ok());
    for (uint32_t round = 1; round <= rounds; ++round) {
      RoundRecord record;
      record.round = round;
      record.words = Words(round);
      EXPECT_TRUE(model.Apply(round, record.words).ok());
      record.fingerprint = model.fingerprint();
      record.base_checksum = model.BaseChecksum();
      std::vector<Write> writes;
      writes.emplace_back(record);
      if (round % snapshot_every == 0)
        writes.emplace_back(SnapshotRecord{round, model.SaveSnapshot()});
      EXPECT_TRUE(store_->Commit(writes).ok());
    }
    Commit(UpdateRecord{rounds + 1, 0, 10, 0.5f, 100, Words(rounds + 1)});
    fingerprint_ = model.fingerprint();
  }

  std::string folder() const { return folder_ / "store"; }
  const TempFolder& around() const { return folder_; }
  std::string database() const { return folder() + "/seedfed.db"; }
  const Digest256& fingerprint() const { return fingerprint_; }
  void Commit(Write write) {
    EXPECT_TRUE(store_->Commit(std::vector<Write>{std::move(write)}).ok());
  }

  // Closes the store and changes it as no server would.
  void Damage(const std::string& sql) {
    store_.reset();
    const auto connection = OpenStoreDatabase(database()).value();
    const absl::Status status = connection->Execute(sql);
    EXPECT_TRUE(status.ok()) << status;
  }

  std::string Words(uint32_t round) const {
    const UpdateCodec codec(spec(), key_);
    std::vector<int32_t> coordinates(spec().coordinates());
    for (size_t i = 0; i < coordinates.size(); ++i) {
      coordinates[i] = static_cast<int32_t>((i * 7919 + round * 104729) % (1 << 20)) - (1 << 19);
    }
    return codec.Encode(coordinates, round, {key_.SubKey(Purpose::kDitherDown), 0});
  }

  static ModelSpec spec() {
    ModelSpec spec;
    spec.layers = {{8, 17, 8}, {4, 9, 8}};
    return spec;
  }

 private:
  TempFolder folder_;
  const FederationKey key_ = FederationKey::Parse("7").value();
  std::unique_ptr<Store> store_;
  Digest256 fingerprint_{};
};

}  // namespace seedfed

#endif  // SEEDFED_TESTS_CLI_STORE_SMALL_STORE_H_
