#ifndef SEEDFED_CLI_RESUME_COMMAND_H_
#define SEEDFED_CLI_RESUME_COMMAND_H_

#include <CLI/CLI.hpp>
#include <functional>

namespace seedfed {

// Adds `seedfed resume` to `app`: go on after a pause. The function runs the command after `app`
// has parsed it, and returns the exit code.
std::function<int()> AddResumeCommand(CLI::App& app);

}  // namespace seedfed

#endif  // SEEDFED_CLI_RESUME_COMMAND_H_
