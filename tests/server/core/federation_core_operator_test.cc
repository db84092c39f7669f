// Evaluators' reports, and what the operator asks for.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <string>
#include <variant>
#include <vector>

#include "server/core/federation_core.h"
#include "tests/server/core/core_fixture.h"

namespace seedfed {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr RoundRules kRules = {.rounds = 10,
                               .goal = 2,
                               .quorum = 1,
                               .min_clients = 1,
                               .deadline = absl::Seconds(60),
                               .example_cap = 1000};
constexpr uint32_t kEve = Members::kFirstEvaluator;

std::string Message(const absl::Status& status) { return std::string(status.message()); }

class OperatorTest : public testing::Test {
 protected:
  OperatorTest() : d(kRules) {
    d.JoinAll(2);
    d.Join("eve", true);
  }

  void Round(uint32_t round) {
    for (uint32_t c = 0; c < 2; ++c) d.Submit(c, round, d.Words(c, round));
  }

  // What a restarted server finds.
  CoreDriver Restarted() const {
    Recovered recovered;
    Model model = *Model::Create(SmallSpec(), TestKey());
    for (const Write& write : d.store) {
      if (const auto* client = std::get_if<ClientRecord>(&write)) {
        recovered.clients.push_back(*client);
      } else if (const auto* update = std::get_if<UpdateRecord>(&write)) {
        recovered.open_updates.push_back(*update);
      } else if (const auto* round = std::get_if<RoundRecord>(&write)) {
        EXPECT_TRUE(model.Apply(round->round, round->words).ok());
        recovered.recent_rounds.push_back(*round);
        recovered.open_updates.clear();
      } else if (const auto* evaluation = std::get_if<EvaluationRecord>(&write)) {
        recovered.reported_rounds[evaluation->client] = evaluation->round;
      } else if (const auto* control = std::get_if<ControlRecord>(&write)) {
        recovered.control = *control;
      }
    }
    return CoreDriver(kRules, std::move(recovered), std::move(model));
  }

  std::vector<EventKind> Kinds() const {
    std::vector<EventKind> kinds;
    for (const Event& event : d.events) kinds.push_back(event.kind);
    return kinds;
  }

