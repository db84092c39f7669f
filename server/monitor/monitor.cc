#include "server/monitor/monitor.h"

#include <algorithm>

#include "common/wire/convert.h"

namespace seedfed {
namespace {

constexpr absl::Duration kRateWindow = absl::Seconds(10);
constexpr uint32_t kDefaultPoints = 1000;
constexpr uint32_t kMostPoints = 10000;
constexpr double kFp32Bytes = 4;
constexpr size_t kWordBytes = 16;

double Fp32Bytes(const ModelSpec& spec) { return kFp32Bytes * static_cast<double>(spec.weights()); }

double SecondsSince1970(absl::Time time) { return absl::ToDoubleSeconds(time - absl::UnixEpoch()); }

void Fill(const FederationCore& core, v1::ModelSummary& message) {
  const ModelSpec& spec = core.codec().spec();
  for (const LayerSpec& layer : spec.layers) {
    ModelSpec alone = spec;
    alone.layers = {layer};
    v1::LayerSummary& summary = *message.add_layers();
    summary.set_inputs(layer.cols - 1);
    summary.set_outputs(layer.rows);
    summary.set_tile(layer.tile);
    summary.set_words(static_cast<uint32_t>((alone.update_bytes() + kWordBytes - 1) / kWordBytes));
  }
  message.set_parameters(static_cast<double>(spec.weights()));
  message.set_codec(std::string(CodecName(spec.codec)));
  message.set_mode(std::string(ModeName(spec.mode)));
  message.set_phase_bits(spec.phase_bits);
  message.set_update_bytes(static_cast<double>(spec.update_bytes()));
  message.set_fp32_bytes(Fp32Bytes(spec));
  message.set_fingerprint(ToHex(core.fingerprint()));
  message.set_base_checksum(ToHex(core.base_checksum()));
}

void Fill(const Progress& progress, const RoundRules& rules, v1::OpenRound& message) {
  message.set_round(progress.open_round);
  message.set_updates(progress.updates);
  message.set_goal(rules.goal);
  message.set_quorum(rules.quorum);
  message.set_age(absl::ToDoubleSeconds(progress.age));
  if (progress.until_deadline) {
    message.set_seconds_left(absl::ToDoubleSeconds(*progress.until_deadline));
  }
}

}  // namespace

void Monitor::Evaluations::Add(const EvaluationRecord& record) {
  if (record.round != round) *this = {.round = record.round};
  examples += record.examples;
  accuracy += record.accuracy * record.examples;
  loss += record.loss * record.examples;
}

void Monitor::Evaluations::Fill(v1::Evaluated& message) const {
  message.set_round(round);
  message.set_accuracy(MeanAccuracy());
  message.set_loss(loss / examples);
  message.set_examples(examples);
}

void Monitor::AddEvaluation(const EvaluationRecord& record) {
  series_.Evaluated(record);
  if (record.round < latest_.round) return;
  if (record.round > latest_.round) best_before_ = best_;
  latest_.Add(record);
  const bool better =
      best_before_.round == 0 || latest_.MeanAccuracy() > best_before_.MeanAccuracy();
  best_ = better ? latest_ : best_before_;
}

void Monitor::Restore(std::span<const RoundRecord> rounds) {
  for (const RoundRecord& round : rounds) {
    series_.Append(round);
    last_training_loss_ = round.training_loss;
    last_round_seconds_ = round.duration_ms / 1000.0;
  }
}

void Monitor::Restore(std::span<const EvaluationRecord> evaluations) {
  for (const EvaluationRecord& record : evaluations) AddEvaluation(record);
}

void Monitor::Observe(const Event& event, absl::Time time) {
  events_.Add(event, time);
  clients_.Observe(event);
  switch (event.kind) {
    case EventKind::kUpdateAccepted:
      ++accepted_;
      break;
    case EventKind::kUpdateLate:
      ++late_;
      series_.CountLate(event.round);
      break;
    case EventKind::kUpdateRefused:
      series_.CountRefused();
      break;
    case EventKind::kEvaluated:
      AddEvaluation(std::get<EvaluationRecord>(event.details));
      break;
    case EventKind::kRoundComplete: {
      const RoundRecord& record = *std::get<RoundDetails>(event.details).record;
      Restore(std::span(&record, 1));
      round_ends_.push_back(time);
      while (round_ends_.front() < time - kRateWindow) round_ends_.pop_front();
      break;
    }
    default:
      break;
  }
}

void Monitor::CountTraffic(uint64_t bytes_up, uint64_t bytes_down, uint64_t rounds_down) {
  bytes_up_ += bytes_up;
  bytes_down_ += bytes_down;
  rounds_down_ += rounds_down;
}

double Monitor::RoundsPerSecond(absl::Time time) const {
  const auto first = std::find_if(round_ends_.begin(), round_ends_.end(),
                                  [time](absl::Time end) { return end >= time - kRateWindow; });
  const auto recent = static_cast<double>(round_ends_.end() - first);
  // Slow rounds, and the first ones: their length says more than a count over the window.
  constexpr double kEnough = 3;
  if (recent >= kEnough && time - facts_.started > kRateWindow) {
    return recent / absl::ToDoubleSeconds(kRateWindow);
  }
  return last_round_seconds_ > 0 ? 1 / last_round_seconds_ : 0;
}

v1::Status Monitor::Status(const FederationCore& core, absl::Duration now, absl::Time time) const {
  const Progress progress = core.progress(now);
  const double fp32_bytes = Fp32Bytes(core.codec().spec());
  v1::Status status;
  status.set_version(facts_.version);
  status.set_protocol(kProtocolVersion);
  status.set_federation_id(ToHex(core.id()));
  status.set_time(SecondsSince1970(time));
  status.set_started(SecondsSince1970(facts_.started));
  status.set_state(std::string(progress.state));
  status.set_round(progress.round);
  status.set_rounds(core.rules().rounds);
  Fill(progress, core.rules(), *status.mutable_open_round());

  v1::ClientCounts& clients = *status.mutable_clients();
  clients.set_trainers(core.members().trainers());
  clients.set_evaluators(core.members().evaluators());
  clients.set_live(progress.live_trainers);
  clients.set_needed(core.rules().min_clients);
  clients.set_waiting_calls(progress.waiting_calls);
  clients.set_live_evaluators(progress.live_evaluators);

  Fill(core, *status.mutable_model());

  v1::Traffic& traffic = *status.mutable_traffic();
  traffic.set_bytes_up(static_cast<double>(bytes_up_));
  traffic.set_bytes_down(static_cast<double>(bytes_down_));
  traffic.set_fp32_bytes_up(static_cast<double>(accepted_) * fp32_bytes);
  traffic.set_fp32_bytes_down(static_cast<double>(rounds_down_) * fp32_bytes);
  traffic.set_updates(static_cast<double>(accepted_));
  traffic.set_late(static_cast<double>(late_));

  for (size_t i = 0; i < kRefusalReasons; ++i) {
    const auto reason = static_cast<RefusalReason>(i);
    v1::Refused& refused = *status.add_refused();
    refused.set_reason(std::string(RefusalReasonName(reason)));
    refused.set_updates(static_cast<double>(core.refusals().of(reason)));
  }
  if (latest_.round != 0) {
    latest_.Fill(*status.mutable_latest());
    best_.Fill(*status.mutable_best());
  }
  for (const auto& [name, value] : facts_.settings) {
    v1::Setting& setting = *status.add_settings();
    setting.set_name(name);
    setting.set_value(value);
  }
  status.set_rounds_per_second(RoundsPerSecond(time));
  if (last_training_loss_) status.set_training_loss(*last_training_loss_);
  return status;
}

v1::Rounds Monitor::Rounds(uint32_t first, uint32_t last, uint32_t points,
                           const FederationCore& core) const {
  if (last == 0) last = series_.last_round();
  points = points == 0 ? kDefaultPoints : std::min(points, kMostPoints);
  v1::Rounds rounds;
  rounds.set_stride(series_.Stride(first, last, points));
  for (const RoundSeries::Row& row : series_.Rows(first, last, points)) {
    rounds.add_round(row.last_round);
    rounds.add_training_loss(row.training_loss / row.rounds);
    rounds.add_updates(row.updates / row.rounds);
    rounds.add_late(row.late / row.rounds);
    rounds.add_refused(row.refused / row.rounds);
    rounds.add_seconds(row.seconds / row.rounds);
    rounds.add_bytes_up(row.bytes_up / row.rounds);
    if (row.evaluated_round == 0) continue;
    rounds.add_evaluated_round(row.evaluated_round);
    rounds.add_accuracy(row.accuracy / row.examples);
    rounds.add_evaluation_loss(row.loss / row.examples);
  }
  rounds.set_update_bytes(static_cast<double>(core.codec().spec().update_bytes()));
  rounds.set_fp32_bytes(Fp32Bytes(core.codec().spec()));
  return rounds;
}

}  // namespace seedfed
