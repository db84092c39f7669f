#ifndef SEEDFED_COMMON_TERMINAL_TEXT_H_
#define SEEDFED_COMMON_TERMINAL_TEXT_H_

#include <cstdint>
#include <string>

#include "absl/time/time.h"

namespace seedfed {

// 1234567 as "1,234,567".
std::string WithSeparators(uint64_t number);

// Bytes for a person, in units of 1,000: "999 B", "241.0 kB", "4.8 MB".
std::string ByteCount(uint64_t bytes);

// "0:07", "2:31", "1:02:31"; negative durations read as zero.
std::string ClockText(absl::Duration duration);

// "7.3 s", "2 min 31 s", "1 h 2 min"; negative durations read as zero.
std::string DurationText(absl::Duration duration);

}  // namespace seedfed

#endif  // SEEDFED_COMMON_TERMINAL_TEXT_H_
