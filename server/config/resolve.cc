#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "common/base/status.h"
#include "server/config/settings.h"

namespace seedfed {
namespace {

// The sum of all weights of a round's updates is at most this: the server's integer sums are proved
// for it.
constexpr uint64_t kMaxRoundWeight = uint64_t{1} << 32;
constexpr uint64_t kDefaultExampleCap = uint64_t{1} << 20;

// `result`, with the place of the setting in front of its error.
template <typename T>
absl::StatusOr<T> At(const std::string& where, absl::StatusOr<T> result) {
  if (result.ok()) return result;
  return absl::Status(result.status().code(), absl::StrCat(where, ": ", result.status().message()));
}

template <typename T>
void Take(const std::optional<Given<T>>& given, T& out) {
  if (given.has_value()) out = given->value;
}

void TakeSeconds(const Settings::Real& given, absl::Duration& out) {
  if (given.has_value()) out = absl::Milliseconds(std::llround(given->value * 1000));
}

absl::Status ResolveServer(const Settings& settings, ServerConfig& config) {
  if (settings.listen.has_value()) {
    SEEDFED_ASSIGN_OR_RETURN(config.listen,
                             At(settings.listen->where, HostPort::Parse(settings.listen->value)));
  }
  Take(settings.port_file, config.port_file);
  Take(settings.export_model, config.export_model);
  Take(settings.store, config.store);
  if (config.store.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(settings.store->where, " is empty; expected a folder"));
  }
  Take(settings.log_level, config.log_level);
  constexpr absl::string_view kLevels[] = {"debug", "info", "warning", "error"};
  if (std::find(std::begin(kLevels), std::end(kLevels), config.log_level) == std::end(kLevels)) {
    return absl::InvalidArgumentError(absl::StrCat(settings.log_level->where, " is '",
                                                   config.log_level,
                                                   "'; expected debug, info, warning or error"));
  }
  if (settings.log_format) {
    const std::optional<LogFormat> format = ParseLogFormat(settings.log_format->value);
    if (!format) {
      return absl::InvalidArgumentError(absl::StrCat(settings.log_format->where, " is '",
                                                     settings.log_format->value,
                                                     "'; expected text or json"));
    }
    config.log_format = *format;
  }
  Take(settings.exit_when_done, config.exit_when_done);
  TakeSeconds(settings.poll_seconds, config.poll);
  return absl::OkStatus();
}

absl::Status TakeFile(const Settings::Text& given, std::string& out) {
  Take(given, out);
  if (!given.has_value() || !out.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(given->where, " is empty; expected a file"));
}

absl::Status Needs(const Settings::Text& given, const Settings::Text& other,
                   absl::string_view needed) {
  if (!given.has_value() || other.has_value()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(given->where, " is given without ", needed, "; expected both"));
}

absl::Status ResolveTls(const Settings& settings, ServerConfig& config) {
  SEEDFED_RETURN_IF_ERROR(TakeFile(settings.tls_certificate, config.tls.certificate));
  SEEDFED_RETURN_IF_ERROR(TakeFile(settings.tls_key, config.tls.key));
  SEEDFED_RETURN_IF_ERROR(TakeFile(settings.tls_client_ca, config.tls.client_ca));
  SEEDFED_RETURN_IF_ERROR(Needs(settings.tls_certificate, settings.tls_key, "tls.key (--tls-key)"));
  SEEDFED_RETURN_IF_ERROR(
      Needs(settings.tls_key, settings.tls_certificate, "tls.certificate (--tls-cert)"));
  SEEDFED_RETURN_IF_ERROR(
      Needs(settings.tls_client_ca, settings.tls_certificate, "tls.certificate (--tls-cert)"));
  Take(settings.insecure, config.insecure);
  if (config.listen.IsLoopback() || config.tls.enabled() || config.insecure) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat(
      settings.listen->where, " is ", settings.listen->value,
      ", which is not only this machine's, and there is no encryption; expected tls.certificate ",
      "and tls.key (--tls-cert, --tls-key), or server.insecure (--insecure) where the network is ",
      "trusted"));
}

