#include "cli/store/verify.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "cli/store/database.h"
#include "tests/cli/store/small_store.h"

namespace seedfed {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

absl::StatusOr<VerifiedStore> Verify(const SmallStore& store) {
  return VerifyStore(OpenStoreDatabaseForReading(store.database()).value());
}

std::string WhatIsWrong(const SmallStore& store) {
  const auto verified = Verify(store);
  EXPECT_EQ(verified.status().code(), absl::StatusCode::kDataLoss) << verified.status();
  return std::string(verified.status().message());
}

TEST(Verify, WholeStoreThatAServerHasOpen_Valid) {
  const SmallStore store(10);
  const auto verified = Verify(store);
  ASSERT_TRUE(verified.ok()) << verified.status();
  EXPECT_EQ(verified->rounds, 10U);
  EXPECT_EQ(verified->fingerprint, store.fingerprint());
  EXPECT_EQ(verified->snapshot_round, 8U);
  EXPECT_EQ(verified->members, 1U);
  EXPECT_EQ(verified->open_updates, 1U);
}

TEST(Verify, NoRounds_Valid) {
  const SmallStore store(0);
  const auto verified = Verify(store);
  ASSERT_TRUE(verified.ok()) << verified.status();
  EXPECT_EQ(verified->rounds, 0U);
  EXPECT_FALSE(verified->snapshot_round.has_value());
}

TEST(Verify, WordsOfAnotherRound_NamesTheRound) {
  SmallStore store(10);
  store.Damage(
      "UPDATE rounds SET (words, checksum) = (SELECT words, checksum FROM rounds WHERE round = 5) "
      "WHERE round = 3");
  EXPECT_THAT(WhatIsWrong(store), StartsWith("round 3 is damaged: replaying the history leads to "
                                             "the fingerprint "));
}

TEST(Verify, ChangedBytes_NamesTheRound) {
  SmallStore store(10);
  store.Damage("UPDATE rounds SET words = zeroblob(length(words)) WHERE round = 9");
  EXPECT_THAT(WhatIsWrong(store), HasSubstr("the words of round 9 do not match their checksum"));
}

TEST(Verify, OtherBaseChecksum_NamesTheRound) {
  SmallStore store(10);
  store.Damage("UPDATE rounds SET base_checksum = zeroblob(16) WHERE round = 7");
  EXPECT_THAT(WhatIsWrong(store), StartsWith("round 7 is damaged: replaying the history leads to "
                                             "the base checksum "));
}

TEST(Verify, MissingRound_NamesTheRound) {
  SmallStore store(10);
  store.Damage("DELETE FROM rounds WHERE round = 2");
  EXPECT_THAT(WhatIsWrong(store), HasSubstr("round 2 is missing"));
}

TEST(Verify, StoredModelOfAnotherHistory_Named) {
  const SmallStore other(4);
  SmallStore store(10);
  store.Damage(
      absl::StrCat("ATTACH '", other.database(), "' AS other; ",
                   "DELETE FROM snapshots; "
                   "INSERT INTO snapshots SELECT 8, checksum, bytes FROM other.snapshots"));
  EXPECT_EQ(WhatIsWrong(store),
            "the stored model of round 8 is not the one that the history leads to");
}

TEST(Verify, UpdateOfAStranger_Named) {
  SmallStore store(3);
  store.Damage("UPDATE updates SET client = 5");
  EXPECT_EQ(WhatIsWrong(store),
            "the update of client 5 for the open round 4 is of no trainer that is a member");
}

TEST(Verify, UpdateThatDoesNotDecode_Named) {
  SmallStore store(3);
  store.Commit(ClientRecord{1, "b", false});
  store.Commit(UpdateRecord{4, 1, 10, 0.5f, 100, std::string("short")});
  EXPECT_THAT(WhatIsWrong(store),
              StartsWith("the update of client 1 for the open round 4 does not decode: "));
}

TEST(Verify, EvaluatorWithATrainersNumber_Named) {
  SmallStore store(3);
  store.Damage("UPDATE clients SET evaluator = 1");
  EXPECT_EQ(WhatIsWrong(store), "member 0 ('a') has a number that is not of its role");
}

TEST(FindDatabase, NoStore_OneSentence) {
  const TempFolder folder;
  EXPECT_EQ(FindDatabase(folder / "none").status().message(),
            absl::StrCat("there is no store ", (folder / "none").string(),
                         "; expected a store's folder or its database"));
  EXPECT_EQ(
      FindDatabase(folder.path()).status().message(),
      absl::StrCat("the folder ", folder.path().string(), " has no seedfed.db: it is not a store"));
}

}  // namespace
}  // namespace seedfed
