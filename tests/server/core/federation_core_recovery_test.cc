#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <variant>
#include <vector>

#include "server/core/federation_core.h"
#include "tests/server/core/core_fixture.h"

namespace seedfed {
namespace {

constexpr RoundRules kRules = {.rounds = 4,
                               .goal = 3,
                               .quorum = 3,
                               .min_clients = 1,
                               .example_cap = 1000,
                               .snapshot_every = 2};

// The core that a server would have after a restart with what `store` holds.
CoreDriver Restart(const std::vector<Write>& store) {
  Recovered recovered;
  Model model = *Model::Create(SmallSpec(), TestKey());
  for (const Write& write : store) {
    if (const auto* client = std::get_if<ClientRecord>(&write))
      recovered.clients.push_back(*client);
    if (const auto* update = std::get_if<UpdateRecord>(&write))
      recovered.open_updates.push_back(*update);
    if (const auto* round = std::get_if<RoundRecord>(&write)) {
      EXPECT_TRUE(model.Apply(round->round, round->words).ok());
      recovered.recent_rounds.push_back(*round);
      std::erase_if(recovered.open_updates,
                    [&](const UpdateRecord& u) { return u.round <= round->round; });
    }
  }
  return CoreDriver(kRules, std::move(recovered), std::move(model));
}

std::vector<Write> Concatenate(std::vector<Write> first, const std::vector<Write>& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

Digest256 Undisturbed() {
  CoreDriver d(kRules);
  d.JoinAll(3);
  for (uint32_t round = 1; round <= 4; ++round) {
    for (uint32_t c = 0; c < 3; ++c) d.Submit(c, round, d.Words(c, round));
  }
  return d.core.model().fingerprint();
}

TEST(FederationCoreRecovery, RestartAfterEveryUpdate_SameFingerprintAsUndisturbed) {
  CoreDriver first(kRules);
  first.JoinAll(3);
  std::vector<Write> store = first.store;
  Digest256 fingerprint{};
  for (uint32_t round = 1; round <= 4; ++round) {
    for (uint32_t c = 0; c < 3; ++c) {
      CoreDriver d = Restart(store);
      EXPECT_FALSE(d.Get<SubmitReply>(d.Submit(c, round, d.Words(c, round))).late);
      store = Concatenate(store, d.store);
      fingerprint = d.core.model().fingerprint();
    }
  }
  EXPECT_EQ(fingerprint, Undisturbed());
}

TEST(FederationCoreRecovery, UpdateKnownFromBefore_AcknowledgedAgainButNotCountedTwice) {
  CoreDriver first(kRules);
  first.JoinAll(3);
  first.Submit(0, 1, first.Words(0, 1));
  CoreDriver d = Restart(first.store);
  EXPECT_FALSE(d.Get<SubmitReply>(d.Submit(0, 1, d.Words(0, 1))).late);
  EXPECT_EQ(d.Get<absl::Status>(d.Submit(0, 1, d.Words(0, 1, 5))).code(),
            absl::StatusCode::kAlreadyExists);
  EXPECT_TRUE(d.store.empty());
  d.Submit(1, 1, d.Words(1, 1));
  EXPECT_EQ(d.core.round(), 0U);
  d.Submit(2, 1, d.Words(2, 1));
  EXPECT_EQ(d.core.round(), 1U);
}

TEST(FederationCoreRecovery, GoalReachedButNotClosedBefore_ClosesAtTheFirstWake) {
  CoreDriver first(kRules);
  first.JoinAll(3);
  for (uint32_t c = 0; c < 3; ++c) first.Submit(c, 1, first.Words(c, 1));
  std::vector<Write> store;
  for (const Write& write : first.store) {
    if (!std::holds_alternative<RoundRecord>(write)) store.push_back(write);
  }
  CoreDriver d = Restart(store);
  EXPECT_EQ(d.core.round(), 0U);
  d.Wait(absl::ZeroDuration());
  EXPECT_EQ(d.core.round(), 1U);
  EXPECT_EQ(d.core.model().fingerprint(), first.core.model().fingerprint());
}

TEST(FederationCoreRecovery, MoreUpdatesStoredThanTheGoal_TheFirstOnesCount) {
  CoreDriver first(kRules);
  first.JoinAll(4);
  std::vector<Write> store = first.store;
  // The order of commits; the last one was answered as late, and the round's own commit was lost.
  for (const uint32_t c : {3U, 1U, 2U, 0U}) {
    store.push_back(UpdateRecord{1, c, 100, 0.5F, 50, first.Words(c, 1)});
  }
  CoreDriver undisturbed(kRules);
  undisturbed.JoinAll(4);
  for (const uint32_t c : {3U, 1U, 2U}) undisturbed.Submit(c, 1, undisturbed.Words(c, 1));
  CoreDriver d = Restart(store);
  EXPECT_TRUE(d.Get<SubmitReply>(d.Submit(0, 1, d.Words(0, 1))).late);
  d.Wait(absl::ZeroDuration());
  EXPECT_EQ(d.core.model().fingerprint(), undisturbed.core.model().fingerprint());
  const auto reply = d.Get<AwaitReply>(d.Await(0, 0));
  ASSERT_EQ(reply.results.size(), 1U);
  EXPECT_EQ(reply.results[0]->updates, 3U);
}

TEST(FederationCoreRecovery, MembersKeepTheirNumbers) {
  CoreDriver first(kRules);
  first.JoinAll(2);
  CoreDriver d = Restart(first.store);
  EXPECT_EQ(d.Get<JoinReply>(d.Join("c1")).client_number, 1U);
  EXPECT_EQ(d.Get<JoinReply>(d.Join("new")).client_number, 2U);
}

TEST(FederationCoreRecovery, Snapshots_AreStoredAtTheAskedRounds) {
  CoreDriver d(kRules);
  d.JoinAll(3);
  for (uint32_t round = 1; round <= 4; ++round) {
    for (uint32_t c = 0; c < 3; ++c) d.Submit(c, round, d.Words(c, round));
  }
  std::vector<uint32_t> rounds;
  for (const Write& write : d.store) {
    const auto* snapshot = std::get_if<SnapshotRecord>(&write);
    if (snapshot == nullptr) continue;
    rounds.push_back(snapshot->round);
    EXPECT_EQ(Model::FromSnapshot(snapshot->bytes, SmallSpec(), TestKey())->round(),
              snapshot->round);
  }
  EXPECT_EQ(rounds, (std::vector<uint32_t>{2, 4}));
}

TEST(FederationCoreRecovery, AllRoundsComplete_Finished) {
  CoreDriver first(kRules);
  first.JoinAll(3);
  for (uint32_t round = 1; round <= 4; ++round) {
    for (uint32_t c = 0; c < 3; ++c) first.Submit(c, round, first.Words(c, round));
  }
  CoreDriver d = Restart(first.store);
  EXPECT_EQ(d.core.state(), FederationState::kFinished);
  const auto reply = d.Get<AwaitReply>(d.Await(0, 3));
  EXPECT_EQ(reply.state, FederationState::kFinished);
  EXPECT_EQ(reply.results.size(), 1U);
}

TEST(FederationCoreRecovery, MembersThatJoinAfterTheEnd_AreWaitedForUntilTheyKnowIt) {
  CoreDriver first(kRules);
  first.JoinAll(3);
  first.Join("eve", true);
  for (uint32_t round = 1; round <= 4; ++round) {
    for (uint32_t c = 0; c < 3; ++c) first.Submit(c, round, first.Words(c, round));
  }
  CoreDriver d = Restart(first.store);
  d.JoinAll(3);
  EXPECT_EQ(d.Get<JoinReply>(d.call).state, FederationState::kFinished);
  d.Join("eve", true);
  for (uint32_t c = 0; c < 3; ++c) d.KnowsTheEnd(c);
  d.Await(Members::kFirstEvaluator, 4);
  d.Report(Members::kFirstEvaluator, 4, 0.5);
  EXPECT_FALSE(d.core.EveryoneKnowsTheEnd(absl::Seconds(10), d.now));
  d.KnowsTheEnd(Members::kFirstEvaluator);
  EXPECT_TRUE(d.core.EveryoneKnowsTheEnd(absl::Seconds(10), d.now));
}

TEST(FederationCoreRecovery, MemberNotYetBack_IsWaitedForAtTheEnd) {
  CoreDriver first(kRules);
  first.JoinAll(3);
  first.Join("eve", true);
  for (uint32_t round = 1; round <= 3; ++round) {
    for (uint32_t c = 0; c < 3; ++c) first.Submit(c, round, first.Words(c, round));
  }
  CoreDriver d = Restart(first.store);
  for (uint32_t c = 0; c < 3; ++c) d.Submit(c, 4, d.Words(c, 4));
  for (uint32_t c = 0; c < 3; ++c) d.KnowsTheEnd(c);
  const absl::Duration grace = absl::Seconds(10);
  EXPECT_FALSE(d.core.EveryoneKnowsTheEnd(grace, d.now));
  EXPECT_TRUE(d.core.EveryoneKnowsTheEnd(grace, d.now + grace));
  d.KnowsTheEnd(Members::kFirstEvaluator);
  EXPECT_TRUE(d.core.EveryoneKnowsTheEnd(grace, d.now));
}

TEST(FederationCoreRecovery, DamagedContents_DataLoss) {
  const auto code = [](Recovered recovered) {
    return FederationCore::Create(kRules, TestId(), TestKey(),
                                  *Model::Create(SmallSpec(), TestKey()), std::move(recovered),
                                  absl::ZeroDuration())
        .status()
        .code();
  };
  Recovered unknown_client;
  unknown_client.open_updates.push_back({1, 0, 10, 0, 0, std::string(32, '\0')});
  EXPECT_EQ(code(unknown_client), absl::StatusCode::kDataLoss);
  Recovered bad_words;
  bad_words.clients.push_back({0, "c0", false});
  bad_words.open_updates.push_back({1, 0, 10, 0, 0, std::string("x")});
  EXPECT_EQ(code(bad_words), absl::StatusCode::kDataLoss);
  Recovered gap;
  gap.recent_rounds.push_back(RoundRecord{.round = 7});
  EXPECT_EQ(code(gap), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace seedfed
