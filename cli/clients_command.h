#ifndef SEEDFED_CLI_CLIENTS_COMMAND_H_
#define SEEDFED_CLI_CLIENTS_COMMAND_H_

#include <CLI/CLI.hpp>
#include <functional>

namespace seedfed {

// Adds `seedfed clients` to `app`: its members. The function runs the command after `app` has
// parsed it, and returns the exit code.
std::function<int()> AddClientsCommand(CLI::App& app);

}  // namespace seedfed

#endif  // SEEDFED_CLI_CLIENTS_COMMAND_H_
