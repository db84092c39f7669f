#ifndef SEEDFED_TESTS_SIM_FLEET_H_
#define SEEDFED_TESTS_SIM_FLEET_H_

#include <cstdint>
#include <string>
#include <vector>

#include "common/base/hash.h"
#include "tests/sim/faults.h"

namespace seedfed {

struct FleetSettings {
  uint64_t seed = 0;
  uint32_t clients = 5;
  uint32_t rounds = 6;
  uint32_t goal = 5;    // updates that close a round
  uint32_t quorum = 5;  // updates that close a round at its deadline of five simulated seconds
  Faults faults;
};

struct FleetOutcome {
  bool finished =
      false;  // every client ended with the last round's model within ten simulated minutes
  Digest256 fingerprint{};
  std::vector<std::string> violations;
  uint64_t steps = 0;
  uint64_t last_draw = 0;  // of the source of chance, at the end
  uint32_t server_crashes = 0;
  uint32_t client_crashes = 0;
  uint32_t holds = 0;  // pauses that the operator was told of
};

// A server core and client sessions in one thread on simulated time. Everything follows from the
// settings.
FleetOutcome RunFleet(const FleetSettings& settings);

// Faults of a kind and strength drawn from the seed.
FleetSettings RandomSettings(uint64_t seed);

}  // namespace seedfed

#endif  // SEEDFED_TESTS_SIM_FLEET_H_
