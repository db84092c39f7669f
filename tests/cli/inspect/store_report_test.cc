#include "cli/inspect/store_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <vector>

#include "server/store/sqlite_store.h"
#include "tests/server/store/records.h"

namespace seedfed {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kKey[] = "ff00000000000000000000000000007f";

class StoreReportTest : public testing::Test {
 protected:
  StoreReportTest() : path_(folder_.path() + "/seedfed.db") {}

  std::unique_ptr<Store> Open() { return OpenSqliteStore(folder_.path(), {}).value(); }

  // Three rounds, a snapshot after the second, one update of the fourth, three members.
  void Fill(Store& store) {
    ASSERT_TRUE(store.Create(SomeFederation()).ok());
    const std::vector<Write> writes = {SomeClient(0), SomeClient(1),   SomeClient(1U << 31),
                                       SomeRound(1),  SomeRound(2),    SomeSnapshot(2),
                                       SomeRound(3),  SomeUpdate(4, 0)};
    ASSERT_TRUE(store.Commit(writes).ok());
  }

  StoreSummary Summary(uint32_t rounds) {
    absl::StatusOr<StoreSummary> summary = SummariseStore(path_, rounds);
    EXPECT_TRUE(summary.ok()) << summary.status();
    return *std::move(summary);
  }

  TempFolder folder_;
  const std::string path_;
};

TEST_F(StoreReportTest, ClosedStore_IsSummarised) {
  Fill(*Open());
  const StoreSummary summary = Summary(2);
  EXPECT_EQ(summary.holder, std::nullopt);
  EXPECT_EQ(summary.federation, SomeFederation());
  EXPECT_EQ(summary.clients.size(), 3U);
  EXPECT_EQ(summary.last_round, 3U);
  EXPECT_EQ(summary.snapshot_round, 2U);
  EXPECT_EQ(summary.snapshot_bytes, 100'000U);
  EXPECT_EQ(summary.open_updates, 1U);
  ASSERT_EQ(summary.rounds.size(), 2U);
  EXPECT_EQ(summary.rounds[0].round, 2U);
  EXPECT_EQ(summary.rounds[1].fingerprint, SomeRound(3).fingerprint);
  EXPECT_EQ(Summary(0).rounds.size(), 3U);
  EXPECT_EQ(Summary(9).rounds.size(), 3U);
}

TEST_F(StoreReportTest, ServerRuns_IsNamedAndNotDisturbed) {
  const auto store = Open();
  Fill(*store);
  EXPECT_EQ(Summary(1).holder, static_cast<uint32_t>(getpid()));
  const std::vector<Write> next = {SomeRound(4)};
  EXPECT_TRUE(store->Commit(next).ok());
  EXPECT_EQ(Summary(1).last_round, 4U);
}

TEST_F(StoreReportTest, NewStore_HasNoFederation) {
  Open();
  const auto summary = SummariseStore(path_, 0);
  EXPECT_TRUE(absl::IsFailedPrecondition(summary.status()));
  EXPECT_EQ(Sentence(summary), path_ + " has no federation yet");
}

TEST_F(StoreReportTest, Text_Golden) {
  Fill(*Open());
  StoreSummary summary = Summary(2);
  summary.path = "store/seedfed.db";
  EXPECT_EQ(StoreText(summary, false),
            R"(Store          store/seedfed.db
Server         none runs on it
Federation     000102030405060708090a0b0c0d0e0f
Key            not shown (--show-key)
Model          10-7-3, 101 weights, single codec, pure mode, tile 4,16, 4 phase bits, gain 1.25
Members        2 trainers, 1 evaluator: client-0, client-1, client-2147483648
Rounds         3 complete, 1 update of the next
Snapshot       of round 2, 100,000 bytes
Fingerprint    0303030303030303030303030303030303030303030303030303030303030303
Base checksum  04040404040404040404040404040404

round  updates           examples  training loss           bytes up     time       fingerprint
    2        4  1,099,511,627,778         0.5000  2,199,023,255,554  5.00 ms  0202020202020202
    3        5  1,099,511,627,779         0.3333  2,199,023,255,555  6.00 ms  0303030303030303
)");
}

TEST_F(StoreReportTest, Key_IsShownOnlyWhenAskedFor) {
  Fill(*Open());
  const StoreSummary summary = Summary(1);
  EXPECT_THAT(StoreText(summary, false), Not(HasSubstr(kKey)));
  EXPECT_THAT(StoreText(summary, true), HasSubstr(kKey));
  EXPECT_THAT(StoreJson(summary, false).dump(), Not(HasSubstr(kKey)));
  EXPECT_EQ(StoreJson(summary, true)["key"], kKey);
}

TEST_F(StoreReportTest, ManyMembers_AreCut) {
  Fill(*Open());
  StoreSummary summary = Summary(1);
  summary.holder = 42;
  summary.clients.clear();
  for (uint32_t i = 0; i < 12; ++i) summary.clients.push_back(SomeClient(i));
  const std::string text = StoreText(summary, false);
  EXPECT_THAT(text, HasSubstr("12 trainers, 0 evaluators: client-0, "));
  EXPECT_THAT(text, HasSubstr("client-9 and 2 more\n"));
  EXPECT_THAT(text, HasSubstr("process 42 holds this store; it is shown as of its last commit"));
}

TEST_F(StoreReportTest, Json_HasEverything) {
  Fill(*Open());
  const auto json = StoreJson(Summary(0), false);
  EXPECT_EQ(json["kind"], "store");
  EXPECT_EQ(json["server_process"], nullptr);
  EXPECT_EQ(json["federation_id"], "000102030405060708090a0b0c0d0e0f");
  EXPECT_EQ(json["last_round"], 3);
  EXPECT_EQ(json["open_updates"], 1);
  EXPECT_EQ(json["snapshot"]["round"], 2);
  EXPECT_EQ(json["trainers"], 2);
  EXPECT_EQ(json["evaluators"], 1);
  EXPECT_EQ(json["members"][2]["evaluator"], true);
  EXPECT_EQ(json["rounds"].size(), 3U);
  EXPECT_EQ(json["rounds"][0]["seconds"], 0.004);
  EXPECT_EQ(json["base_checksum"], "04040404040404040404040404040404");
}

TEST_F(StoreReportTest, NoRounds_NoFingerprint) {
  ASSERT_TRUE(Open()->Create(SomeFederation()).ok());
  const StoreSummary summary = Summary(5);
  EXPECT_THAT(StoreText(summary, false), Not(HasSubstr("Fingerprint")));
  const auto json = StoreJson(summary, false);
  EXPECT_EQ(json["fingerprint"], nullptr);
  EXPECT_EQ(json["snapshot"], nullptr);
  EXPECT_EQ(json["rounds"].size(), 0U);
}

}  // namespace
}  // namespace seedfed
