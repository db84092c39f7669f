#ifndef SEEDFED_CLI_LAYOUT_AGE_H_
#define SEEDFED_CLI_LAYOUT_AGE_H_

#include <string>

#include "absl/time/time.h"

namespace seedfed {

// How long ago something was, in one unit: "0 s ago", "59 s ago", "3 min ago", "5 h ago", "12 days
// ago". Rounds down; the future is "0 s ago".
std::string AgeText(absl::Duration age);

}  // namespace seedfed

#endif  // SEEDFED_CLI_LAYOUT_AGE_H_
