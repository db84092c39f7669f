#ifndef SEEDFED_TESTS_SERVER_ADMISSION_FAKE_CLOCK_H_
#define SEEDFED_TESTS_SERVER_ADMISSION_FAKE_CLOCK_H_

#include "common/base/clock.h"

namespace seedfed {

// Stands still until it is moved.
class FakeClock final : public Clock {
 public:
  absl::Duration Monotonic() const override { return monotonic; }
  absl::Time Wall() const override { return wall; }

  void Advance(absl::Duration time) {
    monotonic += time;
    wall += time;
  }

  absl::Duration monotonic = absl::Seconds(1000);
  absl::Time wall = absl::FromCivil(absl::CivilSecond(2026, 5, 4, 12, 0, 0), absl::UTCTimeZone());
};

}  // namespace seedfed

#endif  // SEEDFED_TESTS_SERVER_ADMISSION_FAKE_CLOCK_H_
