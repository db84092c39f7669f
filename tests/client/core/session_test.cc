#include "client/core/session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/common/model/example_models.h"

namespace seedfed {
namespace {

using ::testing::HasSubstr;

class HalfRandom final : public RandomSource {
 public:
  void Fill(std::span<uint8_t> out) override {
    const uint64_t half = uint64_t{1} << 63;
    std::memcpy(out.data(), &half, out.size());
  }
};

std::string Name(const SessionAction& action) {
  struct Visitor {
    std::string operator()(const action::Join&) { return "join"; }
    std::string operator()(const action::Prepare&) { return "prepare"; }
    std::string operator()(const action::Await& a) { return absl::StrCat("await ", a.have_round); }
    std::string operator()(const action::Train& a) { return absl::StrCat("train ", a.round); }
    std::string operator()(const action::Submit&) { return "submit"; }
    std::string operator()(const action::FetchSnapshot&) { return "snapshot"; }
    std::string operator()(const action::Sleep& a) {
      return absl::StrCat("sleep ", absl::FormatDuration(a.duration));
    }
    std::string operator()(const action::Evaluate& a) { return absl::StrCat("evaluate ", a.round); }
    std::string operator()(const action::Report&) { return "report"; }
    std::string operator()(const action::ConfirmEnd&) { return "confirm end"; }
    std::string operator()(const action::Finish& a) {
      return absl::StrCat("finish ", a.exit_status);
    }
  };
  return std::visit(Visitor{}, action);
}

// A session and the server it talks to, which is a model and the rounds that led to it.
class SessionTest : public ::testing::Test {
 protected:
  SessionTest() { Restart(ClientRole::kTrain); }

  void Restart(ClientRole role, absl::Duration give_up = absl::ZeroDuration()) {
    session_ = std::make_unique<Session>(SessionOptions{role, "server:7733", give_up}, random_);
    EXPECT_EQ(Take(session_->Start()), "join");
  }

  // The server closes `n` more rounds.
  void CloseRounds(uint32_t n) {
    for (uint32_t i = 0; i < n; ++i) {
      const uint32_t round = server_.round() + 1;
      std::string words = ExampleWords(server_, round);
      ASSERT_TRUE(server_.Apply(round, words).ok());
      rounds_.push_back({round, std::move(words), server_.fingerprint(), server_.BaseChecksum(),
                         RoundSummary{2, 10, 0.5, 1000, absl::Seconds(3)}});
    }
  }

  Membership Terms() const {
    Membership membership;
    membership.federation_id = std::string(16, 'f');
    membership.key = ExampleKey();
    membership.client_number = 3;
    membership.model = ExampleEnsemble();
    membership.plan.learning_rate = {0.1, 0.1};
    membership.round = server_.round();
    membership.phase = phase_;
    membership.poll = absl::Seconds(20);
    return membership;
  }

  AwaitAnswer Answer(uint32_t have) const {
    return {server_.round(), phase_, {rounds_.begin() + have, rounds_.end()}, false};
  }

  // Events; each gives the name of the action that follows.
  std::string Joined(Membership membership) { return Give(event::Joined{std::move(membership)}); }
  std::string Prepared() { return Give(event::Prepared{}); }
  std::string Awaited(AwaitAnswer answer) { return Give(event::Awaited{std::move(answer), now_}); }
  std::string Trained(uint32_t round) {
    return Give(event::Trained{{round, ExampleWords(server_, round), 5, 0.25f}});
  }
  std::string Submitted(SubmitOutcome outcome) {
    return Give(event::Submitted{{outcome, server_.round()}});
  }
  // Measures the round that the action Evaluate named.
  std::string Evaluated() {
    const uint32_t round = std::get<action::Evaluate>(action_).round;
    return Give(event::Evaluated{{round, 0.75, 0.5, 40}});
  }
  std::string EndConfirmed() { return Give(event::EndConfirmed{}); }
  std::string Reported() { return Give(event::Reported{}); }
  std::string Fail(absl::Status status) { return Give(event::CallFailed{std::move(status), now_}); }
  std::string Woke() { return Give(event::Woke{}); }
  std::string Give(SessionEvent event) { return Take(session_->Handle(std::move(event))); }

  std::string Take(SessionStep step) {
    notes_ = std::move(step.notes);
    action_ = std::move(step.action);
    return Name(action_);
  }

  std::string Notes() const {
    std::string text;
    for (const SessionNote& note : notes_) {
      constexpr absl::string_view kNames[] = {"info: ", "warning: ", "error: "};
      absl::StrAppend(&text, kNames[static_cast<int>(note.level)], note.text, "\n");
    }
    return text;
  }

  // Until the session has joined and asks for its next action.
  std::string JoinAndPrepare() {
    EXPECT_EQ(Joined(Terms()), "prepare");
    return Prepared();
  }

  // Until an evaluator asks to report the first of `rounds` rounds that came in one answer.
  void EvaluateTheFirstOf(uint32_t rounds) {
    if (server_.round() == 0) CloseRounds(rounds);
    Restart(ClientRole::kEvaluate);
    EXPECT_EQ(JoinAndPrepare(), "await 0");
    EXPECT_EQ(Awaited(Answer(0)), "evaluate 1");
    EXPECT_EQ(Evaluated(), "report");
    EXPECT_EQ(session_->report().round, 1u);
  }

