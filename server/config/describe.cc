#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/config/server_config.h"

namespace seedfed {
namespace {

std::string Tiles(const ModelSpec& spec) {
  return absl::StrJoin(spec.layers, ", ", [](std::string* out, const LayerSpec& layer) {
    absl::StrAppend(out, layer.tile);
  });
}

std::string Seconds(absl::Duration duration) {
  return absl::StrCat(absl::ToDoubleSeconds(duration));
}

std::string NameOrNone(const std::string& name) { return name.empty() ? "none" : name; }

}  // namespace

std::vector<std::pair<std::string, std::string>> DescribeSettings(const ServerConfig& config) {
  const ModelSpec& model = config.model;
  const TrainingPlan& training = config.training;
  return {
      {"server.listen", config.listen.ToString()},
      {"server.store", config.store},
      {"server.poll_seconds", Seconds(config.poll)},
      {"tls.certificate", NameOrNone(config.tls.certificate)},
      {"tls.client_ca", NameOrNone(config.tls.client_ca)},
      {"limits.calls_per_second", absl::StrCat(config.limits.calls_per_second)},
      {"limits.address_calls_per_second", absl::StrCat(config.limits.address_calls_per_second)},
      {"limits.connections", absl::StrCat(config.limits.connections)},
      {"limits.address_connections", absl::StrCat(config.limits.address_connections)},
      {"limits.client_connections", absl::StrCat(config.limits.client_connections)},
      {"limits.connection_calls", absl::StrCat(config.limits.connection_calls)},
      {"limits.memory_mib", absl::StrCat(config.limits.memory >> 20)},
      {"limits.queue_mib", absl::StrCat(config.limits.queue >> 20)},
      {"limits.idle_seconds", Seconds(config.limits.idle)},
      {"limits.stall_seconds", Seconds(config.limits.stall)},
      {"model.layers", DescribeLayers(model.layers)},
      {"model.tile", Tiles(model)},
      {"model.codec", std::string(CodecName(model.codec))},
      {"model.mode", std::string(ModeName(model.mode))},
      {"model.phase_bits", absl::StrCat(model.phase_bits)},
      {"model.gain", absl::StrCat(model.gain)},
      {"rounds.rounds", absl::StrCat(config.rounds)},
      {"rounds.clients", absl::StrCat(config.clients)},
      {"rounds.quorum", absl::StrCat(config.quorum)},
      {"rounds.min_clients", absl::StrCat(config.min_clients)},
      {"rounds.deadline_seconds", Seconds(config.deadline)},
      {"rounds.participation", absl::StrCat(training.participation)},
      {"rounds.example_cap", absl::StrCat(config.example_cap)},
      {"aggregation.strategy", std::string(StrategyName(config.aggregation.strategy))},
      {"aggregation.trim", absl::StrCat(config.aggregation.trim)},
      {"aggregation.attackers", absl::StrCat(config.aggregation.attackers)},
      {"aggregation.norm_bound", absl::StrCat(config.aggregation.norm_bound)},
      {"training.learning_rate", absl::StrJoin(training.learning_rate, ", ")},
      {"training.learning_rate_decay", absl::StrCat(training.learning_rate_decay)},
      {"training.batch", absl::StrCat(training.batch)},
      {"training.samples", absl::StrCat(training.samples)},
      {"training.input_mean", absl::StrCat(training.input_mean)},
      {"training.input_stddev", absl::StrCat(training.input_stddev)},
      {"simulation.shards", absl::StrCat(config.shards)},
      {"simulation.alpha", absl::StrCat(config.alpha)},
      {"store.keep_update_rounds", absl::StrCat(config.keep_update_rounds)},
      {"store.snapshot_every", absl::StrCat(config.snapshot_every)},
  };
}

}  // namespace seedfed
