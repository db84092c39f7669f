#ifndef SEEDFED_TESTS_ATTACKS_ATTACKED_FEDERATION_H_
#define SEEDFED_TESTS_ATTACKS_ATTACKED_FEDERATION_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "client/data/dataset.h"
#include "common/base/hash.h"
#include "server/config/server_config.h"
#include "tests/attacks/attack.h"

namespace seedfed {

struct Examples {
  Dataset train;  // of all clients together
  Dataset test;
};

// The IDX files of `folder`, normalised as the configuration says.
absl::StatusOr<Examples> LoadExamples(const std::string& folder, const ServerConfig& config);

// seedfed-server's configuration for these flags; a key is needed, and shards for all clients.
absl::StatusOr<ServerConfig> FederationConfig(const std::vector<std::string>& flags);

// Trains, by the rules of `config`, config.clients clients of which the first `attackers` attack:
// the server's real core and the clients' real training, on one thread, without wire and disk.
struct AttackedFederation {
  const ServerConfig& config;
  const Examples& examples;
  Attack attack = Attack::kNone;
  uint32_t attackers = 0;

  struct Result {
    double accuracy = 0;  // on the test examples, after the last round
    Digest256 fingerprint{};
  };
  absl::StatusOr<Result> Run() const;
};

}  // namespace seedfed

#endif  // SEEDFED_TESTS_ATTACKS_ATTACKED_FEDERATION_H_
