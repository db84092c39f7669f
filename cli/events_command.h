#ifndef SEEDFED_CLI_EVENTS_COMMAND_H_
#define SEEDFED_CLI_EVENTS_COMMAND_H_

#include <CLI/CLI.hpp>
#include <functional>

namespace seedfed {

// Adds `seedfed events` to `app`: what happened, and happens. The function runs the command after
// `app` has parsed it, and returns the exit code.
std::function<int()> AddEventsCommand(CLI::App& app);

}  // namespace seedfed

#endif  // SEEDFED_CLI_EVENTS_COMMAND_H_
