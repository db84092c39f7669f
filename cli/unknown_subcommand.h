#ifndef SEEDFED_CLI_UNKNOWN_SUBCOMMAND_H_
#define SEEDFED_CLI_UNKNOWN_SUBCOMMAND_H_

#include <CLI/CLI.hpp>
#include <string>

namespace seedfed {

// What to say when `app`, which failed to parse its arguments, was given no subcommand that it has:
// "'stauts' is not a subcommand; did you mean status?". Empty when that was not the error.
std::string SubcommandProblem(const CLI::App& app);

}  // namespace seedfed

#endif  // SEEDFED_CLI_UNKNOWN_SUBCOMMAND_H_
