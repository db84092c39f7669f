#ifndef SEEDFED_CLI_SIMULATE_SIMULATION_H_
#define SEEDFED_CLI_SIMULATE_SIMULATION_H_

#include <filesystem>
#include <ostream>

#include "cli/simulate/display.h"
#include "cli/simulate/options.h"
#include "cli/simulate/signals.h"
#include "common/base/clock.h"

namespace seedfed {

inline constexpr int kExitOk = 0;
inline constexpr int kExitFailure = 1;
inline constexpr int kExitBadInput = 2;
inline constexpr int kExitInterrupted = 130;

struct SimulationEnvironment {
  std::filesystem::path programs;   // folder of seedfed-server and seedfed-client
  std::filesystem::path temporary;  // where run folders are made
  Signals& signals;
  const Clock& clock;
  std::ostream& errors;
};

// Runs one server, its clients and an evaluator as processes until the federation is finished, one
// of them fails or the user asks to end. With `watch` the server goes on after that, for its page,
// until the user asks to end. Nothing of it runs any more when this returns. Returns the exit code:
// 0 finished, 1 a process failed, 2 bad input, 130 ended by a signal before it was finished. What
// went wrong is one sentence on `errors`.
int RunSimulation(const SimulateOptions& options, const SimulationEnvironment& environment,
                  Display& display);

}  // namespace seedfed

#endif  // SEEDFED_CLI_SIMULATE_SIMULATION_H_
