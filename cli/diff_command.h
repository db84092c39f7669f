#ifndef SEEDFED_CLI_DIFF_COMMAND_H_
#define SEEDFED_CLI_DIFF_COMMAND_H_

#include <CLI/CLI.hpp>
#include <functional>

namespace seedfed {

// Adds `seedfed diff` to `app`. The function runs the command after `app` has parsed it, and
// returns the exit code.
std::function<int()> AddDiffCommand(CLI::App& app);

}  // namespace seedfed

#endif  // SEEDFED_CLI_DIFF_COMMAND_H_
