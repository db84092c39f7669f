#ifndef SEEDFED_CLI_PAUSE_COMMAND_H_
#define SEEDFED_CLI_PAUSE_COMMAND_H_

#include <CLI/CLI.hpp>
#include <functional>

namespace seedfed {

// Adds `seedfed pause` to `app`: hold the rounds. The function runs the command after `app` has
// parsed it, and returns the exit code.
std::function<int()> AddPauseCommand(CLI::App& app);

}  // namespace seedfed

#endif  // SEEDFED_CLI_PAUSE_COMMAND_H_