absl::Status ResolveHttp(const Settings& settings, ServerConfig& config) {
  SEEDFED_RETURN_IF_ERROR(TakeFile(settings.admin_token_file, config.admin_token_file));
  Take(settings.http_port_file, config.http_port_file);
  if (!settings.http_listen.has_value()) return absl::OkStatus();
  const auto& [address, where] = *settings.http_listen;
  config.http_any_port = false;
  config.http.reset();
  if (address == "none") return absl::OkStatus();
  SEEDFED_ASSIGN_OR_RETURN(config.http, At(where, HostPort::Parse(address)));
  if (config.http->IsLoopback()) return absl::OkStatus();
  if (config.admin_token_file.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(
        where, " is ", address, ", which is not only this machine's; expected an address such as ",
        "127.0.0.1:7780, or a token in admin.token_file (--admin-token-file)"));
  }
  if (config.insecure) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      where, " is ", address, ", which is not only this machine's, and the page is not encrypted; ",
      "expected an address such as 127.0.0.1:7780 behind a proxy that encrypts, or ",
      "server.insecure (--insecure) where the network is trusted"));
}

absl::Status ResolveAdmission(const Settings& settings, ServerConfig& config) {
  Take(settings.client_token_file, config.client_token_file);
  if (settings.client_token_file.has_value() && config.client_token_file.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(settings.client_token_file->where, " is empty; expected a file"));
  }
  CallLimits& limits = config.limits;
  Take(settings.calls_per_second, limits.calls_per_second);
  Take(settings.address_calls_per_second, limits.address_calls_per_second);
  Take(settings.connections, limits.connections);
  Take(settings.address_connections, limits.address_connections);
  Take(settings.client_connections, limits.client_connections);
  Take(settings.connection_calls, limits.connection_calls);
  if (settings.queue_mib.has_value()) limits.queue = uint64_t{settings.queue_mib->value} << 20;
  TakeSeconds(settings.idle_seconds, limits.idle);
  TakeSeconds(settings.stall_seconds, limits.stall);
  return absl::OkStatus();
}

absl::Status ResolveModel(const Settings& settings, ServerConfig& config) {
  ModelSpec& model = config.model;
  if (settings.mode.has_value()) {
    SEEDFED_ASSIGN_OR_RETURN(model.mode, At(settings.mode->where, ParseMode(settings.mode->value)));
  }
  if (settings.codec.has_value()) {
    SEEDFED_ASSIGN_OR_RETURN(model.codec,
                             At(settings.codec->where, ParseCodec(settings.codec->value)));
  } else if (model.mode == Mode::kPure) {
    model.codec = Codec::kSingle;
  }
  const std::string layers =
      settings.layers.has_value() ? settings.layers->value : "784-256-128-10";
  const std::vector<uint32_t> tiles =
      settings.tile.has_value() ? settings.tile->value : std::vector<uint32_t>{LayerSpec().tile};
  SEEDFED_ASSIGN_OR_RETURN(model.layers, MlpLayers(layers, tiles));
  Take(settings.phase_bits, model.phase_bits);
  Take(settings.gain, model.gain);
  if (settings.key.has_value()) {
    SEEDFED_ASSIGN_OR_RETURN(config.key,
                             At(settings.key->where, FederationKey::Parse(settings.key->value)));
  }
  return ValidateSpec(model);
}

absl::Status AtMostClients(const Settings::Whole& given, uint32_t clients) {
  if (!given.has_value() || given->value <= clients) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(given->where, " is ", given->value,
                   "; expected at most the number of clients, which is ", clients));
}