  CoreDriver d;
};

TEST_F(OperatorTest, Pause_NoRoundEndsAndUpdatesAreStillTaken) {
  EXPECT_EQ(d.Get<DoneReply>(d.Pause()).round, 0U);
  EXPECT_EQ(d.core.progress(d.now).state, "held");
  EXPECT_FALSE(d.core.progress(d.now).until_deadline.has_value());
  Round(1);
  d.Wait(absl::Hours(10));
  EXPECT_EQ(d.core.round(), 0U);
  EXPECT_EQ(d.core.progress(d.now).updates, 2U);
  EXPECT_EQ(d.core.state(), FederationState::kPaused);
  EXPECT_EQ(d.core.WakeTime(), absl::InfiniteDuration());
}

TEST_F(OperatorTest, Resume_ARoundThatIsFullEndsAtOnce) {
  d.Pause();
  Round(1);
  d.Resume();
  EXPECT_EQ(d.core.round(), 1U);
  EXPECT_EQ(d.core.progress(d.now).state, "collecting");
  Round(2);
  EXPECT_EQ(d.core.round(), 2U);
}

TEST_F(OperatorTest, Resume_WithoutClientsWaitsForThem) {
  d.Pause();
  d.Wait(absl::Hours(1));
  d.Resume();
  EXPECT_EQ(d.core.progress(d.now).state, "waiting");
  d.Await(0, 0);
  EXPECT_EQ(d.core.progress(d.now).state, "collecting");
}

TEST_F(OperatorTest, Resume_InForceOnlyWhenDurable) {
  d.Pause();
  Round(1);
  d.hold = true;
  const CallId resume = d.Resume();
  EXPECT_FALSE(d.Answered(resume));
  EXPECT_EQ(d.core.progress(d.now).state, "held");
  d.hold = false;
  d.Flush();
  EXPECT_TRUE(d.Answered(resume));
  EXPECT_EQ(d.core.round(), 1U);
}

TEST_F(OperatorTest, Pause_WhileARoundIsBeingPublishedHoldsTheNextOne) {
  d.hold = true;
  Round(1);
  d.MakeOneDurable();
  d.MakeOneDurable();
  EXPECT_EQ(d.core.progress(d.now).state, "publishing");
  const CallId pause = d.Pause();
  EXPECT_FALSE(d.Answered(pause));
  d.Flush();
  EXPECT_TRUE(d.Answered(pause));
  EXPECT_EQ(d.core.round(), 1U);
  EXPECT_EQ(d.core.progress(d.now).state, "held");
}

TEST_F(OperatorTest, PauseTwice_StoredOnceAndBothAnsweredWhenDurable) {
  d.hold = true;
  const size_t before = d.store.size();
  const CallId first = d.Pause(), second = d.Pause();
  EXPECT_EQ(d.store.size(), before + 1);
  EXPECT_FALSE(d.Answered(second));
  d.Flush();
  EXPECT_TRUE(d.Answered(first));
  EXPECT_TRUE(d.Answered(second));
  EXPECT_TRUE(d.Answered(d.Pause()));
}

TEST_F(OperatorTest, PauseThenResumeBeforeEitherIsDurable_EndsResumed) {
  d.hold = true;
  d.Pause();
  d.Resume();
  d.Flush();
  d.hold = false;
  Round(1);
  EXPECT_EQ(d.core.round(), 1U);
}

TEST_F(OperatorTest, PauseAgainAfterAResume_AnsweredWhenTheLastWishIsDurable) {
  d.hold = true;
  d.Pause();
  d.Resume();
  d.Pause();
  const CallId again = d.Pause();
  d.MakeOneDurable();
  d.MakeOneDurable();
  EXPECT_FALSE(d.Answered(again));
  d.MakeOneDurable();
  EXPECT_TRUE(d.Answered(again));
  EXPECT_EQ(d.core.progress(d.now).state, "held");
}

TEST_F(OperatorTest, PauseThenFinish_NoRoundEndsInBetween) {
  d.hold = true;
  const CallId pause = d.Pause();
  Round(1);
  d.Finish();
  for (int i = 0; i < 3; ++i) d.MakeOneDurable();
  EXPECT_TRUE(d.Answered(pause));
  EXPECT_EQ(d.core.progress(d.now).state, "held");
  d.Flush();
  EXPECT_EQ(d.core.state(), FederationState::kFinished);
  EXPECT_EQ(d.core.round(), 0U);
}

TEST_F(OperatorTest, ResumeThenPauseThenFinish_TheResumeLiftsNothing) {
  d.Pause();
  d.hold = true;
  Round(1);
  d.Resume();
  d.Pause();
  d.Finish();
  for (int i = 0; i < 3; ++i) d.MakeOneDurable();
  EXPECT_EQ(d.core.progress(d.now).state, "held");
  d.Flush();
  EXPECT_EQ(d.core.state(), FederationState::kFinished);
  EXPECT_EQ(d.core.round(), 0U);
}

TEST_F(OperatorTest, Restart_StaysHeldUntilResumed) {
  Round(1);
  d.Pause();
  Round(2);
  CoreDriver after = Restarted();
  after.Await(0, 1);
  EXPECT_EQ(after.core.progress(after.now).state, "held");
  EXPECT_EQ(after.core.progress(after.now).updates, 2U);
  after.Resume();
  EXPECT_EQ(after.core.round(), 2U);
  d.Resume();
  EXPECT_EQ(after.core.fingerprint(), d.core.fingerprint());
}

TEST_F(OperatorTest, Finish_ClientsAreToldAndTheOpenRoundDoesNotCount) {
  Round(1);
  const CallId waiting = d.Await(0, 1);
  d.Submit(1, 2, d.Words(1, 2));
  EXPECT_EQ(d.Get<DoneReply>(d.Finish()).round, 1U);
  EXPECT_EQ(d.Get<AwaitReply>(waiting).state, FederationState::kFinished);
  EXPECT_EQ(d.core.progress(d.now).state, "finished");
  EXPECT_TRUE(d.Get<SubmitReply>(d.Submit(0, 2, d.Words(0, 2))).late);
  EXPECT_THAT(d.log.back(), HasSubstr("is too late to count"));
  EXPECT_EQ(Restarted().core.state(), FederationState::kFinished);
}

TEST_F(OperatorTest, Finish_WhileARoundIsBeingPublishedEndsAfterIt) {
  d.hold = true;
  Round(1);
  d.MakeOneDurable();
  d.MakeOneDurable();
  const CallId finish = d.Finish();
  d.MakeOneDurable();  // the round
  EXPECT_EQ(d.core.state(), FederationState::kCollecting) << "the wish is not durable yet";
  d.Flush();
  EXPECT_EQ(d.Get<DoneReply>(finish).round, 1U);
  EXPECT_EQ(d.core.state(), FederationState::kFinished);
}

TEST_F(OperatorTest, Finish_OfAHeldFederationEndsIt) {
  d.Pause();
  d.Finish();
  EXPECT_EQ(d.core.progress(d.now).state, "finished");
  EXPECT_EQ(Message(d.Get<absl::Status>(d.Pause())), "the federation is finished after round 0");
  EXPECT_EQ(d.Get<absl::Status>(d.Resume()).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(d.Get<DoneReply>(d.Finish()).round, 0U);
}

TEST_F(OperatorTest, Report_AnsweredWhenDurableAndTold) {
  Round(1);
  d.hold = true;
  const CallId report = d.Report(kEve, 1, 0.75, 0.5, 10000);
  EXPECT_FALSE(d.Answered(report));
  EXPECT_THAT(Kinds(), testing::Not(testing::Contains(EventKind::kEvaluated)));
  d.Flush();
  EXPECT_EQ(d.Get<DoneReply>(report).round, 1U);
  EXPECT_THAT(d.log.back(),
              "round 1: accuracy 0.7500, loss 0.5000 on 10000 examples of client eve");
  const auto& record = std::get<EvaluationRecord>(d.store.back());
  EXPECT_EQ(record, (EvaluationRecord{1, kEve, 0.75, 0.5, 10000}));
}

TEST_F(OperatorTest, Report_OfARoundReportedBeforeIsAnsweredAndNotStored) {
  Round(1);
  Round(2);
  d.Report(kEve, 2, 0.5);
  const size_t stored = d.store.size();
  EXPECT_TRUE(d.Answered(d.Report(kEve, 2, 0.9)));
  EXPECT_TRUE(d.Answered(d.Report(kEve, 1, 0.9)));
  CoreDriver after = Restarted();
  EXPECT_TRUE(after.Answered(after.Report(kEve, 2, 0.9)));
  EXPECT_EQ(d.store.size(), stored);
  EXPECT_TRUE(after.store.empty());
}

TEST_F(OperatorTest, Report_BadOnesAreRefusedWithTheReason) {
  Round(1);
  const auto refusal = [this](CallId call) { return Message(d.Get<absl::Status>(call)); };
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(refusal(d.Report(0, 1, 0.5)),
            "client c0 is a trainer; only evaluators report evaluations");
  EXPECT_EQ(refusal(d.Report(kEve, 2, 0.5)),
            "the evaluation is of round 2; the last complete round is 1; join again");
  EXPECT_EQ(refusal(d.Report(kEve, 0, 0.5)),
            "the evaluation is of round 0 and 100 examples; expected at least 1 of both");
  EXPECT_EQ(refusal(d.Report(kEve, 1, 0.5, 0.5, 0)),
            "the evaluation is of round 1 and 0 examples; expected at least 1 of both");
  for (const double accuracy : {-0.1, 1.1, kNan}) {
    EXPECT_THAT(refusal(d.Report(kEve, 1, accuracy)), HasSubstr("expected a number from 0 to 1"));
  }
  for (const double loss : {kNan, std::numeric_limits<double>::infinity()}) {
    EXPECT_THAT(refusal(d.Report(kEve, 1, 0.5, loss)), HasSubstr("expected a finite number"));
  }
  EXPECT_THAT(refusal(d.Report(kEve + 5, 1, 0.5)), HasSubstr("is not known here"));
}

TEST_F(OperatorTest, Events_OfARoundInTheirOrder) {
  d.events.clear();
  Round(1);
  d.Submit(0, 1, d.Words(0, 1));
  EXPECT_THAT(Kinds(), ElementsAre(EventKind::kUpdateAccepted, EventKind::kUpdateAccepted,
                                   EventKind::kRoundComplete, EventKind::kRoundOpened,
                                   EventKind::kUpdateLate));
  const auto& details = std::get<RoundDetails>(d.events[2].details);
  EXPECT_EQ(details.record->updates, 2U);
  EXPECT_EQ(d.events[0].client->id, "c0");
  EXPECT_EQ(std::get<UpdateDetails>(d.events[0].details).examples, 100U);
}

}  // namespace
}  // namespace seedfed
