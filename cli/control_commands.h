#ifndef SEEDFED_CLI_CONTROL_COMMANDS_H_
#define SEEDFED_CLI_CONTROL_COMMANDS_H_

#include <CLI/CLI.hpp>
#include <functional>

namespace seedfed {

// Add `seedfed pause` (hold the rounds), `seedfed resume` and `seedfed stop` (the server process)
// to `app`. The function runs the command after `app` has parsed it, and returns the exit code.
std::function<int()> AddPauseCommand(CLI::App& app);
std::function<int()> AddResumeCommand(CLI::App& app);
std::function<int()> AddStopCommand(CLI::App& app);

}  // namespace seedfed

#endif  // SEEDFED_CLI_CONTROL_COMMANDS_H_