absl::Status ResolveRounds(const Settings& settings, ServerConfig& config) {
  Take(settings.rounds, config.rounds);
  if (config.rounds == 0 && config.exit_when_done) {
    return absl::InvalidArgumentError(
        absl::StrCat(settings.exit_when_done->where,
                     " is true, but rounds is 0, without end; expected a number of rounds"));
  }
  Take(settings.clients, config.clients);
  SEEDFED_RETURN_IF_ERROR(AtMostClients(settings.quorum, config.clients));
  SEEDFED_RETURN_IF_ERROR(AtMostClients(settings.min_clients, config.clients));
  config.quorum = settings.quorum.has_value() ? settings.quorum->value : config.clients;
  config.min_clients =
      settings.min_clients.has_value() ? settings.min_clients->value : config.quorum;
  TakeSeconds(settings.deadline_seconds, config.deadline);

  const uint64_t most = kMaxRoundWeight / config.clients;
  config.example_cap = static_cast<uint32_t>(std::min(kDefaultExampleCap, most));
  if (settings.example_cap.has_value() && settings.example_cap->value > most) {
    return absl::InvalidArgumentError(absl::StrCat(
        settings.example_cap->where, " is ", settings.example_cap->value, "; expected at most ",
        most, " with ", config.clients, " clients (2^32 together)"));
  }
  Take(settings.example_cap, config.example_cap);
  return absl::OkStatus();
}

absl::Status ResolveAggregation(const Settings& settings, ServerConfig& config) {
  AggregationRules& rules = config.aggregation;
  if (settings.strategy.has_value()) {
    SEEDFED_ASSIGN_OR_RETURN(rules.strategy,
                             At(settings.strategy->where, ParseStrategy(settings.strategy->value)));
  }
  Take(settings.trim, rules.trim);
  Take(settings.attackers, rules.attackers);
  Take(settings.norm_bound, rules.norm_bound);
  return ValidateAggregationRules(rules, config.quorum);
}

absl::Status ResolveTraining(const Settings& settings, ServerConfig& config) {
  TrainingPlan& plan = config.training;
  const std::vector<LayerSpec>& layers = config.model.layers;
  Take(settings.learning_rate, plan.learning_rate);
  if (plan.learning_rate.empty()) {
    for (const LayerSpec& layer : layers) {
      plan.learning_rate.push_back(
          DefaultLearningRate(config.model.codec, config.model.mode, layer.tile));
    }
  }
  if (plan.learning_rate.size() == 1)
    plan.learning_rate.resize(layers.size(), plan.learning_rate[0]);
  Take(settings.learning_rate_decay, plan.learning_rate_decay);
  Take(settings.batch, plan.batch);
  Take(settings.samples, plan.samples);
  Take(settings.input_mean, plan.input_mean);
  Take(settings.input_stddev, plan.input_stddev);
  Take(settings.participation, plan.participation);
  return ValidatePlan(plan, layers.size());
}

absl::Status ResolveSimulation(const Settings& settings, ServerConfig& config) {
  Take(settings.shards, config.shards);
  Take(settings.alpha, config.alpha);
  if (config.shards > 0) return ValidateShard({0, config.shards, config.alpha});
  if (config.alpha == 0) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(settings.alpha->where, " is ", config.alpha,
                                                 ", but shards is 0; expected a number of shards"));
}

// After model and rounds.
void ResolveMemory(const Settings& settings, ServerConfig& config) {
  const uint64_t updates = uint64_t{config.clients} * config.model.update_bytes();
  config.limits.memory = std::max(config.limits.memory, 2 * updates);
  if (settings.memory_mib.has_value()) {
    config.limits.memory = uint64_t{settings.memory_mib->value} << 20;
  }
}

}  // namespace

absl::StatusOr<ServerConfig> ResolveSettings(const Settings& settings) {
  ServerConfig config;
  SEEDFED_RETURN_IF_ERROR(ResolveServer(settings, config));
  SEEDFED_RETURN_IF_ERROR(ResolveTls(settings, config));
  SEEDFED_RETURN_IF_ERROR(ResolveHttp(settings, config));
  SEEDFED_RETURN_IF_ERROR(ResolveAdmission(settings, config));
  SEEDFED_RETURN_IF_ERROR(ResolveModel(settings, config));
  SEEDFED_RETURN_IF_ERROR(ResolveRounds(settings, config));
  ResolveMemory(settings, config);
  SEEDFED_RETURN_IF_ERROR(ResolveAggregation(settings, config));
  SEEDFED_RETURN_IF_ERROR(ResolveTraining(settings, config));
  SEEDFED_RETURN_IF_ERROR(ResolveSimulation(settings, config));
  Take(settings.keep_update_rounds, config.keep_update_rounds);
  Take(settings.snapshot_every, config.snapshot_every);
  return config;
}

}  // namespace seedfed
