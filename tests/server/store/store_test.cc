// What server/store/store.h promises, of the SQLite store and of the fake that other tests use.
#include "server/store/store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "server/store/sqlite_store.h"
#include "tests/server/store/fake_store.h"
#include "tests/server/store/records.h"

namespace seedfed {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

enum class Kind { kSqlite, kFake };

class StoreTest : public testing::TestWithParam<Kind> {
 protected:
  std::unique_ptr<Store> Make(uint32_t keep_update_rounds = 0) {
    if (GetParam() == Kind::kFake) return std::make_unique<FakeStore>(keep_update_rounds);
    absl::StatusOr<std::unique_ptr<Store>> store =
        OpenSqliteStore(folder_.path(), {keep_update_rounds});
    EXPECT_TRUE(store.ok()) << store.status();
    return *std::move(store);
  }

  static absl::Status Commit(Store& store, std::vector<Write> writes) {
    return store.Commit(writes);
  }

  static void MustCommit(Store& store, std::vector<Write> writes) {
    const absl::Status status = store.Commit(writes);
    ASSERT_TRUE(status.ok()) << status;
  }

 private:
  TempFolder folder_;
};

INSTANTIATE_TEST_SUITE_P(Kinds, StoreTest, testing::Values(Kind::kSqlite, Kind::kFake),
                         [](const auto& kind) {
                           return kind.param == Kind::kSqlite ? "Sqlite" : "Fake";
                         });

TEST_P(StoreTest, New_IsEmpty) {
  const Contents contents = Make()->Load().value();
  EXPECT_FALSE(contents.federation.has_value());
  EXPECT_THAT(contents.clients, IsEmpty());
  EXPECT_EQ(contents.last_round, 0u);
  EXPECT_FALSE(contents.snapshot.has_value());
  EXPECT_THAT(contents.rounds, IsEmpty());
  EXPECT_THAT(contents.open_updates, IsEmpty());
}

TEST_P(StoreTest, Federation_IsKeptAndWrittenOnce) {
  const auto store = Make();
  ASSERT_TRUE(store->Create(SomeFederation()).ok());
  EXPECT_EQ(store->Load()->federation, SomeFederation());
  FederationRecord other = SomeFederation();
  other.id[0] = 99;
  EXPECT_TRUE(absl::IsFailedPrecondition(store->Create(other)));
  EXPECT_EQ(store->Load()->federation, SomeFederation());
}

TEST_P(StoreTest, Records_AreLoadedAsCommitted) {
  const auto store = Make();
  const uint32_t evaluator = (1U << 31) + 5;
  MustCommit(*store, {SomeClient(evaluator), SomeClient(1), SomeClient(0)});
  MustCommit(*store, {SomeUpdate(1, 0), SomeUpdate(1, 1), SomeRound(1)});
  MustCommit(*store, {SomeUpdate(2, 1), SomeUpdate(2, 0)});
  const Contents contents = store->Load().value();
  EXPECT_THAT(contents.clients, ElementsAre(SomeClient(0), SomeClient(1), SomeClient(evaluator)));
  EXPECT_EQ(contents.last_round, 1u);
  EXPECT_THAT(contents.rounds, ElementsAre(SomeRound(1)));
  EXPECT_THAT(contents.open_updates, ElementsAre(SomeUpdate(2, 1), SomeUpdate(2, 0)));
}

TEST_P(StoreTest, EmptyWordsAndExtremeNumbers_AreKept) {
  const auto store = Make();
  const uint32_t most = 0xffffffff;
  const UpdateRecord update = {1, most, most, -1e-30f, most, {}};
  MustCommit(*store, {ClientRecord{most, "x", true}, update});
  const Contents contents = store->Load().value();
  EXPECT_THAT(contents.clients, ElementsAre(ClientRecord{most, "x", true}));
  EXPECT_THAT(contents.open_updates, ElementsAre(update));
}

TEST_P(StoreTest, Nothing_IsATransactionToo) {
  const auto store = Make();
  EXPECT_TRUE(Commit(*store, {}).ok());
}

TEST_P(StoreTest, RefusedTransaction_LeavesNothing) {
  const auto store = Make();
  MustCommit(*store, {SomeClient(0)});
  EXPECT_TRUE(absl::IsAlreadyExists(Commit(
      *store, {SomeClient(1), SomeUpdate(1, 1), SomeRound(1), SomeSnapshot(1), SomeClient(0)})));
  const Contents contents = store->Load().value();
  EXPECT_THAT(contents.clients, ElementsAre(SomeClient(0)));
  EXPECT_EQ(contents.last_round, 0u);
  EXPECT_FALSE(contents.snapshot.has_value());
  EXPECT_THAT(contents.open_updates, IsEmpty());
  // It is as it was: round 1 has not been taken.
  MustCommit(*store, {SomeUpdate(1, 1), SomeRound(1)});
  EXPECT_EQ(store->Load()->last_round, 1u);
}

TEST_P(StoreTest, Duplicates_AreRefused) {
  const auto store = Make();
  MustCommit(*store,
             {SomeClient(0), SomeUpdate(1, 0), SomeRound(1), SomeUpdate(2, 0), SomeSnapshot(1)});
  EXPECT_TRUE(absl::IsAlreadyExists(Commit(*store, {ClientRecord{0, "other", false}})));
  EXPECT_TRUE(absl::IsAlreadyExists(Commit(*store, {ClientRecord{1, "client-0", false}})));
  EXPECT_TRUE(absl::IsAlreadyExists(Commit(*store, {SomeUpdate(2, 0)})));
  EXPECT_TRUE(absl::IsAlreadyExists(Commit(*store, {SomeRound(1)})));
  EXPECT_TRUE(absl::IsAlreadyExists(Commit(*store, {SomeSnapshot(1)})));
}

TEST_P(StoreTest, WhatDoesNotFollow_IsRefused) {
  const auto store = Make();
  EXPECT_TRUE(absl::IsFailedPrecondition(Commit(*store, {SomeRound(2)})));
  EXPECT_TRUE(absl::IsFailedPrecondition(Commit(*store, {RoundRecord()})));
  EXPECT_TRUE(absl::IsFailedPrecondition(Commit(*store, {SomeSnapshot(1)})));
  MustCommit(*store, {SomeRound(1)});
  EXPECT_TRUE(absl::IsFailedPrecondition(Commit(*store, {SomeRound(3)})));
  EXPECT_TRUE(absl::IsFailedPrecondition(Commit(*store, {SomeUpdate(1, 0)})));
  EXPECT_TRUE(absl::IsFailedPrecondition(Commit(*store, {SomeUpdate(3, 0)})));
  EXPECT_TRUE(absl::IsFailedPrecondition(Commit(*store, {SomeSnapshot(2)})));
  EXPECT_TRUE(absl::IsFailedPrecondition(Commit(*store, {SnapshotRecord{0, "x"}})));
}

TEST_P(StoreTest, Round_EndsItsUpdates) {
  const auto store = Make();
  MustCommit(*store, {SomeUpdate(1, 0), SomeUpdate(1, 1)});
  MustCommit(*store, {SomeRound(1), SomeUpdate(2, 0)});
  EXPECT_THAT(store->Updates(1).value(), IsEmpty());
  EXPECT_THAT(store->Updates(2).value(), ElementsAre(SomeUpdate(2, 0)));
}

TEST_P(StoreTest, KeptUpdates_StayForThatManyRounds) {
  const auto store = Make(2);
  for (uint32_t round = 1; round <= 4; ++round)
    MustCommit(*store, {SomeUpdate(round, 7), SomeRound(round)});
  EXPECT_THAT(store->Updates(1).value(), IsEmpty());
  EXPECT_THAT(store->Updates(2).value(), IsEmpty());
  EXPECT_THAT(store->Updates(3).value(), ElementsAre(SomeUpdate(3, 7)));
  EXPECT_THAT(store->Updates(4).value(), ElementsAre(SomeUpdate(4, 7)));
  EXPECT_THAT(store->Load()->open_updates, IsEmpty());
}

TEST_P(StoreTest, Snapshot_ReplacesTheOneBeforeAndShortensTheReplay) {
  const auto store = Make();
  MustCommit(*store, {SomeRound(1), SomeSnapshot(1)});
  EXPECT_THAT(store->Load()->rounds, IsEmpty());
  MustCommit(*store, {SomeRound(2), SomeRound(3)});
  MustCommit(*store, {SomeSnapshot(2)});
  const Contents contents = store->Load().value();
  EXPECT_EQ(contents.snapshot, SomeSnapshot(2));
  EXPECT_EQ(contents.last_round, 3u);
  EXPECT_THAT(contents.rounds, ElementsAre(SomeRound(3)));
}

TEST_P(StoreTest, Rounds_AreReadByRange) {
  const auto store = Make();
  for (uint32_t round = 1; round <= 5; ++round) MustCommit(*store, {SomeRound(round)});
  MustCommit(*store, {SomeSnapshot(5)});
  const size_t each = SomeRound(1).words.size();
  EXPECT_THAT(store->Rounds(2, 4, SIZE_MAX).value(),
              ElementsAre(SomeRound(2), SomeRound(3), SomeRound(4)));
  EXPECT_THAT(store->Rounds(0, 1, SIZE_MAX).value(), ElementsAre(SomeRound(1)));
  EXPECT_THAT(store->Rounds(5, 9, SIZE_MAX).value(), ElementsAre(SomeRound(5)));
  EXPECT_THAT(store->Rounds(6, 9, SIZE_MAX).value(), IsEmpty());
  EXPECT_THAT(store->Rounds(3, 2, SIZE_MAX).value(), IsEmpty());
  EXPECT_THAT(store->Rounds(1, 5, 0).value(), ElementsAre(SomeRound(1)));
  EXPECT_THAT(store->Rounds(1, 5, 2 * each - 1).value(), ElementsAre(SomeRound(1)));
  EXPECT_THAT(store->Rounds(1, 5, 2 * each).value(), ElementsAre(SomeRound(1), SomeRound(2)));
  // Reading in part leaves nothing behind.
  EXPECT_THAT(store->Rounds(4, 5, SIZE_MAX).value(), ElementsAre(SomeRound(4), SomeRound(5)));
}

TEST_P(StoreTest, Evaluations_ComeBackInOrderAndOnlyOfCompleteRounds) {
  const auto store = Make();
  MustCommit(*store, {SomeRound(1), SomeRound(2)});
  const EvaluationRecord second = {2, 1U << 31, 0.875, 0.25, 10000};
  const EvaluationRecord first = {1, 1U << 31, 0.5, 1.5, 10000};
  MustCommit(*store, {second, first});
  EXPECT_THAT(store->Load()->evaluations, ElementsAre(second, first));
  EXPECT_EQ(Commit(*store, {first}).code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(Commit(*store, {EvaluationRecord{3, 5, 0.5, 1, 1}}).code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(store->Load()->evaluations, ElementsAre(second, first));
}

TEST_P(StoreTest, Control_TheNewestStands) {
  const auto store = Make();
  EXPECT_EQ(store->Load()->control, ControlRecord());
  MustCommit(*store, {ControlRecord{.held = true}});
  MustCommit(*store, {ControlRecord{.held = false, .finished = true}});
  EXPECT_EQ(store->Load()->control, (ControlRecord{.held = false, .finished = true}));
}

TEST_P(StoreTest, RoundSummaries_AreTheRoundsWithoutTheirWords) {
  const auto store = Make();
  MustCommit(*store, {SomeRound(1), SomeRound(2), SomeRound(3)});
  const std::vector<RoundRecord> summaries = store->RoundSummaries(2, 9).value();
  ASSERT_EQ(summaries.size(), 2U);
  RoundRecord expected = SomeRound(2);
  expected.words.clear();
  EXPECT_EQ(summaries[0], expected);
  EXPECT_EQ(summaries[1].round, 3U);
}

}  // namespace
}  // namespace seedfed
