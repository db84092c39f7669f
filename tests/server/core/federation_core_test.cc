#include "server/core/federation_core.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include "common/model/plan.h"
#include "tests/server/core/core_fixture.h"

namespace seedfed {
namespace {

using ::testing::HasSubstr;

constexpr RoundRules kThree = {.rounds = 5,
                               .goal = 3,
                               .quorum = 2,
                               .min_clients = 2,
                               .deadline = absl::Seconds(60),
                               .poll = absl::Seconds(20),
                               .example_cap = 1000};

std::string Message(const absl::Status& status) { return std::string(status.message()); }

TEST(FederationCore, GoalReached_RoundClosesAndEveryoneIsAnswered) {
  CoreDriver d(kThree);
  d.JoinAll(3);
  const CallId waiting = d.Await(0, 0);
  for (uint32_t c = 0; c < 3; ++c) {
    EXPECT_EQ(d.core.round(), 0U);
    EXPECT_FALSE(d.Answered(waiting));
    const CallId submit = d.Submit(c, 1, d.Words(c, 1));
    EXPECT_FALSE(d.Get<SubmitReply>(submit).late);
  }
  EXPECT_EQ(d.core.round(), 1U);
  const auto reply = d.Get<AwaitReply>(waiting);
  EXPECT_EQ(reply.round, 1U);
  ASSERT_EQ(reply.results.size(), 1U);
  EXPECT_EQ(reply.results[0]->updates, 3U);
  EXPECT_EQ(reply.results[0]->examples, 300U);
  EXPECT_EQ(reply.results[0]->bytes_up, 150U);
  EXPECT_EQ(reply.results[0]->fingerprint, d.core.model().fingerprint());
  EXPECT_EQ(reply.results[0]->base_checksum, d.core.model().BaseChecksum());
}

TEST(FederationCore, ClientThatAppliesTheWords_HasTheServersModel) {
  CoreDriver d(kThree);
  d.JoinAll(3);
  Model client = *Model::Create(SmallSpec(), TestKey());
  for (uint32_t round = 1; round <= 3; ++round) {
    for (uint32_t c = 0; c < 3; ++c) d.Submit(c, round, d.Words(c, round));
    const auto reply = d.Get<AwaitReply>(d.Await(0, round - 1));
    ASSERT_EQ(reply.results.size(), 1U);
    ASSERT_TRUE(client.Apply(round, reply.results[0]->words).ok());
    EXPECT_EQ(client.fingerprint(), reply.results[0]->fingerprint);
    EXPECT_EQ(client.BaseChecksum(), reply.results[0]->base_checksum);
  }
}

TEST(FederationCore, AnyOrderOfArrival_SameFingerprint) {
  std::vector<uint32_t> order = {0, 1, 2};
  std::vector<Digest256> fingerprints;
  do {
    CoreDriver d(kThree);
    d.JoinAll(3);
    for (const uint32_t c : order) d.Submit(c, 1, d.Words(c, 1), 100 + c);
    fingerprints.push_back(d.core.model().fingerprint());
  } while (std::next_permutation(order.begin(), order.end()));
  ASSERT_EQ(fingerprints.size(), 6U);
  for (const Digest256& fingerprint : fingerprints) EXPECT_EQ(fingerprint, fingerprints[0]);
}

TEST(FederationCore, Weights_FollowExamplesUpToTheCap) {
  const auto fingerprint = [](uint32_t examples) {
    CoreDriver d(kThree);
    d.JoinAll(3);
    d.Submit(0, 1, d.Words(0, 1), examples);
    d.Submit(1, 1, d.Words(1, 1), 10);
    d.Submit(2, 1, d.Words(2, 1), 10);
    return d.core.model().fingerprint();
  };
  EXPECT_NE(fingerprint(10), fingerprint(300));
  EXPECT_NE(fingerprint(300), fingerprint(1000));
  EXPECT_EQ(fingerprint(1000), fingerprint(5000));
}

TEST(FederationCore, QuorumAtTheDeadline_Closes) {
  CoreDriver d(kThree);
  d.JoinAll(3);
  d.Submit(0, 1, d.Words(0, 1));
  d.Submit(1, 1, d.Words(1, 1));
  d.Wait(absl::Seconds(59));
  EXPECT_EQ(d.core.round(), 0U);
  d.Wait(absl::Seconds(1));
  EXPECT_EQ(d.core.round(), 1U);
}

TEST(FederationCore, NoQuorumAtTheDeadline_WaitsLongerWhileClientsLive) {
  CoreDriver d(kThree);
  d.JoinAll(3);
  d.Submit(0, 1, d.Words(0, 1));
  d.Wait(absl::Seconds(30));
  d.Await(0, 0);
  d.Await(1, 0);
  d.Wait(absl::Seconds(30));
  EXPECT_EQ(d.core.round(), 0U);
  EXPECT_EQ(d.core.state(), FederationState::kCollecting);
  EXPECT_THAT(d.log.back(), HasSubstr("1 of 2 updates at its deadline; waiting 1m more"));
  d.Submit(1, 1, d.Words(1, 1));
  d.Wait(absl::Seconds(60));
  EXPECT_EQ(d.core.round(), 1U);
}

TEST(FederationCore, TooFewLiveClientsAtTheDeadline_PausesAndResumes) {
  CoreDriver d(kThree);
  d.JoinAll(3);
  d.Submit(0, 1, d.Words(0, 1));
  d.Wait(absl::Seconds(30));
  d.Await(0, 0);
  d.Wait(absl::Seconds(90));
  EXPECT_EQ(d.core.state(), FederationState::kPaused);
  EXPECT_THAT(d.log.back(), HasSubstr("paused until 2 clients are here"));
  d.Await(0, 0);
  d.Wait(absl::Seconds(100));
  EXPECT_EQ(d.core.state(), FederationState::kPaused);
  d.Await(0, 0);
  d.Await(1, 0);
  EXPECT_EQ(d.core.state(), FederationState::kCollecting);
}

TEST(FederationCore, Start_PausedUntilEnoughTrainersJoined) {
  CoreDriver d(kThree);
  EXPECT_EQ(d.core.state(), FederationState::kPaused);
  d.Join("c0");
  d.Join("e0", true);
  EXPECT_EQ(d.core.state(), FederationState::kPaused);
  d.Join("c1");
  EXPECT_EQ(d.core.state(), FederationState::kCollecting);
}

TEST(FederationCore, PausedRound_StillTakesUpdatesAndClosesAtTheGoal) {
  RoundRules rules = kThree;
  rules.goal = rules.quorum = 1;
  rules.min_clients = 2;
  CoreDriver d(rules);
  d.Join("c0");
  EXPECT_EQ(d.core.state(), FederationState::kPaused);
  d.Submit(0, 1, d.Words(0, 1));
  EXPECT_EQ(d.core.round(), 1U);
}

TEST(FederationCore, UpdateForAClosedRound_AnsweredLate) {
  CoreDriver d(kThree);
  d.JoinAll(4);
  for (uint32_t c = 0; c < 3; ++c) d.Submit(c, 1, d.Words(c, 1));
  const Digest256 before = d.core.model().fingerprint();
  const auto reply = d.Get<SubmitReply>(d.Submit(3, 1, d.Words(3, 1)));
  EXPECT_TRUE(reply.late);
  EXPECT_EQ(reply.round, 1U);
  EXPECT_EQ(d.core.model().fingerprint(), before);
}

TEST(FederationCore, SameUpdateAgain_AcknowledgedAndCountedOnce) {
  CoreDriver d(kThree);
  d.JoinAll(3);
  d.Submit(0, 1, d.Words(0, 1));
  EXPECT_FALSE(d.Get<SubmitReply>(d.Submit(0, 1, d.Words(0, 1))).late);
  EXPECT_FALSE(d.Get<SubmitReply>(d.Submit(0, 1, d.Words(0, 1))).late);
  EXPECT_EQ(d.core.round(), 0U);
  d.Submit(1, 1, d.Words(1, 1));
  d.Submit(2, 1, d.Words(2, 1));
  EXPECT_EQ(d.Get<AwaitReply>(d.Await(0, 0)).results[0]->updates, 3U);
}

TEST(FederationCore, OtherContentForTheSameRound_RefusedAndTheFirstStands) {
  CoreDriver d(kThree);
  d.JoinAll(3);
  d.Submit(0, 1, d.Words(0, 1));
  const auto status = d.Get<absl::Status>(d.Submit(0, 1, d.Words(0, 1, 7)));
  EXPECT_EQ(status.code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(Message(status), "client c0 has already sent another update for round 1");
  EXPECT_EQ(d.core.refusals().of(RefusalReason::kOtherContent), 1U);
  EXPECT_EQ(d.core.refusals().sum(), 1U);
  d.Submit(1, 1, d.Words(1, 1));
  d.Submit(2, 1, d.Words(2, 1));
  EXPECT_EQ(d.core.round(), 1U);
}

TEST(FederationCore, BadUpdates_RefusedWithTheReasonAndTheRoundGoesOn) {
  CoreDriver d(kThree);
  d.JoinAll(3);
  d.Join("e", true);
  const auto refusal = [&d](CallId call) { return Message(d.Get<absl::Status>(call)); };
  EXPECT_EQ(refusal(d.Submit(0, 1, "short")),
            "the update has 5 bytes; the model's ensemble update has 32");
  EXPECT_EQ(refusal(d.Submit(0, 2, d.Words(0, 2))),
            "the update is for round 2; the open round is 1; join again");
  EXPECT_EQ(refusal(d.Submit(0, 1, d.Words(0, 1), 0)),
            "the update has 0 examples; expected at least 1");
  EXPECT_EQ(refusal(d.Submit(0, 1, d.Words(0, 1), 1, std::numeric_limits<float>::quiet_NaN())),
            "the update's loss is nan; expected a finite number");
  EXPECT_EQ(refusal(d.Submit(9, 1, d.Words(9, 1))),
            "client number 9 is not known here; join again");
  EXPECT_EQ(refusal(d.Submit(Members::kFirstEvaluator, 1, d.Words(1, 1))),
            "client e is an evaluator; only trainers submit updates");
  d.federation = Blake2b128("another");
  EXPECT_THAT(refusal(d.Submit(0, 1, d.Words(0, 1))), HasSubstr("this server runs federation"));
  EXPECT_EQ(d.core.refusals().sum(), 7U);
  for (const RefusalReason reason :
       {RefusalReason::kWords, RefusalReason::kWrongRound, RefusalReason::kNoExamples,
        RefusalReason::kLoss, RefusalReason::kUnknownClient, RefusalReason::kEvaluator,
        RefusalReason::kWrongFederation}) {
    EXPECT_EQ(d.core.refusals().of(reason), 1U) << RefusalReasonName(reason);
  }
  EXPECT_EQ(d.Get<absl::Status>(d.Await(0, 0)).code(), absl::StatusCode::kFailedPrecondition);
  d.federation = TestId();
  for (uint32_t c = 0; c < 3; ++c) d.Submit(c, 1, d.Words(c, 1));
  EXPECT_EQ(d.core.round(), 1U);
}

TEST(FederationCore, UpdateOfOneWhoDoesNotTakePart_Refused) {
  RoundRules rules = kThree;
  rules.participation = 0.5;
  rules.goal = rules.quorum = 20;
  CoreDriver d(rules);
  d.JoinAll(20);
  const PhiloxKey cohort = TestKey().SubKey(Purpose::kCohort);
  int refused = 0, accepted = 0;
  for (uint32_t c = 0; c < 20; ++c) {
    const CallId call = d.Submit(c, 1, d.Words(c, 1));
    if (TakesPart(cohort, 0.5, 1, c)) {
      EXPECT_FALSE(d.Get<SubmitReply>(call).late);
      ++accepted;
    } else {
      EXPECT_EQ(Message(d.Get<absl::Status>(call)),
                "client c" + std::to_string(c) + " does not take part in round 1");
      ++refused;
    }
  }
  EXPECT_GT(refused, 0);
  EXPECT_GT(accepted, 0);
}

TEST(FederationCore, Await_HeldUntilThePollTimeIsOver) {
  CoreDriver d(kThree);
  d.JoinAll(2);
  const CallId first = d.Await(0, 0);
  d.Wait(absl::Seconds(5));
  const CallId second = d.Await(1, 0);
  d.Wait(absl::Seconds(15));
  EXPECT_TRUE(d.Get<AwaitReply>(first).results.empty());
  EXPECT_FALSE(d.Answered(second));
  d.Wait(absl::Seconds(5));
  EXPECT_TRUE(d.Answered(second));
}

TEST(FederationCore, AwaitAheadOfTheServer_ToldToJoinAgain) {
  CoreDriver d(kThree);
  d.JoinAll(2);
  const auto status = d.Get<absl::Status>(d.Await(0, 4));
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(Message(status), "round 4 is not known here: the last complete round is 0; join again");
}

TEST(FederationCore, CancelledAwait_IsForgotten) {
  CoreDriver d(kThree);
  d.JoinAll(3);
  const CallId waiting = d.Await(0, 0);
  d.Take(d.core.Cancelled(waiting));
  for (uint32_t c = 0; c < 3; ++c) d.Submit(c, 1, d.Words(c, 1));
  EXPECT_FALSE(d.Answered(waiting));
}

TEST(FederationCore, LateJoiner_GetsHistoryOrASnapshotWhicheverIsFewerBytes) {
  RoundRules rules = kThree;
  rules.rounds = 0;
  CoreDriver d(rules);
  d.JoinAll(3);
  const size_t snapshot = d.core.model().snapshot_bytes(), words = SmallSpec().update_bytes();
  const auto fits = static_cast<uint32_t>(snapshot / words);
  for (uint32_t round = 1; round <= fits + 1; ++round) {
    for (uint32_t c = 0; c < 3; ++c) d.Submit(c, round, d.Words(c, round));
  }
  d.Join("late");
  d.Join("e", true);
  EXPECT_TRUE(d.Get<AwaitReply>(d.Await(3, 0)).snapshot);
  const auto history = d.Get<AwaitReply>(d.Await(3, 1));
  EXPECT_FALSE(history.snapshot);
  EXPECT_EQ(history.results.size(), fits);
  const auto evaluator = d.Get<AwaitReply>(d.Await(Members::kFirstEvaluator, 0));
  EXPECT_EQ(evaluator.results.size(), fits + 1);
  EXPECT_TRUE(evaluator.with_stats);

  const auto bytes = d.Get<SnapshotReply>(d.Snapshot(3)).bytes;
  const auto model = Model::FromSnapshot(*bytes, SmallSpec(), TestKey());
  ASSERT_TRUE(model.ok());
  EXPECT_EQ(model->fingerprint(), d.core.model().fingerprint());
}

TEST(FederationCore, LastRound_FinishesAndTellsEveryone) {
  RoundRules rules = kThree;
  rules.rounds = 1;
  CoreDriver d(rules);
  d.JoinAll(3);
  const CallId waiting = d.Await(0, 0);
  for (uint32_t c = 0; c < 3; ++c) d.Submit(c, 1, d.Words(c, 1));
  EXPECT_EQ(d.core.state(), FederationState::kFinished);
  EXPECT_EQ(d.Get<AwaitReply>(waiting).state, FederationState::kFinished);
  EXPECT_FALSE(d.core.EveryoneKnowsTheEnd(absl::Seconds(10), d.now));
  EXPECT_EQ(d.Get<AwaitReply>(d.Await(1, 1)).state, FederationState::kFinished);
  d.Await(2, 1);
  EXPECT_FALSE(d.core.EveryoneKnowsTheEnd(absl::Seconds(10), d.now)) << "answers may be lost";
  for (uint32_t c = 0; c < 3; ++c) {
    EXPECT_FALSE(d.core.EveryoneKnowsTheEnd(absl::Seconds(10), d.now));
    const auto reply = d.Get<AwaitReply>(d.KnowsTheEnd(c));
    EXPECT_EQ(reply.state, FederationState::kFinished);
    EXPECT_EQ(reply.round, 1U);
    EXPECT_TRUE(reply.results.empty());
  }
  EXPECT_TRUE(d.core.EveryoneKnowsTheEnd(absl::Seconds(10), d.now));
  EXPECT_TRUE(d.Get<SubmitReply>(d.Submit(0, 2, d.Words(0, 2))).late);
  EXPECT_EQ(d.core.WakeTime(), absl::InfiniteDuration());
}

TEST(FederationCore, ClientThatWasToldTheEndAndComesBack_IsWaitedForAgain) {
  RoundRules rules = kThree;
  rules.rounds = 1;
  CoreDriver d(rules);
  d.JoinAll(3);
  for (uint32_t c = 0; c < 3; ++c) d.Submit(c, 1, d.Words(c, 1));
  for (uint32_t c = 0; c < 3; ++c) d.KnowsTheEnd(c);
  d.Join("c1");
  EXPECT_FALSE(d.core.EveryoneKnowsTheEnd(absl::Seconds(10), d.now));
  d.KnowsTheEnd(1);
  EXPECT_TRUE(d.core.EveryoneKnowsTheEnd(absl::Seconds(10), d.now));
}

TEST(FederationCore, EndConfirmedBeforeIt_ChangesNothing) {
  RoundRules rules = kThree;
  rules.rounds = 1;
  CoreDriver d(rules);
  d.JoinAll(3);
  for (uint32_t c = 0; c < 3; ++c) {
    EXPECT_EQ(d.Get<AwaitReply>(d.KnowsTheEnd(c)).state, FederationState::kCollecting);
  }
  for (uint32_t c = 0; c < 3; ++c) d.Submit(c, 1, d.Words(c, 1));
  EXPECT_EQ(d.core.state(), FederationState::kFinished);
  EXPECT_FALSE(d.core.EveryoneKnowsTheEnd(absl::Seconds(10), d.now));
}

TEST(FederationCore, ClientHeardOfBeforeAShortDeadline_IsWaitedForAtTheEnd) {
  RoundRules rules = kThree;
  rules.rounds = 1;
  rules.deadline = absl::Seconds(1);
  rules.goal = rules.quorum = 2;
  rules.min_clients = 1;
  CoreDriver d(rules);
  d.JoinAll(3);
  d.Wait(absl::Seconds(5));
  for (uint32_t c = 0; c < 2; ++c) d.Submit(c, 1, d.Words(c, 1));
  for (uint32_t c = 0; c < 2; ++c) d.KnowsTheEnd(c);
  EXPECT_FALSE(d.core.EveryoneKnowsTheEnd(absl::Seconds(10), d.now)) << "c2 may come back";
  EXPECT_TRUE(d.core.EveryoneKnowsTheEnd(absl::Seconds(10), d.now + absl::Seconds(6)));
}

TEST(FederationCore, ClientThatNeverAsksForTheEnd_IsWaitedForOnlyTheGrace) {
  RoundRules rules = kThree;
  rules.rounds = 1;
  CoreDriver d(rules);
  d.JoinAll(3);
  for (uint32_t c = 0; c < 3; ++c) d.Submit(c, 1, d.Words(c, 1));
  d.Await(0, 0);
  EXPECT_FALSE(d.core.EveryoneKnowsTheEnd(absl::Seconds(10), d.now + absl::Seconds(9)));
  EXPECT_TRUE(d.core.EveryoneKnowsTheEnd(absl::Seconds(10), d.now + absl::Seconds(10)));
}

TEST(FederationCore, ContradictingRules_Refused) {
  const auto refusal = [](RoundRules rules) {
    return Message(FederationCore::Create(rules, TestId(), TestKey(),
                                          *Model::Create(SmallSpec(), TestKey()), {},
                                          absl::ZeroDuration())
                       .status());
  };
  RoundRules rules = kThree;
  rules.quorum = 4;
  EXPECT_EQ(refusal(rules), "quorum is 4; expected 1 to the goal of 3");
  rules = kThree;
  rules.example_cap = 1U << 31;
  EXPECT_EQ(refusal(rules), "example cap is 2147483648; expected 1 to 2^32 / goal = 1431655765");
  rules = kThree;
  rules.goal = 0;
  EXPECT_EQ(refusal(rules), "the goal is 0 updates; expected at least 1");
}

}  // namespace
}  // namespace seedfed
