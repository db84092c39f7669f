// The fleet in simulated time: whatever is lost, delayed, doubled or crashes, nothing acknowledged
// is lost and nothing counts twice.
//
//   SEEDFED_SIM_SEED=1234 SEEDFED_SIM_COUNT=1 fleet_test     replays one seed
//   SEEDFED_SIM_COUNT=100000 fleet_test                      a long soak

#include "tests/sim/fleet.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <string>
#include <utility>

namespace seedfed {
namespace {

uint64_t FromEnvironment(const char* name, uint64_t fallback) {
  const char* text = std::getenv(name);
  return text == nullptr ? fallback : std::strtoull(text, nullptr, 10);
}

uint64_t FirstSeed() { return FromEnvironment("SEEDFED_SIM_SEED", 1); }
uint64_t SeedCount() { return FromEnvironment("SEEDFED_SIM_COUNT", 2000); }

std::string Replay(uint64_t seed) {
  return "seed " + std::to_string(seed) + "; replay: SEEDFED_SIM_SEED=" + std::to_string(seed) +
         " SEEDFED_SIM_COUNT=1 fleet_test";
}

// Of an undisturbed run with as many clients and rounds.
const Digest256& Undisturbed(const FleetSettings& settings) {
  static std::map<std::pair<uint32_t, uint32_t>, Digest256> known;
  Digest256& fingerprint = known[{settings.clients, settings.rounds}];
  if (fingerprint == Digest256{}) {
    FleetSettings calm = settings;
    calm.faults = Faults{};
    const FleetOutcome outcome = RunFleet(calm);
    EXPECT_TRUE(outcome.finished);
    EXPECT_TRUE(outcome.violations.empty());
    fingerprint = outcome.fingerprint;
  }
  return fingerprint;
}

TEST(Fleet, FullParticipation_SameFingerprintAsUndisturbedWhateverHappens) {
  uint64_t server_crashes = 0, client_crashes = 0, holds = 0;
  for (uint64_t seed = FirstSeed(); seed < FirstSeed() + SeedCount(); ++seed) {
    const FleetSettings settings = RandomSettings(seed);
    const FleetOutcome outcome = RunFleet(settings);
    for (const std::string& violation : outcome.violations)
      ADD_FAILURE() << violation << "; " << Replay(seed);
    ASSERT_TRUE(outcome.finished) << "not finished in ten simulated minutes; " << Replay(seed);
    ASSERT_EQ(outcome.fingerprint, Undisturbed(settings)) << Replay(seed);
    ASSERT_FALSE(::testing::Test::HasFailure()) << Replay(seed);
    server_crashes += outcome.server_crashes;
    client_crashes += outcome.client_crashes;
    holds += outcome.holds;
  }
  if (SeedCount() < 100) return;
  // The suite means something only if the faults did happen.
  EXPECT_GT(server_crashes, SeedCount());
  EXPECT_GT(client_crashes, SeedCount());
  EXPECT_GT(holds, SeedCount() / 5);
}

TEST(Fleet, GoalBelowAllAndQuorumAtTheDeadline_PromisesAreKept) {
  for (uint64_t seed = FirstSeed(); seed < FirstSeed() + SeedCount(); ++seed) {
    FleetSettings settings = RandomSettings(seed);
    if (seed % 2 == 0) settings.goal = std::max(settings.clients - 1, 1U);
    settings.quorum = (settings.goal + 1) / 2;
    const FleetOutcome outcome = RunFleet(settings);
    for (const std::string& violation : outcome.violations)
      ADD_FAILURE() << violation << "; " << Replay(seed);
    ASSERT_TRUE(outcome.finished) << "not finished in ten simulated minutes; " << Replay(seed);
  }
}

TEST(Fleet, OneSeedTwice_SameRunToTheLastDraw) {
  for (uint64_t seed = FirstSeed(); seed < FirstSeed() + SeedCount() / 20 + 1; ++seed) {
    const FleetOutcome first = RunFleet(RandomSettings(seed)),
                       second = RunFleet(RandomSettings(seed));
    ASSERT_EQ(first.last_draw, second.last_draw) << Replay(seed);
    ASSERT_EQ(first.steps, second.steps) << Replay(seed);
    ASSERT_EQ(first.fingerprint, second.fingerprint) << Replay(seed);
  }
}

}  // namespace
}  // namespace seedfed
