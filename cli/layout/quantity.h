#ifndef SEEDFED_CLI_LAYOUT_QUANTITY_H_
#define SEEDFED_CLI_LAYOUT_QUANTITY_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace seedfed {

// Numbers for a person, with three digits. Numbers are finite and not negative.

// In units of 1,000: "0 B", "288 B", "4.02 kB", "203 MB", up to YB.
std::string RoundBytes(double bytes);

// From "1.02 ms" to "35.3 years" (of 365.25 days).
std::string RoundDuration(absl::Duration duration);

// How many times `whole` holds `part`, as "234:1", "3,266:1", "1.5:1". `part` is not 0.
std::string RoundRatio(double whole, double part);

}  // namespace seedfed

#endif  // SEEDFED_CLI_LAYOUT_QUANTITY_H_
