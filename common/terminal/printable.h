#ifndef SEEDFED_COMMON_TERMINAL_PRINTABLE_H_
#define SEEDFED_COMMON_TERMINAL_PRINTABLE_H_

#include <string>

#include "absl/strings/string_view.h"

namespace seedfed {

// `text` as one line that a terminal only shows: control characters (C0, delete, C1) and the
// characters that turn the direction of writing become escapes, such as "\n", "\x1b" or "\u202e";
// bytes that are not UTF-8 become "\xff". All other UTF-8 stays as it is.
std::string Printable(absl::string_view text);

}  // namespace seedfed

#endif  // SEEDFED_COMMON_TERMINAL_PRINTABLE_H_
