#ifndef SEEDFED_CLI_EXPORT_COMMAND_H_
#define SEEDFED_CLI_EXPORT_COMMAND_H_

#include <CLI/CLI.hpp>
#include <functional>

namespace seedfed {

// Adds `seedfed export` to `app`. The function runs the command after `app` has parsed it, and
// returns the exit code.
std::function<int()> AddExportCommand(CLI::App& app);

}  // namespace seedfed

#endif  // SEEDFED_CLI_EXPORT_COMMAND_H_