  void ExpectServersModel() {
    EXPECT_EQ(session_->model().round(), server_.round());
    EXPECT_EQ(session_->model().fingerprint(), server_.fingerprint());
    EXPECT_EQ(session_->model().BaseChecksum(), server_.BaseChecksum());
  }

  HalfRandom random_;
  Model server_ = *Model::Create(ExampleEnsemble(), ExampleKey());
  std::vector<RoundWords> rounds_;
  FederationPhase phase_ = FederationPhase::kCollecting;
  absl::Duration now_ = absl::Seconds(100);
  std::unique_ptr<Session> session_;
  std::vector<SessionNote> notes_;
  SessionAction action_;
};

TEST_F(SessionTest, ParticipationBelowOne_TrainsOnlyTheRoundsItTakesPartIn) {
  Membership terms = Terms();
  terms.plan.participation = 0.25;
  const PhiloxKey cohort = ExampleKey().SubKey(Purpose::kCohort);
  EXPECT_EQ(Joined(terms), "prepare");
  std::string next = Prepared();
  int trained = 0;
  for (uint32_t round = 1; round <= 12; ++round) {
    if (TakesPart(cohort, 0.25, round, terms.client_number)) {
      EXPECT_EQ(next, absl::StrCat("train ", round));
      EXPECT_EQ(Trained(round), "submit");
      next = Submitted(SubmitOutcome::kAccepted);
      ++trained;
    }
    EXPECT_EQ(next, absl::StrCat("await ", round - 1));
    CloseRounds(1);
    next = Awaited(Answer(round - 1));
  }
  EXPECT_GT(trained, 0);
  EXPECT_LT(trained, 12);
}

TEST_F(SessionTest, FirstRound_TrainsSubmitsAwaitsAndTrainsAgain) {
  EXPECT_EQ(JoinAndPrepare(), "train 1");
  EXPECT_EQ(Trained(1), "submit");
  EXPECT_EQ(session_->update().round, 1u);
  EXPECT_EQ(session_->update().words, ExampleWords(server_, 1));
  EXPECT_EQ(session_->update().examples, 5u);
  EXPECT_EQ(Submitted(SubmitOutcome::kAccepted), "await 0");
  CloseRounds(1);
  EXPECT_EQ(Awaited(Answer(0)), "train 2");
  ExpectServersModel();
}

TEST_F(SessionTest, Joined_DescribesTheFederation) {
  Joined(Terms());
  EXPECT_EQ(
      Notes(),
      "info: joined federation 66666666 as client 3: model 20-13-5, ensemble words, 48 bytes per "
      "update, 0 rounds complete\n");
}

TEST_F(SessionTest, LateUpdate_AwaitsTheRoundThatClosedWithoutIt) {
  JoinAndPrepare();
  Trained(1);
  CloseRounds(1);
  EXPECT_EQ(Submitted(SubmitOutcome::kLate), "await 0");
  EXPECT_EQ(Awaited(Answer(0)), "train 2");
}

TEST_F(SessionTest, SubmitAnsweredAfterTheRoundClosed_AwaitsBeforeTraining) {
  JoinAndPrepare();
  Trained(1);
  CloseRounds(3);
  EXPECT_EQ(Submitted(SubmitOutcome::kAccepted), "await 0");
  EXPECT_EQ(Awaited(Answer(0)), "train 4");
}

TEST_F(SessionTest, OtherUpdateWasCounted_SaysSoAndGoesOn) {
  JoinAndPrepare();
  Trained(1);
  EXPECT_EQ(Fail(absl::AlreadyExistsError("another update is counted")), "await 0");
  EXPECT_EQ(
      Notes(),
      "warning: server:7733 counted another update of this client for round 1: another update is "
      "counted\n");
  CloseRounds(1);
  EXPECT_EQ(Awaited(Answer(0)), "train 2");
}

TEST_F(SessionTest, PollWithoutNews_PausesThenPollsAgain) {
  JoinAndPrepare();
  Trained(1);
  Submitted(SubmitOutcome::kAccepted);
  EXPECT_EQ(Awaited(Answer(0)), "sleep 50ms");
  EXPECT_EQ(Woke(), "await 0");
}

TEST_F(SessionTest, Paused_TrainsAllTheSame) {
  phase_ = FederationPhase::kPaused;
  EXPECT_EQ(JoinAndPrepare(), "train 1");
  EXPECT_EQ(Trained(1), "submit");
}

TEST_F(SessionTest, LateJoiner_ReplaysTheHistory) {
  CloseRounds(4);
  EXPECT_EQ(JoinAndPrepare(), "await 0");
  AwaitAnswer part = Answer(0);
  part.rounds.resize(3);
  EXPECT_EQ(Awaited(part), "await 3");
  EXPECT_EQ(Awaited(Answer(3)), "train 5");
  ExpectServersModel();
}

TEST_F(SessionTest, LateJoiner_TakesASnapshotWhenTold) {
  CloseRounds(4);
  EXPECT_EQ(JoinAndPrepare(), "await 0");
  EXPECT_EQ(Awaited({4, phase_, {}, true}), "snapshot");
  EXPECT_EQ(Give(event::SnapshotFetched{server_.SaveSnapshot()}), "train 5");
  EXPECT_EQ(Notes(), "info: took the model of round 4 from a snapshot\n");
  ExpectServersModel();
}

TEST_F(SessionTest, SnapshotNewerThanTheAnswer_IsTaken) {
  CloseRounds(4);
  JoinAndPrepare();
  EXPECT_EQ(Awaited({3, phase_, {}, true}), "snapshot");
  EXPECT_EQ(Give(event::SnapshotFetched{server_.SaveSnapshot()}), "train 5");
}

TEST_F(SessionTest, SnapshotNotNewer_Ends) {
  const std::string old = server_.SaveSnapshot();
  CloseRounds(4);
  JoinAndPrepare();
  Awaited({4, phase_, {}, true});
  EXPECT_EQ(Give(event::SnapshotFetched{old}), "finish 1");
  EXPECT_EQ(Notes(), "error: the snapshot of server:7733 is of round 0, expected one after 0\n");
}

TEST_F(SessionTest, SnapshotDamaged_Ends) {
  CloseRounds(4);
  JoinAndPrepare();
  Awaited({4, phase_, {}, true});
  std::string bytes = server_.SaveSnapshot();
  bytes[bytes.size() / 2] ^= 1;
  EXPECT_EQ(Give(event::SnapshotFetched{bytes}), "finish 1");
  EXPECT_EQ(Notes(),
            "error: the snapshot of server:7733 is refused: the snapshot is damaged: its checksum "
            "does not "
            "match\n");
}

TEST_F(SessionTest, CorruptWords_TakesASnapshot) {
  CloseRounds(2);
  JoinAndPrepare();
  AwaitAnswer answer = Answer(0);
  answer.rounds[1].words.pop_back();
  EXPECT_EQ(Awaited(answer), "snapshot");
  EXPECT_THAT(Notes(), HasSubstr("error: the model after round 2 cannot be made: "));
  EXPECT_THAT(Notes(), HasSubstr("; fetching a snapshot\n"));
  EXPECT_EQ(session_->mismatches(), 1u);
  EXPECT_EQ(Give(event::SnapshotFetched{server_.SaveSnapshot()}), "train 3");
  ExpectServersModel();
}

TEST_F(SessionTest, FingerprintDiffers_TakesASnapshotAndGoesOn) {
  CloseRounds(2);
  JoinAndPrepare();
  AwaitAnswer answer = Answer(0);
  std::swap(answer.rounds[0].fingerprint, answer.rounds[1].fingerprint);
  EXPECT_EQ(Awaited(answer), "snapshot");
  EXPECT_EQ(Notes(), absl::StrCat("error: the model after round 1 has fingerprint ",
                                  ToHex(rounds_[0].fingerprint), ", the server's ",
                                  ToHex(rounds_[1].fingerprint), "; fetching a snapshot\n"));
  EXPECT_EQ(Give(event::SnapshotFetched{server_.SaveSnapshot()}), "train 3");
  EXPECT_EQ(session_->mismatches(), 1u);
  ExpectServersModel();
  Trained(3);
  Submitted(SubmitOutcome::kAccepted);
  CloseRounds(1);
  EXPECT_EQ(Awaited(Answer(2)), "train 4");
}

TEST_F(SessionTest, ChecksumDiffers_TakesASnapshot) {
  CloseRounds(1);
  JoinAndPrepare();
  AwaitAnswer answer = Answer(0);
  answer.rounds[0].base_checksum[0] ^= 1;
  EXPECT_EQ(Awaited(answer), "snapshot");
  EXPECT_THAT(Notes(), HasSubstr(absl::StrCat("the model after round 1 has base checksum ",
                                              ToHex(rounds_[0].base_checksum), ", the server's ")));
}

TEST_F(SessionTest, SnapshotDiffersToo_Ends) {
  CloseRounds(1);
  JoinAndPrepare();
  AwaitAnswer answer = Answer(0);
  answer.rounds[0].fingerprint[0] ^= 1;
  Awaited(answer);
  EXPECT_EQ(Give(event::SnapshotFetched{server_.SaveSnapshot()}), "finish 1");
  EXPECT_THAT(
      Notes(),
      HasSubstr("error: the snapshot of server:7733 does not fit the server's own round 1"));
}

TEST_F(SessionTest, RoundAfterASnapshotDiffers_Ends) {
  CloseRounds(2);
  JoinAndPrepare();
  Awaited({2, phase_, {}, true});
  Give(event::SnapshotFetched{server_.SaveSnapshot()});
  Trained(3);
  Submitted(SubmitOutcome::kAccepted);
  CloseRounds(1);
  AwaitAnswer answer = Answer(2);
  answer.rounds[0].fingerprint[0] ^= 1;
  EXPECT_EQ(Awaited(answer), "finish 1");
  EXPECT_THAT(Notes(), HasSubstr("it came from a snapshot, so there is no other"));
}

TEST_F(SessionTest, RoundRepeated_IsMergedOnce) {
  CloseRounds(2);
  JoinAndPrepare();
  AwaitAnswer answer = Answer(0);
  answer.rounds.pop_back();
  EXPECT_EQ(Awaited(answer), "await 1");
  EXPECT_EQ(Awaited(Answer(0)), "train 3");
  ExpectServersModel();
}

TEST_F(SessionTest, GapInTheRounds_TriesAgain) {
  CloseRounds(3);
  JoinAndPrepare();
  AwaitAnswer answer = Answer(0);
  answer.rounds.erase(answer.rounds.begin() + 1);
  EXPECT_EQ(Awaited(answer), "sleep 50ms");
  EXPECT_EQ(Notes(),
            "warning: no good answer from server:7733: it sent round 3 where round 2 was due; "
            "trying again "
            "in 50ms\n");
  EXPECT_EQ(Woke(), "await 0");
  EXPECT_EQ(Awaited(Answer(0)), "train 4");
  EXPECT_THAT(Notes(), HasSubstr("info: server:7733 answers again\n"));
}

TEST_F(SessionTest, RoundsPromisedButNotSent_TriesAgain) {
  CloseRounds(3);
  JoinAndPrepare();
  EXPECT_EQ(Awaited({3, phase_, {}, false}), "sleep 50ms");
  EXPECT_THAT(Notes(), HasSubstr("its last round is 3, but it sent nothing after round 0"));
}

TEST_F(SessionTest, Finished_EndsWithStatusZero) {
  JoinAndPrepare();
  Trained(1);
  Submitted(SubmitOutcome::kAccepted);
  CloseRounds(1);
  phase_ = FederationPhase::kFinished;
  EXPECT_EQ(Awaited(Answer(0)), "confirm end");
  EXPECT_EQ(EndConfirmed(), "finish 0");
  EXPECT_EQ(Notes(), absl::StrCat("info: the federation is finished after round 1; fingerprint ",
                                  ToHex(server_.fingerprint()), "\n"));
}

TEST_F(SessionTest, FinishedAtJoin_EndsBeforeAnyWork) {
  CloseRounds(2);
  phase_ = FederationPhase::kFinished;
  EXPECT_EQ(Joined(Terms()), "confirm end");
  EXPECT_EQ(EndConfirmed(), "finish 0");
  EXPECT_EQ(Notes(), "info: the federation is finished after round 2\n");
}

TEST_F(SessionTest, EndCannotBeConfirmed_TriedThriceAndFinishedAllTheSame) {
  phase_ = FederationPhase::kFinished;
  EXPECT_EQ(Joined(Terms()), "confirm end");
  for (int failure = 1; failure < 3; ++failure) {
    EXPECT_THAT(Fail(absl::UnavailableError("gone")), HasSubstr("sleep"));
    EXPECT_EQ(Notes(), "");
    EXPECT_EQ(Woke(), "confirm end");
  }
  EXPECT_EQ(Fail(absl::UnavailableError("gone")), "finish 0");
  EXPECT_EQ(Notes(), "info: the federation is finished after round 0\n");
}

TEST_F(SessionTest, ServerThatTakesNoConfirmation_IsAskedOnce) {
  for (const absl::Status& refusal :
       {absl::NotFoundError("x"), absl::FailedPreconditionError("x"),
        absl::DeadlineExceededError("x"), absl::ResourceExhaustedError("x")}) {
    Restart(ClientRole::kTrain);
    phase_ = FederationPhase::kFinished;
    EXPECT_EQ(Joined(Terms()), "confirm end");
    EXPECT_EQ(Fail(refusal), "finish 0") << refusal;
  }
}

TEST_F(SessionTest, AfterFinish_NothingChanges) {
  phase_ = FederationPhase::kFinished;
  Joined(Terms());
  EndConfirmed();
  EXPECT_EQ(Woke(), "finish 0");
  EXPECT_EQ(Fail(absl::UnimplementedError("x")), "finish 0");
  EXPECT_EQ(Notes(), "");
}

// Failures of calls.

TEST_F(SessionTest, ServerUnreachable_BacksOffAndSaysSoOnceInAWhile) {
  const absl::Status down = absl::UnavailableError("connection refused");
  EXPECT_EQ(Fail(down), "sleep 50ms");
  EXPECT_EQ(Notes(),
            "warning: cannot reach server:7733: connection refused; trying again in 50ms\n");
  EXPECT_EQ(Woke(), "join");
  EXPECT_EQ(Fail(down), "sleep 100ms");
  EXPECT_EQ(Notes(), "");
  now_ += absl::Seconds(30);
  Woke();
  EXPECT_EQ(Fail(down), "sleep 200ms");
  EXPECT_THAT(Notes(), HasSubstr("cannot reach server:7733"));
  for (int i = 0; i < 20; ++i) {
    Woke();
    Fail(down);
  }
  EXPECT_EQ(Name(action_), "sleep 1s");
  EXPECT_EQ(Woke(), "join");
  EXPECT_EQ(Joined(Terms()), "prepare");
  EXPECT_THAT(Notes(), HasSubstr("info: server:7733 answers again\n"));
}

TEST_F(SessionTest, AnotherReason_IsToldSooner) {
  Fail(absl::UnavailableError("connection reset"));
  Notes();
  const auto told = [&](const char* reason) {
    Woke();
    Fail(absl::UnavailableError(reason));
    return Notes();
  };
  EXPECT_EQ(told("it refuses the certificate"), "");
  now_ += absl::Seconds(5);
  EXPECT_EQ(told("connection reset"), "");
  EXPECT_THAT(told("it refuses the certificate"),
              HasSubstr("cannot reach server:7733: it refuses the certificate; trying again in"));
  EXPECT_EQ(told("connection reset"), "");
}

TEST_F(SessionTest, ServerRestarts_TheUpdateIsKeptAndSentAgain) {
  JoinAndPrepare();
  Trained(1);
  for (const absl::Status& status :
       {absl::UnavailableError("restarting"), absl::DeadlineExceededError("no answer"),
        absl::AbortedError("try again"), absl::ResourceExhaustedError("busy"),
        absl::InternalError("reset"), absl::CancelledError("stopping"), absl::UnknownError("?")}) {
    EXPECT_THAT(Fail(status), HasSubstr("sleep")) << status;
    EXPECT_EQ(Woke(), "submit") << status;
    EXPECT_EQ(session_->update().words, ExampleWords(server_, 1));
  }
  EXPECT_EQ(Submitted(SubmitOutcome::kAccepted), "await 0");
}

TEST_F(SessionTest, ServerIsLostAfterTheAnswer_TheUpdateIsSentOnceMore) {
  JoinAndPrepare();
  Trained(1);
  EXPECT_EQ(Submitted(SubmitOutcome::kAccepted), "await 0");
  EXPECT_EQ(Fail(absl::UnavailableError("restored from a back-up")), "sleep 50ms");
  EXPECT_EQ(Woke(), "submit");
  EXPECT_EQ(session_->update().words, ExampleWords(server_, 1));
  EXPECT_EQ(Submitted(SubmitOutcome::kAccepted), "await 0");
  CloseRounds(1);
  EXPECT_EQ(Awaited(Answer(0)), "train 2");
}

TEST_F(SessionTest, ServerSaysWhenToComeAgain_TheBackOffComesOnTop) {
  JoinAndPrepare();
  Trained(1);
  EXPECT_EQ(Give(event::CallFailed{absl::ResourceExhaustedError("too many calls"), now_,
                                   absl::Seconds(3)}),
            "sleep 3.05s");
  EXPECT_EQ(Woke(), "submit");
  EXPECT_EQ(Fail(absl::UnavailableError("gone")), "sleep 100ms");
}

TEST_F(SessionTest, SnapshotCallFails_IsRepeated) {
  CloseRounds(2);
  JoinAndPrepare();
  Awaited({2, phase_, {}, true});
  EXPECT_EQ(Fail(absl::UnavailableError("restarting")), "sleep 50ms");
  EXPECT_EQ(Woke(), "snapshot");
}

TEST_F(SessionTest, GiveUpTimePasses_Ends) {
  Restart(ClientRole::kTrain, absl::Seconds(30));
  EXPECT_EQ(Fail(absl::UnavailableError("refused")), "sleep 50ms");
  now_ += absl::Seconds(30) - absl::Milliseconds(1);
  Woke();
  EXPECT_EQ(Fail(absl::UnavailableError("refused")), "sleep 1ms");
  now_ += absl::Milliseconds(1);
  Woke();
  EXPECT_EQ(Fail(absl::UnavailableError("refused")), "finish 1");
  EXPECT_EQ(Notes(), "error: gave up after 30s: cannot reach server:7733: refused\n");
}

TEST_F(SessionTest, GiveUp_CountsFromTheLastSuccess) {
  Restart(ClientRole::kTrain, absl::Seconds(30));
  Fail(absl::UnavailableError("refused"));
  now_ += absl::Seconds(29);
  Woke();
  JoinAndPrepare();
  Trained(1);
  now_ += absl::Seconds(29);
  EXPECT_EQ(Fail(absl::UnavailableError("refused")), "sleep 50ms");
}

TEST_F(SessionTest, JoinRefused_EndsWithTheServersSentence) {
  for (const absl::Status& status :
       {absl::InvalidArgumentError("no"), absl::AlreadyExistsError("no"),
        absl::FailedPreconditionError("no"), absl::NotFoundError("no"),
        absl::OutOfRangeError("no")}) {
    Restart(ClientRole::kTrain);
    EXPECT_EQ(Fail(status), "finish 1") << status;
    EXPECT_EQ(Notes(), "error: server:7733 refuses to let this client join: no\n");
  }
  for (const absl::Status& status :
       {absl::PermissionDeniedError("no"), absl::UnauthenticatedError("no"),
        absl::UnimplementedError("no")}) {
    Restart(ClientRole::kTrain);
    EXPECT_EQ(Fail(status), "finish 1") << status;
    EXPECT_EQ(Notes(), "error: server:7733 refuses this client: no\n");
  }
  Restart(ClientRole::kTrain);
  EXPECT_EQ(Fail(absl::DataLossError("the answer to Join is not valid: x")), "finish 1");
  EXPECT_EQ(Notes(), "error: server:7733: the answer to Join is not valid: x\n");
}

TEST_F(SessionTest, UpdateRefused_Ends) {
  JoinAndPrepare();
  Trained(1);
  EXPECT_EQ(Fail(absl::InvalidArgumentError("word 3 is not valid")), "finish 1");
  EXPECT_EQ(Notes(), "error: server:7733 refuses this client's update: word 3 is not valid\n");
}

TEST_F(SessionTest, AwaitAnswerNotValid_TriesAgain) {
  CloseRounds(1);
  JoinAndPrepare();
  EXPECT_EQ(Fail(absl::DataLossError("a fingerprint has 3 bytes")), "sleep 50ms");
  EXPECT_EQ(Woke(), "await 0");
}

TEST_F(SessionTest, SnapshotOfWrongSize_Ends) {
  CloseRounds(1);
  JoinAndPrepare();
  Awaited({1, phase_, {}, true});
  EXPECT_EQ(Fail(absl::DataLossError("it announces 5 bytes")), "finish 1");
}

// Joining again.

TEST_F(SessionTest, ServerForgotTheClient_JoinsAgainAndKeepsItsModelAndUpdate) {
  CloseRounds(1);
  JoinAndPrepare();
  Awaited(Answer(0));
  EXPECT_EQ(Trained(2), "submit");
  EXPECT_EQ(Fail(absl::NotFoundError("client number 3 is not known here")), "sleep 50ms");
  EXPECT_EQ(
      Notes(),
      "warning: must join server:7733 again: client number 3 is not known here; trying again in "
      "50ms\n");
  EXPECT_EQ(Woke(), "join");
  EXPECT_EQ(Joined(Terms()), "submit");
  ExpectServersModel();
}

TEST_F(SessionTest, OtherNumberAfterJoiningAgain_TrainsAgain) {
  JoinAndPrepare();
  Trained(1);
  Fail(absl::NotFoundError("?"));
  Woke();
  Membership other = Terms();
  other.client_number = 4;
  EXPECT_EQ(Joined(other), "prepare");
  EXPECT_EQ(Prepared(), "train 1");
}

TEST_F(SessionTest, SubmitRefusedAgainAndAgain_BacksOffMoreAndMore) {
  JoinAndPrepare();
  Trained(1);
  for (const char* wait : {"sleep 50ms", "sleep 100ms", "sleep 200ms"}) {
    EXPECT_EQ(Fail(absl::FailedPreconditionError("?")), wait);
    EXPECT_EQ(Woke(), "join");
    EXPECT_EQ(Joined(Terms()), "submit");
  }
}

TEST_F(SessionTest, OtherFederationAfterJoiningAgain_StartsFromScratch) {
  CloseRounds(2);
  JoinAndPrepare();
  Awaited(Answer(0));
  Trained(3);
  Fail(absl::FailedPreconditionError("this server runs another federation"));
  Woke();
  Membership other = Terms();
  other.federation_id = std::string(16, 'g');
  EXPECT_EQ(Joined(other), "prepare");
  EXPECT_THAT(
      Notes(),
      HasSubstr("warning: server:7733 runs another federation now; starting from scratch\n"));
  EXPECT_EQ(Prepared(), "await 0");
  EXPECT_EQ(session_->model().round(), 0u);
}

TEST_F(SessionTest, ServerBehindThisClient_JoinsAgainAndStartsFromScratch) {
  CloseRounds(2);
  JoinAndPrepare();
  Awaited(Answer(0));
  Trained(3);
  Submitted(SubmitOutcome::kAccepted);
  EXPECT_EQ(Awaited({1, phase_, {}, false}), "sleep 50ms");
  EXPECT_THAT(Notes(),
              HasSubstr("must join server:7733 again: its last round is 1, this client's 2;"));
  EXPECT_EQ(Woke(), "join");
  Membership older = Terms();
  older.round = 1;
  EXPECT_EQ(Joined(older), "await 0");
  EXPECT_THAT(
      Notes(),
      HasSubstr("warning: server:7733 has gone back to round 1 from 2; starting from scratch\n"));
  AwaitAnswer answer = {1, phase_, {rounds_[0]}, false};
  EXPECT_EQ(Awaited(answer), "train 2");
}

// Evaluators.

TEST_F(SessionTest, Evaluator_EvaluatesEveryRoundOfAnAnswer) {
  Restart(ClientRole::kEvaluate);
  EXPECT_EQ(JoinAndPrepare(), "await 0");
  CloseRounds(3);
  EXPECT_EQ(Awaited(Answer(0)), "evaluate 1");
  const auto& first = std::get<action::Evaluate>(action_);
  EXPECT_EQ(first.fingerprint, rounds_[0].fingerprint);
  EXPECT_EQ(first.base_checksum, rounds_[0].base_checksum);
  EXPECT_EQ(first.bytes_down, rounds_[0].words.size());
  EXPECT_EQ(first.summary->bytes_up, 1000u);
  EXPECT_EQ(session_->model().round(), 1u);
  EXPECT_EQ(Evaluated(), "report");
  EXPECT_EQ(session_->report(), (EvaluationReport{1, 0.75, 0.5, 40}));
  EXPECT_EQ(Reported(), "evaluate 2");
  EXPECT_EQ(session_->model().round(), 2u);
  EXPECT_EQ(Evaluated(), "report");
  EXPECT_EQ(session_->report().round, 2u);
  EXPECT_EQ(Reported(), "evaluate 3");
  EXPECT_EQ(Evaluated(), "report");
  EXPECT_EQ(session_->report().round, 3u);
  EXPECT_EQ(Reported(), "await 3");
  phase_ = FederationPhase::kFinished;
  EXPECT_EQ(Awaited(Answer(3)), "confirm end");
  EXPECT_EQ(EndConfirmed(), "finish 0");
}

TEST_F(SessionTest, EvaluatorOfAFinishedFederation_EvaluatesItAll) {
  CloseRounds(2);
  phase_ = FederationPhase::kFinished;
  Restart(ClientRole::kEvaluate);
  EXPECT_EQ(JoinAndPrepare(), "await 0");
  AwaitAnswer part = Answer(0);
  part.rounds.resize(1);
  EXPECT_EQ(Awaited(part), "evaluate 1");
  EXPECT_EQ(Evaluated(), "report");
  EXPECT_EQ(Reported(), "await 1");
  EXPECT_EQ(Awaited(Answer(1)), "evaluate 2");
  EXPECT_EQ(Evaluated(), "report");
  EXPECT_EQ(Reported(), "confirm end");
  EXPECT_EQ(EndConfirmed(), "finish 0");
}

TEST_F(SessionTest, EvaluatorWithSnapshot_EvaluatesItWithoutStatistics) {
  CloseRounds(5);
  Restart(ClientRole::kEvaluate);
  JoinAndPrepare();
  Awaited({5, phase_, {}, true});
  EXPECT_EQ(Give(event::SnapshotFetched{server_.SaveSnapshot()}), "evaluate 5");
  const auto& evaluate = std::get<action::Evaluate>(action_);
  EXPECT_FALSE(evaluate.summary.has_value());
  EXPECT_FALSE(evaluate.bytes_down.has_value());
  EXPECT_EQ(evaluate.fingerprint, server_.fingerprint());
  EXPECT_EQ(Evaluated(), "report");
  EXPECT_EQ(Reported(), "await 5");
}

TEST_F(SessionTest, EvaluatorRepairedBySnapshot_StillEvaluatesTheRound) {
  CloseRounds(1);
  Restart(ClientRole::kEvaluate);
  JoinAndPrepare();
  AwaitAnswer answer = Answer(0);
  answer.rounds[0].words.clear();
  EXPECT_EQ(Awaited(answer), "snapshot");
  EXPECT_EQ(Give(event::SnapshotFetched{server_.SaveSnapshot()}), "evaluate 1");
  EXPECT_TRUE(std::get<action::Evaluate>(action_).summary.has_value());
}

// Reports of evaluations.

TEST_F(SessionTest, ReportLost_IsSentAgainAfterTheNextAnswer) {
  EvaluateTheFirstOf(2);
  EXPECT_EQ(Fail(absl::UnavailableError("down")), "sleep 50ms");
  EXPECT_THAT(Notes(), HasSubstr("warning: cannot reach server:7733: down; trying again in"));
  EXPECT_EQ(Woke(), "evaluate 2");
  EXPECT_EQ(Evaluated(), "await 2");
  EXPECT_EQ(Awaited({2, phase_, {}, false}), "sleep 50ms");
  EXPECT_THAT(Notes(), HasSubstr("info: server:7733 answers again"));
  EXPECT_EQ(Woke(), "report");
  EXPECT_EQ(session_->report().round, 1u);
  EXPECT_EQ(Reported(), "report");
  EXPECT_EQ(session_->report().round, 2u);
  EXPECT_EQ(Reported(), "await 2");
}

TEST_F(SessionTest, ReportNeverGetsThrough_EvaluationGoesOn) {
  EvaluateTheFirstOf(1);
  for (uint32_t round = 2; round < 40; ++round) {
    EXPECT_EQ(Fail(absl::DeadlineExceededError("no answer")), "sleep 50ms");
    EXPECT_EQ(Woke(), absl::StrCat("await ", round - 1));
    CloseRounds(1);
    EXPECT_EQ(Awaited(Answer(round - 1)), "report");
    EXPECT_EQ(session_->report().round, 1u);
    EXPECT_EQ(Fail(absl::DeadlineExceededError("no answer")), "sleep 50ms");
    EXPECT_EQ(Woke(), absl::StrCat("evaluate ", round));
    EXPECT_EQ(Evaluated(), absl::StrCat("await ", round));
    EXPECT_EQ(Awaited({round, phase_, {}, false}), "sleep 50ms");
    EXPECT_EQ(Woke(), "report");
  }
}

TEST_F(SessionTest, ReportsNotTaken_AreSaidOnceAndNotTriedAgain) {
  EvaluateTheFirstOf(3);
  EXPECT_EQ(Fail(absl::UnimplementedError("unknown method")), "evaluate 2");
  EXPECT_EQ(Notes(),
            "info: server:7733 takes no reports of evaluations; they are not sent to it\n");
  EXPECT_EQ(Evaluated(), "evaluate 3");
  EXPECT_EQ(Evaluated(), "await 3");
  EXPECT_EQ(Notes(), "");
}

TEST_F(SessionTest, ReportRefused_IsSaidAndTheNextOneSent) {
  for (const absl::Status& refusal :
       {absl::InvalidArgumentError("not this one"), absl::AlreadyExistsError("not this one"),
        absl::PermissionDeniedError("not this one")}) {
    EvaluateTheFirstOf(2);
    EXPECT_EQ(Fail(refusal), "evaluate 2");
    EXPECT_EQ(
        Notes(),
        "warning: the evaluation of round 1 is not reported: server:7733 refuses it: not this "
        "one\n");
    EXPECT_EQ(Evaluated(), "report");
    EXPECT_EQ(session_->report().round, 2u);
    EXPECT_EQ(Reported(), "await 2");
  }
}

TEST_F(SessionTest, ReporterUnknown_JoinsAgainAndReports) {
  EvaluateTheFirstOf(1);
  EXPECT_EQ(Fail(absl::NotFoundError("no member 3")), "sleep 50ms");
  EXPECT_EQ(Woke(), "join");
  EXPECT_EQ(Joined(Terms()), "await 1");
  EXPECT_EQ(Awaited({1, phase_, {}, false}), "sleep 50ms");
  EXPECT_EQ(Woke(), "report");
  EXPECT_EQ(Reported(), "await 1");
}

TEST_F(SessionTest, ReportAlwaysFails_IsGivenUp) {
  EvaluateTheFirstOf(1);
  for (int failure = 1; failure < 8; ++failure) {
    EXPECT_THAT(Fail(absl::InternalError("broken")), HasSubstr("sleep"));
    EXPECT_EQ(Woke(), "await 1");
    EXPECT_EQ(Awaited({1, phase_, {}, false}), "sleep 50ms");
    EXPECT_EQ(Woke(), "report");
  }
  EXPECT_THAT(Fail(absl::InternalError("broken")), HasSubstr("sleep"));
  EXPECT_THAT(Notes(),
              HasSubstr("warning: the evaluation of round 1 is not reported: tried 8 times: "
                        "broken\n"));
  EXPECT_EQ(Woke(), "await 1");
  EXPECT_EQ(Awaited({1, phase_, {}, false}), "sleep 50ms");
  EXPECT_EQ(Woke(), "await 1");
}

TEST_F(SessionTest, ServerGoneAfterTheLastRound_EvaluatorEndsWell) {
  phase_ = FederationPhase::kFinished;
  EvaluateTheFirstOf(1);
  for (int failure = 1; failure < 8; ++failure) {
    EXPECT_THAT(Fail(absl::UnavailableError("gone")), HasSubstr("sleep"));
    EXPECT_EQ(Notes(), "");
    EXPECT_EQ(Woke(), "report");
  }
  EXPECT_THAT(Fail(absl::UnavailableError("gone")), HasSubstr("sleep"));
  EXPECT_EQ(Notes(), "warning: the evaluation of round 1 is not reported: tried 8 times: gone\n");
  EXPECT_EQ(Woke(), "confirm end");
}

TEST_F(SessionTest, OtherFederation_ForgetsReports) {
  EvaluateTheFirstOf(1);
  EXPECT_EQ(Fail(absl::FailedPreconditionError("another federation")), "sleep 50ms");
  EXPECT_EQ(Woke(), "join");
  Membership other = Terms();
  other.federation_id = std::string(16, 'g');
  EXPECT_EQ(Joined(other), "prepare");
  EXPECT_EQ(Prepared(), "await 0");
  EXPECT_EQ(Awaited(Answer(0)), "evaluate 1");
}

TEST_F(SessionTest, LocalFault_EndsWithItsStatus) {
  Joined(Terms());
  EXPECT_EQ(Give(event::LocalFault{2, absl::InvalidArgumentError("the images are too small")}),
            "finish 2");
  EXPECT_EQ(Notes(), "error: the images are too small\n");
}

TEST_F(SessionTest, StopInEveryState_EndsWithStatusZero) {
  CloseRounds(1);
  const auto stop = [this](absl::string_view in) {
    ASSERT_EQ(Name(action_), in);
    EXPECT_EQ(Give(event::Stop{}), "finish 0") << in;
    EXPECT_EQ(Notes(), "info: stopped\n");
  };
  const auto until_await = [this](ClientRole role) {
    Restart(role);
    JoinAndPrepare();
  };
  Restart(ClientRole::kTrain);
  stop("join");
  Restart(ClientRole::kTrain);
  Joined(Terms());
  stop("prepare");
  until_await(ClientRole::kTrain);
  stop("await 0");
  until_await(ClientRole::kTrain);
  Fail(absl::UnavailableError("down"));
  stop("sleep 50ms");
  until_await(ClientRole::kTrain);
  Awaited(Answer(0));
  stop("train 2");
  until_await(ClientRole::kTrain);
  Awaited(Answer(0));
  Trained(2);
  stop("submit");
  until_await(ClientRole::kTrain);
  Awaited({1, phase_, {}, true});
  stop("snapshot");
  until_await(ClientRole::kEvaluate);
  Awaited(Answer(0));
  stop("evaluate 1");
  until_await(ClientRole::kEvaluate);
  Awaited(Answer(0));
  Evaluated();
  stop("report");
}

}  // namespace
}  // namespace seedfed
