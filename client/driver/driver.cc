#include "client/driver/driver.h"

#include <spdlog/spdlog.h>

#include <utility>

#include "client/core/local_round.h"
#include "client/core/seed_optimiser.h"
#include "client/driver/local_data.h"
#include "client/trainer/mlp.h"
#include "common/base/status.h"

namespace seedfed {
namespace {

void Log(const SessionNote& note) {
  switch (note.level) {
    case SessionNote::Level::kInfo:
      return spdlog::info("{}", note.text);
    case SessionNote::Level::kWarning:
      return spdlog::warn("{}", note.text);
    case SessionNote::Level::kError:
      return spdlog::error("{}", note.text);
  }
}

}  // namespace

ClientDriver::ClientDriver(ClientOptions options, std::string software, Dataset data,
                           std::optional<LineFile> report, const Clock& clock, RandomSource& random)
    : options_(std::move(options)),
      clock_(clock),
      data_(std::move(data)),
      report_(std::move(report)),
      session_({options_.role, options_.server, options_.give_up}, random),
      client_(options_.server, {options_.id, options_.role, std::move(software)}) {}

int ClientDriver::Run() {
  SessionStep step = session_.Start();
  while (true) {
    for (const SessionNote& note : step.notes) Log(note);
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

SessionEvent ClientDriver::Failed(absl::Status status) const {
  return event::CallFailed{std::move(status), clock_.Monotonic()};
}

SessionEvent ClientDriver::Do(const action::Join&) {
  absl::StatusOr<Membership> membership = client_.Join();
  if (!membership.ok()) return Failed(membership.status());
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
  SEEDFED_ASSIGN_OR_RETURN(trainer_, MlpTrainer::Create(membership.model.layers, std::move(data)));
  if (membership.shard && options_.role == ClientRole::kTrain) {
    spdlog::info("this client's data are {} examples, part {} of {}", trainer_->examples(),
                 membership.shard->index + 1, membership.shard->count);
  } else {
    spdlog::info("this client's data are {} examples", trainer_->examples());
  }
  return absl::OkStatus();
}

SessionEvent ClientDriver::Do(const action::Prepare&) {
  if (absl::Status status = PrepareTrainer(); !status.ok()) {
    constexpr int kBadInput = 2;
    return event::LocalFault{kBadInput, std::move(status)};
  }
  return event::Prepared{};
}

SessionEvent ClientDriver::Do(const action::Await& await) {
  absl::StatusOr<AwaitAnswer> answer = client_.Await(session_.membership(), await.have_round);
  if (!answer.ok()) return Failed(answer.status());
  return event::Awaited{*std::move(answer), clock_.Monotonic()};
}

SessionEvent ClientDriver::Do(const action::Train& train) {
  const Membership& membership = session_.membership();
  const absl::Duration start = clock_.Monotonic();
  absl::StatusOr<LocalUpdate> update =
      TrainRound(session_.model(), membership.plan, membership.key, membership.client_number,
                 *trainer_, [this] { return stop_.HasBeenNotified(); });
  if (!update.ok()) return event::LocalFault{1, update.status()};
  training_time_ = clock_.Monotonic() - start;
  return event::Trained{{train.round, std::move(update->words), update->examples, update->loss}};
}

SessionEvent ClientDriver::Do(const action::Submit&) {
  const RoundUpdate& update = session_.update();
  absl::StatusOr<SubmitAnswer> answer = client_.Submit(session_.membership(), update);
  if (!answer.ok()) return Failed(answer.status());
  spdlog::info("round {}: loss {:.4f}, {} examples, {} bytes, trained in {:.2f} s, {}",
               update.round, update.loss, update.examples, update.words.size(),
               absl::ToDoubleSeconds(training_time_),
               answer->outcome == SubmitOutcome::kAccepted ? "accepted" : "too late to count");
  if (report_) {
    absl::Status status = report_->Write(TrainingLine(update, answer->outcome, training_time_));
    if (!status.ok()) return event::LocalFault{1, std::move(status)};
  }
  return event::Submitted{*answer};
}

SessionEvent ClientDriver::Do(const action::FetchSnapshot&) {
  absl::StatusOr<std::string> bytes =
      client_.FetchSnapshot(session_.membership(), session_.model().snapshot_bytes());
  if (!bytes.ok()) return Failed(bytes.status());
  return event::SnapshotFetched{*std::move(bytes)};
}

SessionEvent ClientDriver::Do(const action::Sleep& sleep) {
  stop_.WaitForNotificationWithTimeout(sleep.duration);
  return event::Woke{};
}

SessionEvent ClientDriver::Do(const action::Evaluate& evaluate) {
  const absl::StatusOr<Evaluation> evaluation = trainer_->Evaluate(DenseWeights(session_.model()));
  if (!evaluation.ok()) return event::LocalFault{1, evaluation.status()};
  spdlog::info("round {}: accuracy {:.4f}, loss {:.4f}, {} examples", evaluate.round,
               evaluation->accuracy, evaluation->loss, evaluation->examples);
  if (report_) {
    absl::Status status = report_->Write(EvaluationLine(evaluate, *evaluation));
    if (!status.ok()) return event::LocalFault{1, std::move(status)};
  }
  return event::Evaluated{{evaluate.round, evaluation->accuracy, evaluation->loss,
                           static_cast<uint32_t>(evaluation->examples)}};
}

SessionEvent ClientDriver::Do(const action::Report&) {
  absl::Status status = client_.Report(session_.membership(), session_.report());
  if (!status.ok()) return Failed(std::move(status));
  return event::Reported{};
}

SessionEvent ClientDriver::Do(const action::Finish&) { return event::Stop{}; }

}  // namespace seedfed
