#ifndef SEEDFED_CLI_STATUS_COMMAND_H_
#define SEEDFED_CLI_STATUS_COMMAND_H_

#include <CLI/CLI.hpp>
#include <functional>

namespace seedfed {

// Adds `seedfed status` to `app`: how a running federation does. The function runs the command
// after `app` has parsed it, and returns the exit code.
std::function<int()> AddStatusCommand(CLI::App& app);

}  // namespace seedfed

#endif  // SEEDFED_CLI_STATUS_COMMAND_H_
