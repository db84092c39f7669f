#ifndef SEEDFED_CLI_SIMULATE_TEXT_H_
#define SEEDFED_CLI_SIMULATE_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"

namespace seedfed {

// The last line of a program's log that speaks of an error, without the leading marks of time,
// level and program; empty when there is none.
std::string LastErrorLine(absl::string_view log);

// The last line that is not blank, without the same marks; empty when there is none.
std::string LastLine(absl::string_view log);

}  // namespace seedfed

#endif  // SEEDFED_CLI_SIMULATE_TEXT_H_
