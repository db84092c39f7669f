#ifndef SEEDFED_COMMON_BASE_CLOCK_H_
#define SEEDFED_COMMON_BASE_CLOCK_H_

#include "absl/time/time.h"

namespace seedfed {

// A source of time. Code that needs time takes a Clock, so that a test or a simulation can supply
// its own.
class Clock {
 public:
  virtual ~Clock() = default;

  // Time since an arbitrary start; never goes back, not even when the machine's date is set.
  // Thread-safe.
  virtual absl::Duration Monotonic() const = 0;

  // The date, for people and for what is compared with other machines' dates; it can jump.
  // Thread-safe.
  virtual absl::Time Wall() const = 0;
};

// The machine's clock. Thread-safe; lives for ever.
const Clock& SystemClock();

}  // namespace seedfed

#endif  // SEEDFED_COMMON_BASE_CLOCK_H_
