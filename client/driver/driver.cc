#include "client/driver/driver.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "client/core/local_round.h"
#include "client/core/seed_optimiser.h"
#include "client/driver/local_data.h"
#include "client/trainer/mlp.h"
#include "common/base/status.h"

namespace seedfed {
ClientDriver::ClientDriver(ClientOptions options, ChannelCredentials credentials,
                           std::string software, Dataset data, std::optional<LineFile> report,
                           const Clock& clock, RandomSource& random, ShowProgress show)
    : options_(std::move(options)),
      clock_(clock),
      data_(std::move(data)),
      report_(std::move(report)),
      session_({options_.role, options_.server, options_.give_up}, random),
      client_(options_.server, std::move(credentials),
              {options_.id, options_.role, std::move(software), options_.token_file}, clock),
      log_(options_.id, clock),
      show_(std::move(show)) {}

int ClientDriver::Run() {
  SessionStep step = session_.Start();
  while (true) {
    for (const SessionNote& note : step.notes) log_.Note(note);
    log_.CatchUp();
    if (const auto* finish = std::get_if<action::Finish>(&step.action)) return finish->exit_status;
    SessionEvent event = std::visit([this](const auto& action) { return Do(action); }, step.action);
    if (stop_.HasBeenNotified()) event = event::Stop{};
    step = session_.Handle(std::move(event));
  }
}

void ClientDriver::Stop() {
  stop_.Notify();
  client_.Cancel();
}

void ClientDriver::Show(Activity activity) {
  progress_.activity = activity;
  if (show_) show_(progress_);
}

SessionEvent ClientDriver::Failed(absl::Status status) {
  failed_ = true;
  return event::CallFailed{std::move(status), clock_.Monotonic(), client_.retry_after()};
}

SessionEvent ClientDriver::Do(const action::Join&) {
  Show(Activity::kConnecting);
  absl::StatusOr<Membership> membership = client_.Join();
  if (!membership.ok()) return Failed(membership.status());
  failed_ = false;
  progress_.rounds = membership->rounds;
  progress_.complete = membership->round;
  paused_ = membership->phase == FederationPhase::kPaused;
  return event::Joined{*std::move(membership)};
}

absl::Status ClientDriver::PrepareTrainer() {
  const Membership& membership = session_.membership();
  trainer_.reset();
  SEEDFED_RETURN_IF_ERROR(CheckWantedModel(options_.model, membership.model));
  if (!data_) {
    SEEDFED_ASSIGN_OR_RETURN(data_, LoadData(options_.data, options_.role));
  }
  Dataset loaded = *std::exchange(data_, std::nullopt);
  SEEDFED_ASSIGN_OR_RETURN(Dataset data, FitData(std::move(loaded), membership, options_.role));
  SEEDFED_ASSIGN_OR_RETURN(
      trainer_, MlpTrainer::Create(membership.model.layers, std::move(data), options_.threads));
  if (membership.shard && options_.role == ClientRole::kTrain) {
    log_.Info(absl::StrCat("this client's data are ", trainer_->examples(), " examples, part ",
                           membership.shard->index + 1, " of ", membership.shard->count));
  } else {
    log_.Info(absl::StrCat("this client's data are ", trainer_->examples(), " examples"));
  }
  return absl::OkStatus();
}

SessionEvent ClientDriver::Do(const action::Prepare&) {
  Show(Activity::kPreparing);
  if (absl::Status status = PrepareTrainer(); !status.ok()) {
    constexpr int kBadInput = 2;
    return event::LocalFault{kBadInput, std::move(status)};
  }
  return event::Prepared{};
}

SessionEvent ClientDriver::Do(const action::Await& await) {
  progress_.round = await.have_round + 1;
  if (progress_.rounds > 0) progress_.round = std::min(progress_.round, progress_.rounds);
  Show(paused_ ? Activity::kWaitingForClients : Activity::kWaitingForRound);
  absl::StatusOr<AwaitAnswer> answer = client_.Await(session_.membership(), await.have_round);
  if (!answer.ok()) return Failed(answer.status());
  failed_ = false;
  paused_ = answer->phase == FederationPhase::kPaused;
  progress_.complete = answer->round;
  for (const RoundWords& round : answer->rounds) progress_.bytes += round.words.size();
  return event::Awaited{*std::move(answer), clock_.Monotonic()};
}

SessionEvent ClientDriver::Do(const action::Train& train) {
  const Membership& membership = session_.membership();
  progress_.round = train.round;
  progress_.part = 0;
  Show(Activity::kTraining);
  const absl::Duration start = clock_.Monotonic();
  absl::StatusOr<LocalUpdate> update =
      TrainRound(session_.model(), membership.plan, membership.key, membership.client_number,
                 *trainer_, [this](double done) {
                   progress_.part = done;
                   Show(Activity::kTraining);
                   return stop_.HasBeenNotified();
                 });
  if (!update.ok()) return event::LocalFault{1, update.status()};
  training_time_ = clock_.Monotonic() - start;
  progress_.loss = update->loss;
  return event::Trained{{train.round, std::move(update->words), update->examples, update->loss}};
}

SessionEvent ClientDriver::Do(const action::Submit&) {
  const RoundUpdate& update = session_.update();
  Show(Activity::kSending);
  absl::StatusOr<SubmitAnswer> answer = client_.Submit(session_.membership(), update);
  if (!answer.ok()) return Failed(answer.status());
  failed_ = false;
  progress_.bytes += update.words.size();
  log_.Info(
      absl::StrFormat(
          "round %d: loss %.4f, %d examples, %d bytes, trained in %.2f s, %s", update.round,
          update.loss, update.examples, update.words.size(), absl::ToDoubleSeconds(training_time_),
          answer->outcome == SubmitOutcome::kAccepted ? "accepted" : "too late to count"),
      update.round);
  if (report_) {
    absl::Status status = report_->Write(TrainingLine(update, answer->outcome, training_time_));
    if (!status.ok()) return event::LocalFault{1, std::move(status)};
  }
  return event::Submitted{*answer};
}

SessionEvent ClientDriver::Do(const action::FetchSnapshot&) {
  Show(Activity::kFetching);
  absl::StatusOr<std::string> bytes =
      client_.FetchSnapshot(session_.membership(), session_.model().snapshot_bytes());
  if (!bytes.ok()) return Failed(bytes.status());
  failed_ = false;
  progress_.bytes += bytes->size();
  return event::SnapshotFetched{*std::move(bytes)};
}

SessionEvent ClientDriver::Do(const action::Sleep& sleep) {
  if (failed_) {
    progress_.next_try = clock_.Monotonic() + sleep.duration;
    Show(Activity::kReconnecting);
  }
  client_.Wait(sleep.duration);
  return event::Woke{};
}

SessionEvent ClientDriver::Do(const action::Evaluate& evaluate) {
  progress_.round = evaluate.round;
  Show(Activity::kEvaluating);
  const absl::StatusOr<Evaluation> evaluation = trainer_->Evaluate(DenseWeights(session_.model()));
  if (!evaluation.ok()) return event::LocalFault{1, evaluation.status()};
  progress_.accuracy = evaluation->accuracy;
  log_.Info(absl::StrFormat("round %d: accuracy %.4f, loss %.4f, %d examples", evaluate.round,
                            evaluation->accuracy, evaluation->loss, evaluation->examples),
            evaluate.round);
  if (report_) {
    absl::Status status = report_->Write(EvaluationLine(evaluate, *evaluation));
    if (!status.ok()) return event::LocalFault{1, std::move(status)};
  }
  return event::Evaluated{{evaluate.round, evaluation->accuracy, evaluation->loss,
                           static_cast<uint32_t>(evaluation->examples)}};
}

SessionEvent ClientDriver::Do(const action::Report&) {
  Show(Activity::kSending);
  absl::Status status = client_.Report(session_.membership(), session_.report());
  if (!status.ok()) return Failed(std::move(status));
  failed_ = false;
  return event::Reported{};
}

SessionEvent ClientDriver::Do(const action::ConfirmEnd&) {
  absl::Status status = client_.ConfirmEnd(session_.membership());
  if (!status.ok()) return Failed(std::move(status));
  return event::EndConfirmed{};
}

SessionEvent ClientDriver::Do(const action::Finish&) { return event::Stop{}; }

}  // namespace seedfed
