#ifndef SEEDFED_CLI_TOKEN_COMMAND_H_
#define SEEDFED_CLI_TOKEN_COMMAND_H_

#include <CLI/CLI.hpp>
#include <functional>

namespace seedfed {

// Adds the subcommand `token`. The result runs it, and returns the process's exit code.
std::function<int()> AddTokenCommand(CLI::App& app);

}  // namespace seedfed

#endif  // SEEDFED_CLI_TOKEN_COMMAND_H_
