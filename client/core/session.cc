#include "client/core/session.h"

#include <algorithm>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/status.h"

namespace seedfed {
namespace {

using Level = SessionNote::Level;

// Between two polls that brought nothing: a server that does not hold its polls is not flooded.
constexpr absl::Duration kPollPause = absl::Milliseconds(50);

// Between two reports that the same server cannot be reached.
constexpr absl::Duration kReportEvery = absl::Seconds(30);

// Between two reports with another reason.
constexpr absl::Duration kReportChangeEvery = absl::Seconds(5);

// How often a report is tried that the server answers with an error, or that is all that is left to
// do.
constexpr uint32_t kReportTries = 8;

// How often the end is confirmed to a server that cannot be reached: perhaps it is gone for good.
constexpr uint32_t kConfirmTries = 3;

// Reports kept while the server does not take them.
constexpr size_t kMostReports = 1024;

// Whether what was made ready for `a` also serves `b`.
bool SameTask(const Membership& a, const Membership& b) {
  return a.federation_id == b.federation_id && a.key == b.key &&
         a.client_number == b.client_number && a.model == b.model && a.plan == b.plan &&
         a.shard == b.shard;
}

std::string Describe(const Membership& membership, ClientRole role) {
  std::string text = absl::StrCat(
      "joined federation ", absl::BytesToHexString(membership.federation_id).substr(0, 8),
      role == ClientRole::kTrain ? absl::StrCat(" as client ", membership.client_number)
                                 : " as an evaluator",
      ": model ", DescribeLayers(membership.model.layers), ", ",
      std::string(CodecName(membership.model.codec)), " words, ", membership.model.update_bytes(),
      " bytes per update, ", membership.round);
  if (membership.rounds > 0) absl::StrAppend(&text, " of ", membership.rounds);
  absl::StrAppend(&text, " rounds complete");
  if (membership.phase == FederationPhase::kPaused) {
    absl::StrAppend(&text, ", waiting for more clients");
  }
  return text;
}

bool CannotReach(absl::StatusCode code) {
  return code == absl::StatusCode::kUnavailable || code == absl::StatusCode::kDeadlineExceeded;
}

}  // namespace

Session::Session(SessionOptions options, RandomSource& random)
    : options_(std::move(options)), backoff_(random) {}

SessionStep Session::Start() {
  SessionAction action = Next();
  return {std::exchange(notes_, {}), std::move(action)};
}

SessionStep Session::Handle(SessionEvent event) {
  if (!finish_) std::visit([this](auto& e) { On(std::move(e)); }, event);
  SessionAction action = Next();
  return {std::exchange(notes_, {}), std::move(action)};
}

SessionAction Session::Next() {
  const bool trains = options_.role == ClientRole::kTrain;
  if (finish_) return *finish_;
  if (wait_) return action::Sleep{*wait_};
  if (!joined_) {
    call_ = Call::kJoin;
    return action::Join{};
  }
  const bool up_to_date = model_ && model_->round() == server_round_;
  if (finished_ && (trains || server_round_ == 0) && !up_to_date && waiting_.empty()) {
    return Leave(absl::StrCat("the federation is finished after round ", server_round_));
  }
  if (!prepared_) return action::Prepare{};
  if (!model_) MakeModel();
  if (finish_) return *finish_;
  if (report_due_ && !reports_.empty()) {
    call_ = Call::kReport;
    return action::Report{};
  }
  if (std::optional<action::Evaluate> evaluation = MergeWaiting()) return *std::move(evaluation);
  if (finish_) return *finish_;
  if (snapshot_wanted_) {
    call_ = Call::kSnapshot;
    return action::FetchSnapshot{};
  }
  if (finished_ && (trains || model_->round() == server_round_)) {
    if (!reports_.empty()) {
      call_ = Call::kReport;
      return action::Report{};
    }
    return Leave(absl::StrCat("the federation is finished after round ", server_round_,
                              "; fingerprint ", ToHex(model_->fingerprint())));
  }
  if (const uint32_t round = model_->round() + 1;
      trains && model_->round() == server_round_ && answered_round_ < round &&
      TakesPart(membership_->key.SubKey(Purpose::kCohort), membership_->plan.participation, round,
                membership_->client_number)) {
    if (!update_ || update_->round != round) return action::Train{round};
    call_ = Call::kSubmit;
    return action::Submit{};
  }
  call_ = Call::kAwait;
  return action::Await{model_->round()};
}

SessionAction Session::Leave(std::string text) {
  if (!end_confirmed_) {
    call_ = Call::kConfirmEnd;
    return action::ConfirmEnd{};
  }
  End(0, Level::kInfo, std::move(text));
  return *finish_;
}

void Session::On(event::Joined event) {
  Membership& now = event.membership;
  if (model_) {
    if (now.federation_id != membership_->federation_id || now.key != membership_->key ||
        now.model != membership_->model) {
      Note(Level::kWarning,
           absl::StrCat(options_.server, " runs another federation now; starting from scratch"));
      ForgetModel();
    } else if (now.round < model_->round()) {
      Note(Level::kWarning, absl::StrCat(options_.server, " has gone back to round ", now.round,
                                         " from ", model_->round(), "; starting from scratch"));
      ForgetModel();
    } else if (now.client_number != membership_->client_number) {
      update_.reset();
    }
    answered_round_ = 0;
  }
  prepared_ = prepared_ && SameTask(now, *membership_);
  joined_ = true;
  server_round_ = now.round;
  finished_ = now.phase == FederationPhase::kFinished;
  membership_ = std::move(now);
  // A server that lets a client join but knows it in no other call is not tried again at full
  // speed.
  if (!rejoining_) Succeeded();
  failing_since_.reset();
  NoteConnection(Level::kInfo, Describe(*membership_, options_.role));
}

void Session::On(event::Prepared) { prepared_ = true; }

void Session::On(event::Awaited event) {
  AwaitAnswer& answer = event.answer;
  const uint32_t have = model_->round();
  if (answer.round < have) {
    return JoinAgain(absl::FailedPreconditionError(absl::StrCat("its last round is ", answer.round,
                                                                ", this client's ", have)),
                     event.now);
  }
  std::deque<RoundWords> rounds;
  for (RoundWords& round : answer.rounds) {
    if (round.round <= have) continue;
    const uint32_t expected = rounds.empty() ? have + 1 : rounds.back().round + 1;
    if (round.round != expected) {
      return RetryLater(absl::DataLossError(absl::StrCat("it sent round ", round.round,
                                                         " where round ", expected, " was due")),
                        event.now);
    }
    rounds.push_back(std::move(round));
  }
  if (answer.round > have && rounds.empty() && !answer.snapshot) {
    return RetryLater(absl::DataLossError(absl::StrCat("its last round is ", answer.round,
                                                       ", but it sent nothing after round ", have)),
                      event.now);
  }
  Succeeded();
  report_due_ = true;
  server_round_ = answer.round;
  finished_ = answer.phase == FederationPhase::kFinished;
  snapshot_wanted_ = answer.snapshot;
  if (!answer.snapshot) waiting_ = std::move(rounds);
  if (answer.round == have && !finished_) wait_ = kPollPause;
}

void Session::On(event::Trained event) { update_ = std::move(event.update); }

void Session::On(event::Submitted event) {
  Succeeded();
  answered_round_ = update_->round;
  server_round_ = std::max(server_round_, event.answer.round);
}

void Session::On(event::SnapshotFetched event) {
  absl::StatusOr<Model> model =
      Model::FromSnapshot(event.bytes, membership_->model, membership_->key);
  if (!model.ok()) {
    return End(1, Level::kError,
               absl::StrCat("the snapshot of ", options_.server,
                            " is refused: ", model.status().message()));
  }
  Succeeded();
  const bool same_round = disputed_ && disputed_->round == model->round();
  if (same_round && (disputed_->fingerprint != model->fingerprint() ||
                     disputed_->base_checksum != model->BaseChecksum())) {
    return End(
        1, Level::kError,
        absl::StrCat("the snapshot of ", options_.server, " does not fit the server's own round ",
                     model->round(), ": its fingerprint is ", ToHex(model->fingerprint()),
                     ", expected ", ToHex(disputed_->fingerprint)));
  }
  if (!disputed_ && model->round() <= model_->round()) {
    return End(1, Level::kError,
               absl::StrCat("the snapshot of ", options_.server, " is of round ", model->round(),
                            ", expected one after ", model_->round()));
  }
  const bool newer = !disputed_ || model->round() >= disputed_->round;
  model_ = *std::move(model);
  snapshot_wanted_ = false;
  snapshot_unproven_ = !same_round;
  server_round_ = std::max(server_round_, model_->round());
  Note(Level::kInfo, absl::StrCat("took the model of round ", model_->round(), " from a snapshot"));
  if (options_.role == ClientRole::kEvaluate && newer) {
    evaluation_ = same_round ? Evaluation(disputed_->summary, disputed_->words.size())
                             : Evaluation(std::nullopt, std::nullopt);
  }
  disputed_.reset();
}

void Session::On(event::Evaluated event) {
  if (!reports_taken_) return;
  reports_.push_back(event.report);
  if (!failing_since_) report_due_ = true;
  if (reports_.size() > kMostReports) DropReport("too many wait for the server");
}

void Session::On(event::Reported) {
  Succeeded();
  reports_.pop_front();
  report_failures_ = 0;
}

void Session::On(event::EndConfirmed) { end_confirmed_ = true; }

void Session::On(event::Woke) { wait_.reset(); }

void Session::On(event::CallFailed event) {
  const absl::Status& status = event.status;
  const absl::StatusCode code = status.code();
  retry_after_ = event.retry_after;
  if (call_ == Call::kReport) return ReportFailed(status, event.now);
  if (call_ == Call::kConfirmEnd) return ConfirmEndFailed(code);
  const auto refused = [&](absl::string_view what) {
    End(1, Level::kError, absl::StrCat(options_.server, " refuses ", what, ": ", status.message()));
  };
  switch (code) {
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kUnauthenticated:
    case absl::StatusCode::kUnimplemented:
      return refused("this client");
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kOutOfRange:
      if (call_ == Call::kJoin) return refused("to let this client join");
      if (call_ == Call::kSubmit) return refused("this client's update");
      return JoinAgain(status, event.now);
    case absl::StatusCode::kAlreadyExists:
      if (call_ == Call::kJoin) return refused("to let this client join");
      if (call_ == Call::kSubmit) {
        Note(Level::kWarning,
             absl::StrCat(options_.server, " counted another update of this client for round ",
                          update_->round, ": ", status.message()));
        return On(event::Submitted{{SubmitOutcome::kAccepted, server_round_}});
      }
      return RetryLater(status, event.now);
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kNotFound:
      if (call_ == Call::kJoin) return refused("to let this client join");
      return JoinAgain(status, event.now);
    case absl::StatusCode::kDataLoss:
      if (call_ == Call::kJoin || call_ == Call::kSnapshot) {
        return End(1, Level::kError, absl::StrCat(options_.server, ": ", status.message()));
      }
      return RetryLater(status, event.now);
    default:
      return RetryLater(status, event.now);
  }
}

void Session::ReportFailed(const absl::Status& status, absl::Duration now) {
  report_due_ = false;
  const std::string why(status.message());
  switch (status.code()) {
    case absl::StatusCode::kUnimplemented:
      Note(Level::kInfo, absl::StrCat(options_.server,
                                      " takes no reports of evaluations; they are not sent to it"));
      reports_taken_ = false;
      reports_.clear();
      return;
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kOutOfRange:
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kUnauthenticated:
      DropReport(absl::StrCat(options_.server, " refuses it: ", why));
      report_due_ = true;
      return;
    default:
      break;
  }
  // After the last round the server may be gone for good.
  const bool last = finished_ && model_->round() == server_round_;
  if ((last || !CannotReach(status.code())) && ++report_failures_ >= kReportTries) {
    DropReport(absl::StrCat("tried ", kReportTries, " times: ", why));
    if (last) reports_.clear();
  }
  if (last) {
    wait_ = backoff_.Next();
    return;
  }
  if (status.code() == absl::StatusCode::kFailedPrecondition ||
      status.code() == absl::StatusCode::kNotFound) {
    return JoinAgain(status, now);
  }
  RetryLater(status, now);
}

void Session::ConfirmEndFailed(absl::StatusCode code) {
  if (code == absl::StatusCode::kUnavailable && ++confirm_failures_ < kConfirmTries) {
    wait_ = backoff_.Next();
  } else {
    end_confirmed_ = true;
  }
}

void Session::DropReport(const std::string& why) {
  Note(Level::kWarning,
       absl::StrCat("the evaluation of round ", reports_.front().round, " is not reported: ", why));
  reports_.pop_front();
  report_failures_ = 0;
}

void Session::On(event::LocalFault event) {
  End(event.exit_status, Level::kError, std::string(event.status.message()));
}

void Session::On(event::Stop) { End(0, Level::kInfo, "stopped"); }

std::optional<action::Evaluate> Session::MergeWaiting() {
  if (evaluation_) return std::exchange(evaluation_, std::nullopt);
  while (!waiting_.empty()) {
    const RoundWords round = std::move(waiting_.front());
    waiting_.pop_front();
    if (round.round <= model_->round()) continue;
    if (const absl::Status status = model_->Apply(round.round, round.words); !status.ok()) {
      Differs(round, absl::StrCat("cannot be made: ", status.message()));
      return std::nullopt;
    }
    if (model_->fingerprint() != round.fingerprint) {
      Differs(round, absl::StrCat("has fingerprint ", ToHex(model_->fingerprint()),
                                  ", the server's ", ToHex(round.fingerprint)));
      return std::nullopt;
    }
    if (const Digest128 checksum = model_->BaseChecksum(); checksum != round.base_checksum) {
      Differs(round, absl::StrCat("has base checksum ", ToHex(checksum), ", the server's ",
                                  ToHex(round.base_checksum)));
      return std::nullopt;
    }
    snapshot_unproven_ = false;
    if (options_.role == ClientRole::kEvaluate)
      return Evaluation(round.summary, round.words.size());
  }
  return std::nullopt;
}

void Session::Differs(const RoundWords& round, const std::string& how) {
  ++mismatches_;
  const std::string problem = absl::StrCat("the model after round ", round.round, " ", how);
  if (snapshot_unproven_) {
    return End(1, Level::kError,
               absl::StrCat(problem, "; it came from a snapshot, so there is no other"));
  }
  Note(Level::kError, absl::StrCat(problem, "; fetching a snapshot"));
  snapshot_wanted_ = true;
  disputed_ = round;
  waiting_.clear();
}

action::Evaluate Session::Evaluation(std::optional<RoundSummary> summary,
                                     std::optional<size_t> bytes_down) const {
  return {model_->round(), std::move(summary), bytes_down, model_->fingerprint(),
          model_->BaseChecksum()};
}

void Session::Succeeded() {
  if (failing_since_) {
    NoteConnection(Level::kInfo, absl::StrCat(options_.server, " answers again"));
  }
  failing_since_.reset();
  rejoining_ = false;
  backoff_.Reset();
}

void Session::RetryLater(const absl::Status& status, absl::Duration now) {
  Wait(absl::StrCat(CannotReach(status.code()) ? "cannot reach " : "no good answer from ",
                    options_.server, ": ", status.message()),
       now);
}

void Session::JoinAgain(const absl::Status& status, absl::Duration now) {
  joined_ = false;
  rejoining_ = true;
  Wait(absl::StrCat("must join ", options_.server, " again: ", status.message()), now);
}

void Session::Wait(const std::string& problem, absl::Duration now) {
  // The server may come back in the state of a back-up that lacks this client's update of the open
  // round. Sent again, the update counts once.
  answered_round_ = 0;
  const bool first = !failing_since_.has_value();
  if (first) failing_since_ = now;
  const absl::Duration failing_for = now - *failing_since_;
  if (options_.give_up > absl::ZeroDuration() && failing_for >= options_.give_up) {
    return End(
        1, Level::kError,
        absl::StrCat("gave up after ", absl::FormatDuration(options_.give_up), ": ", problem));
  }
  wait_ = retry_after_ + backoff_.Next();
  if (options_.give_up > absl::ZeroDuration())
    wait_ = std::min(*wait_, options_.give_up - failing_for);
  const absl::Duration pause = problem == reported_ ? kReportEvery : kReportChangeEvery;
  if (!first && now - reported_at_ < pause) return;
  reported_ = problem;
  reported_at_ = now;
  NoteConnection(Level::kWarning,
                 absl::StrCat(problem, "; trying again in ",
                              absl::FormatDuration(absl::Ceil(*wait_, absl::Milliseconds(1)))));
}

void Session::MakeModel() {
  absl::StatusOr<Model> model = Model::Create(membership_->model, membership_->key);
  if (model.ok()) {
    model_ = *std::move(model);
  } else {
    End(1, Level::kError, absl::StrCat("cannot make the model: ", model.status().message()));
  }
}

void Session::ForgetModel() {
  model_.reset();
  waiting_.clear();
  snapshot_wanted_ = false;
  snapshot_unproven_ = false;
  disputed_.reset();
  evaluation_.reset();
  update_.reset();
  reports_.clear();
  report_failures_ = 0;
}

void Session::End(int exit_status, Level level, std::string text) {
  Note(level, std::move(text));
  finish_ = action::Finish{exit_status};
}

void Session::Note(Level level, std::string text) { notes_.push_back({level, std::move(text)}); }

void Session::NoteConnection(Level level, std::string text) {
  notes_.push_back({level, std::move(text), true});
}

}  // namespace seedfed
