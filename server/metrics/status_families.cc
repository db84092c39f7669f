#include "server/metrics/status_families.h"

#include <algorithm>
#include <optional>
#include <string>

#include "server/metrics/family.h"

namespace seedfed {
namespace {

using prometheus::MetricFamily;
using prometheus::MetricType;

constexpr const char* kStates[] = {"collecting", "waiting", "held", "publishing", "finished"};

void AppendRound(const v1::Status& status, std::vector<MetricFamily>& families) {
  AppendGauge(families, "seedfed_round", "The last complete round.", status.round());
  AppendGauge(families, "seedfed_rounds_planned", "Rounds planned; 0: without end.",
              status.rounds());
  FamilyBuilder state(MetricType::Gauge, "seedfed_federation_state",
                      "1 for the state the federation is in, 0 for the others.");
  for (const char* name : kStates) state.Add(status.state() == name, {{"state", name}});
  state.AppendTo(families);

  if (status.open_round().round() == 0) return;
  const v1::OpenRound& open = status.open_round();
  AppendGauge(families, "seedfed_open_round_updates", "Counted updates of the open round.",
              open.updates());
  AppendGauge(families, "seedfed_open_round_goal", "Updates that end the open round.", open.goal());
  AppendGauge(families, "seedfed_open_round_quorum",
              "Updates that end the open round at its deadline.", open.quorum());
  AppendGauge(families, "seedfed_open_round_age_seconds", "Time since the open round opened.",
              open.age());
}

void AppendClients(const v1::ClientCounts& clients, std::vector<MetricFamily>& families) {
  FamilyBuilder counts(MetricType::Gauge, "seedfed_clients",
                       "Members; live: heard of within the last deadline.");
  const auto add = [&](const char* role, uint32_t all, uint32_t live) {
    counts.Add(live, {{"role", role}, {"state", "live"}});
    counts.Add(all - std::min(all, live), {{"role", role}, {"state", "away"}});
  };
  add("trainer", clients.trainers(), clients.live());
  add("evaluator", clients.evaluators(), clients.live_evaluators());
  counts.AppendTo(families);
  AppendGauge(families, "seedfed_clients_needed", "Live trainers below which the federation waits.",
              clients.needed());
  AppendGauge(families, "seedfed_waiting_calls", "AwaitRound calls that are held.",
              clients.waiting_calls());
}

void AppendTraffic(const v1::Traffic& traffic, std::vector<MetricFamily>& families) {
  AppendCounter(families, "seedfed_received_bytes_total", "Serialised requests received.",
                traffic.bytes_up());
  AppendCounter(families, "seedfed_sent_bytes_total", "Serialised answers sent.",
                traffic.bytes_down());
  FamilyBuilder(MetricType::Counter, "seedfed_fp32_equivalent_bytes_total",
                "What the accepted updates (up) and the sent rounds (down) would have been as "
                "fp32 weights.")
      .Add(traffic.fp32_bytes_up(), {{"direction", "up"}})
      .Add(traffic.fp32_bytes_down(), {{"direction", "down"}})
      .AppendTo(families);
}

void AppendLearning(const v1::Status& status, std::vector<MetricFamily>& families) {
  std::optional<double> accuracy, loss, training_loss;
  if (status.has_latest()) {
    accuracy = status.latest().accuracy();
    loss = status.latest().loss();
  }
  if (status.has_training_loss()) training_loss = status.training_loss();
  AppendGauge(families, "seedfed_model_accuracy_ratio",
              "Share of the evaluators' examples that the newest evaluated model gets right.",
              accuracy);
  AppendGauge(families, "seedfed_model_loss_nats",
              "Mean cross-entropy of the newest evaluated model.", loss);
  AppendGauge(families, "seedfed_training_loss_nats",
              "Mean training loss of the last complete round.", training_loss);
}

}  // namespace

void AppendStatusFamilies(const v1::Status& status, std::vector<MetricFamily>& families) {
  FamilyBuilder(MetricType::Gauge, "seedfed_build_info", "1, labelled with the server's version.")
      .Add(1, {{"version", status.version()}})
      .AppendTo(families);
  AppendGauge(families, "process_start_time_seconds",
              "When the server started, seconds since 1970.", status.started());
  AppendRound(status, families);
  AppendClients(status.clients(), families);
  AppendTraffic(status.traffic(), families);
  AppendLearning(status, families);
}

}  // namespace seedfed
