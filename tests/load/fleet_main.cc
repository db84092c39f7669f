// Loads a server with members that do not train, from one thread, and prints one JSON object with
// what was done and what the server used meanwhile.
//
//   seedfed_fleet --help
//
// Exit status: 0 measured, 1 a call failed, 2 wrong arguments.

#include <CLI/CLI.hpp>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/base/status.h"
#include "tests/load/fleet.h"
#include "tests/load/server_usage.h"

namespace seedfed {
namespace {

struct Plan {
  FleetOptions fleet;
  pid_t server_pid = 0;
  bool hold = false;
  double seconds = 1;
};

absl::StatusOr<nlohmann::json> Measure(const Plan& plan) {
  nlohmann::json result;
  Fleet fleet(plan.fleet);
  const uint64_t resident_before = ResidentBytes(plan.server_pid);
  SEEDFED_RETURN_IF_ERROR(fleet.Join());
  if (plan.hold) {
    SEEDFED_RETURN_IF_ERROR(fleet.Hold());
    result["resident_bytes_per_member"] =
        static_cast<double>(ResidentBytes(plan.server_pid) - resident_before) / plan.fleet.members;
  }
  absl::Time began = absl::Now();
  SEEDFED_RETURN_IF_ERROR(fleet.Run(1));
  const double first = absl::ToDoubleSeconds(absl::Now() - began);
  result["first_round_seconds"] = first;
  const auto rounds = static_cast<uint32_t>(std::ceil(plan.seconds / first));
  if (plan.seconds > 0) {
    const double processor = ProcessorSeconds(plan.server_pid);
    began = absl::Now();
    SEEDFED_RETURN_IF_ERROR(fleet.Run(rounds));
    result["seconds"] = absl::ToDoubleSeconds(absl::Now() - began);
    result["server_seconds"] = ProcessorSeconds(plan.server_pid) - processor;
    result["rounds"] = rounds;
    result["updates"] = uint64_t{rounds} * plan.fleet.members;
  }
  result["resident_bytes"] = ResidentBytes(plan.server_pid);
  return result;
}

}  // namespace
}  // namespace seedfed

int main(int argc, char** argv) {
  CLI::App app("Loads a server with members that do not train", "seedfed_fleet");
  seedfed::Plan plan;
  app.add_option("--server", plan.fleet.server, "HOST:PORT")->required();
  app.add_option("--server-pid", plan.server_pid, "Whose time and memory is measured")->required();
  app.add_option("--members", plan.fleet.members, "As many as updates end a round")
      ->required()
      ->check(CLI::PositiveNumber);
  app.add_option("--words", plan.fleet.words_bytes, "Bytes of words in an update")->required();
  app.add_option("--connections", plan.fleet.connections, "TCP connections")
      ->check(CLI::PositiveNumber);
  app.add_option("--in-flight", plan.fleet.in_flight, "Updates that are sent at a time")
      ->check(CLI::PositiveNumber);
  app.add_flag("--everyone-waits", plan.fleet.everyone_waits,
               "Every member waits for the end of each round, not only the first");
  app.add_flag("--hold", plan.hold,
               "Let all wait before the first update, and measure what that takes; with "
               "--everyone-waits");
  app.add_option("--seconds", plan.seconds,
                 "About how long to go on after the first round, which is not measured");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  const absl::StatusOr<nlohmann::json> result = seedfed::Measure(plan);
  if (!result.ok()) {
    std::fprintf(stderr, "seedfed_fleet: %s\n", std::string(result.status().message()).c_str());
    return 1;
  }
  std::puts(result->dump().c_str());
  return 0;
}
