#include "server/config/settings.h"

#include <cmath>
#include <type_traits>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/status.h"

namespace seedfed {
namespace {

using S = Settings;

constexpr double kMillion = 1 << 20;  // 2^20
constexpr double kWhole32 = 4294967295;

const Setting kSettings[] = {
    {"server", "listen", "listen", "HOST:PORT", "where to listen; port 0: any free port",
     "127.0.0.1:7733", &S::listen},
    {"server", "insecure", "insecure", "",
     "listen beyond this machine though there is no encryption", "false", &S::insecure},
    {"server", "port_file", "port-file", "FILE",
     "write the port there after listening; default: nowhere", nullptr, &S::port_file},
    {"server", "export_model", "export-model", "FILE",
     "write the model there (a snapshot) when the server stops; default: nowhere", nullptr,
     &S::export_model},
    {"server", "store", "store", "DIR", "folder of the federation's state, made if absent",
     "seedfed-store", &S::store},
    {"server", "log_level", "log-level", "LEVEL",
     "least severe lines to log: debug, info, warning or error", "info", &S::log_level},
    {"server", "log_format", "log-format", "FORMAT",
     "log for people, text, or for programs, json: one object a line", "text", &S::log_format},
    {"server", "exit_when_done", "exit-when-done", "",
     "exit 0 after the last round, once clients know of it", "false", &S::exit_when_done},
    {"server", "poll_seconds", "poll", "SECONDS", "longest time a client's poll is held", "20",
     &S::poll_seconds, 0.001, 3600},

    {"tls", "certificate", "tls-cert", "FILE",
     "PEM file of the server's certificate: clients must use TLS; default: no encryption", nullptr,
     &S::tls_certificate},
    {"tls", "key", "tls-key", "FILE", "PEM file of the certificate's key", nullptr, &S::tls_key},
    {"tls", "client_ca", "tls-client-ca", "FILE",
     "PEM file of who signs clients' certificates, which they then need; default: they need none",
     nullptr, &S::tls_client_ca},

    {"http", "listen", "http", "HOST:PORT",
     "where to serve the page, or none; default: 127.0.0.1:7780, or a free port where that is "
     "taken",
     nullptr, &S::http_listen},
    {"http", "port_file", "http-port-file", "FILE",
     "write the page's port there after listening; default: nowhere", nullptr, &S::http_port_file},

    {"admin", "token_file", "admin-token-file", "FILE",
     "what operators must show: one line, at least 16 characters; default: only this machine is "
     "served",
     nullptr, &S::admin_token_file},

    {"clients", "token_file", "client-token-file", "FILE",
     "digests of the tokens that clients must show, made by 'seedfed token'; default: none is "
     "asked "
     "for",
     nullptr, &S::client_token_file},

    {"limits", "calls_per_second", "calls-per-second", "N",
     "calls of a client that has proved who it is", "200", &S::calls_per_second, 0.001, 1e9},
    {"limits", "address_calls_per_second", "address-calls-per-second", "N",
     "calls of all others from one address", "50000", &S::address_calls_per_second, 0.001, 1e9},
    {"limits", "connections", "connections", "N",
     "open connections, if the process may open as many files", "16000", &S::connections, 1, 1e9},
    {"limits", "address_connections", "address-connections", "N",
     "open connections from one address", "4000", &S::address_connections, 1, 1e9},
    {"limits", "client_connections", "client-connections", "N",
     "connections with open calls of a client that has proved who it is", "16",
     &S::client_connections, 1, kMillion},
    {"limits", "connection_calls", "connection-calls", "N", "open calls of one connection", "10000",
     &S::connection_calls, 1, kMillion},
    {"limits", "memory_mib", "memory", "MIB",
     "memory of all connections and the calls on them; default: 1024, and two updates of each "
     "client",
     nullptr, &S::memory_mib, 16, kMillion},
    {"limits", "queue_mib", "queue", "MIB", "updates that have come and are not stored yet", "256",
     &S::queue_mib, 1, kMillion},
    {"limits", "idle_seconds", "idle", "SECONDS", "time after which an unused connection is closed",
     "600", &S::idle_seconds, 1, 31536000},
    {"limits", "stall_seconds", "stall", "SECONDS",
     "time after which a snapshot whose reader takes nothing is ended", "60", &S::stall_seconds,
     0.001, 31536000},

    {"model", "layers", "model", "A-B-...",
     "layer sizes of the perceptron: inputs, hidden, outputs", "784-256-128-10", &S::layers},
    {"model", "tile", "tile", "N[,N...]", "tile side, for all layers or for each: 4, 8, 16 ... 256",
     "8", &S::tile, 0, kWhole32},
    {"model", "codec", "codec", "CODEC",
     "ensemble, single or dense; default: ensemble, in mode pure single", nullptr, &S::codec},
    {"model", "mode", "mode", "MODE", "rolling or pure", "rolling", &S::mode},
    {"model", "phase_bits", "phase-bits", "BITS", "rotation phases: 2 (four) or 4 (sixteen)", "2",
     &S::phase_bits, 0, kWhole32},
    {"model", "gain", "gain", "G", "a layer's gain is G / sqrt(inputs + 1)", "8", &S::gain, 0.0625,
     1024},
    {"model", "key", "key", "KEY",
     "number below 2^64, or 32 hex digits; default: the store's, or random", nullptr, &S::key},

    {"rounds", "rounds", "rounds", "N", "planned rounds; 0: without end", "60", &S::rounds, 0,
     2147483647},
    {"rounds", "clients", "clients", "N", "updates that end a round", "10", &S::clients, 1,
     kMillion},
    {"rounds", "quorum", "quorum", "N",
     "updates that end a round at its deadline; default: clients", nullptr, &S::quorum, 1,
     kMillion},
    {"rounds", "min_clients", "min-clients", "N",
     "trainers needed for the deadline to run; default: quorum", nullptr, &S::min_clients, 1,
     kMillion},
    {"rounds", "deadline_seconds", "deadline", "SECONDS", "time for a round", "300",
     &S::deadline_seconds, 0.001, 31536000},
    {"rounds", "participation", "participation", "P",
     "probability that a trainer takes part in a round, above 0", "1", &S::participation, 1e-9, 1},
    {"rounds", "example_cap", "example-cap", "N",
     "most examples an update counts for; default: 2^20, or less", nullptr, &S::example_cap, 1,
     kWhole32},

    {"aggregation", "strategy", "aggregation", "STRATEGY",
     "mean, median, trimmed_mean, krum, multi_krum, norm_bound or cosine", "mean", &S::strategy},
    {"aggregation", "trim", "trim", "X",
     "trimmed_mean: share of the updates cut off at each end, below 0.5", "0.2", &S::trim, 0, 0.5},
    {"aggregation", "attackers", "attackers", "N",
     "krum, multi_krum, cosine: how many of a round's updates may be an attacker's", "0",
     &S::attackers, 0, kMillion},
    {"aggregation", "norm_bound", "norm-bound", "X",
     "norm_bound, cosine: longest update, in median lengths", "1", &S::norm_bound, 0.001, 1000},

    {"training", "learning_rate", "lr", "X[,X...]",
     "Adam's step, for all layers or for each; default: by tile", nullptr, &S::learning_rate, 1e-12,
     1000},
    {"training", "learning_rate_decay", "lr-decay", "X",
     "factor on the learning rate per round, at most 1", "0.97", &S::learning_rate_decay, 1e-12, 1},
    {"training", "batch", "batch", "N", "examples per step", "64", &S::batch, 1, kMillion},
    {"training", "samples", "samples", "N", "examples per client and round; 0: all the client has",
     "2000", &S::samples, 0, kWhole32},
    {"training", "input_mean", "input-mean", "X",
     "an input x enters the network as (x - mean) / stddev", "0.286", &S::input_mean, -1e9, 1e9},
    {"training", "input_stddev", "input-stddev", "X", "see --input-mean; above 0", "0.353",
     &S::input_stddev, 1e-9, 1e9},

    {"simulation", "shards", "shards", "N", "cut one data set in N parts, one per client; 0: no",
     "0", &S::shards, 0, kMillion},
    {"simulation", "alpha", "alpha", "A", "Dirichlet skew of the parts' labels; 0: none", "0",
     &S::alpha, 0, 1e6},

    {"store", "keep_update_rounds", "keep-update-rounds", "N",
     "complete rounds whose updates are kept", "0", &S::keep_update_rounds, 0, kWhole32},
    {"store", "snapshot_every", "snapshot-every", "N",
     "rounds between stored models; 0: store none", "100", &S::snapshot_every, 0, kWhole32},
};

template <typename T>
bool Is(const Setting& setting) {
  return std::holds_alternative<T S::*>(setting.field);
}

absl::Status NotExpected(const Setting& setting, const std::string& where,
                         absl::string_view value) {
  return absl::InvalidArgumentError(
      absl::StrCat(where, " is ", value, "; expected ", ExpectedValue(setting)));
}

// absl::StrCat keeps six digits, which is too few for whole numbers.
std::string NumberText(double value) {
  constexpr double kExactWhole = 9007199254740992;
  const bool whole = value == std::floor(value) && std::abs(value) <= kExactWhole;
  return whole ? absl::StrCat(static_cast<int64_t>(value)) : absl::StrCat(value);
}

template <typename Number>
std::vector<Number> Convert(std::span<const double> values) {
  std::vector<Number> out;
  for (const double value : values) out.push_back(static_cast<Number>(value));
  return out;
}

}  // namespace

std::span<const Setting> AllSettings() { return kSettings; }

bool IsWhole(const Setting& setting) { return Is<S::Whole>(setting) || Is<S::Wholes>(setting); }
bool IsList(const Setting& setting) { return Is<S::Wholes>(setting) || Is<S::Reals>(setting); }
bool IsNumeric(const Setting& setting) {
  return IsWhole(setting) || IsList(setting) || Is<S::Real>(setting);
}

std::string ExpectedValue(const Setting& setting) {
  if (Is<S::Text>(setting)) return "text";
  if (Is<S::Switch>(setting)) return "true or false";
  std::string expected = IsWhole(setting) ? "a whole number" : "a number";
  if (IsList(setting)) absl::StrAppend(&expected, " or a list of them");
  return absl::StrCat(expected, IsList(setting) ? ", each from " : " from ",
                      NumberText(setting.low), " to ", NumberText(setting.high));
}

absl::Status Give(const Setting& setting, std::string value, const std::string& where,
                  Settings& settings) {
  settings.*std::get<S::Text S::*>(setting.field) = {std::move(value), where};
  return absl::OkStatus();
}

absl::Status Give(const Setting& setting, bool value, const std::string& where,
                  Settings& settings) {
  settings.*std::get<S::Switch S::*>(setting.field) = {value, where};
  return absl::OkStatus();
}

absl::Status Give(const Setting& setting, std::span<const double> values, const std::string& where,
                  Settings& settings) {
  if (values.empty()) return NotExpected(setting, where, "an empty list");
  for (const double value : values) {
    const bool whole = value == std::floor(value);
    if (!(value >= setting.low && value <= setting.high) || (IsWhole(setting) && !whole)) {
      return NotExpected(setting, where, NumberText(value));
    }
  }
  if (Is<S::Whole>(setting)) {
    settings.*std::get<S::Whole S::*>(setting.field) = {static_cast<uint32_t>(values[0]), where};
  } else if (Is<S::Real>(setting)) {
    settings.*std::get<S::Real S::*>(setting.field) = {values[0], where};
  } else if (Is<S::Wholes>(setting)) {
    settings.*std::get<S::Wholes S::*>(setting.field) = {Convert<uint32_t>(values), where};
  } else {
    settings.*std::get<S::Reals S::*>(setting.field) = {Convert<double>(values), where};
  }
  return absl::OkStatus();
}

absl::Status GiveText(const Setting& setting, const std::string& text, const std::string& where,
                      Settings& settings) {
  if (Is<S::Text>(setting)) return Give(setting, text, where, settings);
  if (Is<S::Switch>(setting)) {
    if (text != "true" && text != "false")
      return NotExpected(setting, where, absl::StrCat("'", text, "'"));
    return Give(setting, text == "true", where, settings);
  }
  std::vector<double> values;
  const std::vector<std::string> parts = IsList(setting)
                                             ? std::vector<std::string>(absl::StrSplit(text, ','))
                                             : std::vector<std::string>{text};
  for (const std::string& part : parts) {
    double value = 0;
    if (!absl::SimpleAtod(part, &value))
      return NotExpected(setting, where, absl::StrCat("'", text, "'"));
    values.push_back(value);
  }
  return Give(setting, values, where, settings);
}

}  // namespace seedfed
