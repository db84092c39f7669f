#ifndef SEEDFED_CLI_STOP_COMMAND_H_
#define SEEDFED_CLI_STOP_COMMAND_H_

#include <CLI/CLI.hpp>
#include <functional>

namespace seedfed {

// Adds `seedfed stop` to `app`: stop the server. The function runs the command after `app` has
// parsed it, and returns the exit code.
std::function<int()> AddStopCommand(CLI::App& app);

}  // namespace seedfed

#endif  // SEEDFED_CLI_STOP_COMMAND_H_
