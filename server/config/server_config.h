#ifndef SEEDFED_SERVER_CONFIG_SERVER_CONFIG_H_
#define SEEDFED_SERVER_CONFIG_SERVER_CONFIG_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/key.h"
#include "common/log/log_format.h"
#include "common/model/plan.h"
#include "common/model/spec.h"
#include "server/aggregation/strategy.h"

namespace seedfed {

// Where to listen.
struct HostPort {
  std::string host = "127.0.0.1";  // a name or an address; an IPv6 address without brackets
  uint16_t port = 7733;            // 0: any free port

  // "HOST:PORT", or "[HOST]:PORT" for an IPv6 address.
  static absl::StatusOr<HostPort> Parse(absl::string_view text);
  std::string ToString() const;

  // Whether the host is "localhost" or an address of the loopback interface; false for any other
  // name.
  bool IsLoopback() const;

  friend bool operator==(const HostPort&, const HostPort&) = default;
};

// PEM files for TLS; all empty: the server does not encrypt.
struct TlsFiles {
  std::string certificate, key;
  // Who signs the certificates that clients then need; empty: they need none.
  std::string client_ca;

  bool enabled() const { return !certificate.empty(); }

  friend bool operator==(const TlsFiles&, const TlsFiles&) = default;
};

// What keeps one caller from taking the server for himself. But for the queue, which crowds of
// large updates may fill, none of it is reached by a client that does its work.
struct CallLimits {
  double calls_per_second = 200;             // of a client that has proved who it is
  double address_calls_per_second = 50'000;  // of all others from one address
  uint32_t connections = 16'000;             // open at a time
  uint32_t address_connections = 4'000;      // of them from one address, or one IPv6 subscriber
  uint32_t client_connections = 16;          // with open calls of a client that proved who it is
  uint32_t connection_calls = 10'000;        // open at a time on one connection
  // Bytes that connections and the calls on them may hold together; default: a GiB, or two updates
  // of each client of a round where that is more.
  uint64_t memory = uint64_t{1} << 30;
  uint64_t queue = uint64_t{256} << 20;      // bytes of updates that are not stored yet
  absl::Duration idle = absl::Seconds(600);  // a connection without calls is closed after it
  absl::Duration stall = absl::Seconds(60);  // a stream whose reader takes nothing for so long ends

  friend bool operator==(const CallLimits&, const CallLimits&) = default;
};

// All that the server can be told. What ParseServerFlags returns has been validated as a whole; the
// values below are the defaults, except where a comment says that they follow from others.
struct ServerConfig {
  HostPort listen;
  bool insecure = false;  // may listen without encryption beyond this machine
  std::string port_file;  // the port is written there after listening; empty: nowhere
  std::string store = "seedfed-store";
  std::string export_model;  // a snapshot is written there when the server stops; empty: nowhere
  std::string log_level = "info";  // debug, info, warning or error
  LogFormat log_format = LogFormat::kText;
  bool exit_when_done = false;  // exit 0 after the last round, once clients know of it
  // Longest time an AwaitRound is held, whole milliseconds.
  absl::Duration poll = absl::Seconds(20);

  ModelSpec model;                   // 784-256-128-10 with tiles of 8
  std::optional<FederationKey> key;  // absent: random when the store is made, then the store's

  uint32_t rounds = 60;   // planned rounds; 0: without end
  uint32_t clients = 10;  // updates that end a round
  uint32_t quorum = 10;   // updates that end a round at its deadline; default: clients
  // Trainers that must be there for the deadline to run; default: quorum.
  uint32_t min_clients = 10;
  absl::Duration deadline = absl::Seconds(300);
  // An update's weight is min(examples, example_cap); example_cap * clients is at most 2^32;
  // default: the most that this allows, at most 2^20.
  uint32_t example_cap = 1U << 20;

  AggregationRules aggregation;

  TrainingPlan training;  // learning rates default to DefaultLearningRate

  uint32_t shards = 0;  // parts of a simulation's data set; 0: no simulation
  double alpha = 0;     // Shard::alpha

  std::optional<HostPort> http = HostPort{"127.0.0.1", 7780};  // the page; absent: nowhere
  // Whether any free port will do where http's is taken: when the address is the default.
  bool http_any_port = true;
  std::string http_port_file;  // the page's port is written there after listening; empty: nowhere
  // A file with the token that operators show; empty: without one only this machine is served.
  std::string admin_token_file;

  TlsFiles tls;  // of the gRPC port; the page has none

  // The file with the digests of the tokens that clients show; empty: they show none.
  std::string client_token_file;
  CallLimits limits;

  uint32_t keep_update_rounds = 0;  // complete rounds whose updates stay in the store
  uint32_t snapshot_every = 100;  // rounds from one stored snapshot to the next; 0: none are stored

  friend bool operator==(const ServerConfig&, const ServerConfig&) = default;
};

// Adam's step at round 1 for a layer with tiles of this side, in TrainingPlan's units.
double DefaultLearningRate(Codec codec, Mode mode, uint32_t tile);

// The settings in force as (table.key, value), in the order of deploy/server.toml, for people to
// read. Without the key.
std::vector<std::pair<std::string, std::string>> DescribeSettings(const ServerConfig& config);

// What the command line asks for.
struct ServerCommand {
  std::optional<std::string>
      print;  // --help or --version: write this text to standard output and exit 0
  ServerConfig config;
};

// Reads the program's arguments: flags, and the TOML file that --config names (its format:
// deploy/server.toml). Flags win over the file. InvalidArgument with one sentence, which names the
// file and line if it is about the file.
absl::StatusOr<ServerCommand> ParseServerFlags(int argc, const char* const* argv);

}  // namespace seedfed

#endif  // SEEDFED_SERVER_CONFIG_SERVER_CONFIG_H_
