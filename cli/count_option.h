#ifndef SEEDFED_CLI_COUNT_OPTION_H_
#define SEEDFED_CLI_COUNT_OPTION_H_

#include <CLI/CLI.hpp>
#include <cstdint>

namespace seedfed {

// Adds an option for a whole number from 1 to `most`, whose default is what `value` holds. `value`
// must outlive the command.
void AddCount(CLI::App& command, const char* flag, uint32_t& value, uint32_t most,
              const char* help);

}  // namespace seedfed

#endif  // SEEDFED_CLI_COUNT_OPTION_H_
