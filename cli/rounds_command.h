#ifndef SEEDFED_CLI_ROUNDS_COMMAND_H_
#define SEEDFED_CLI_ROUNDS_COMMAND_H_

#include <CLI/CLI.hpp>
#include <functional>

namespace seedfed {

// Adds `seedfed rounds` to `app`: its complete rounds. The function runs the command after `app`
// has parsed it, and returns the exit code.
std::function<int()> AddRoundsCommand(CLI::App& app);

}  // namespace seedfed

#endif  // SEEDFED_CLI_ROUNDS_COMMAND_H_
