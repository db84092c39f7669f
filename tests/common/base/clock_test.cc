#include "common/base/clock.h"

#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace seedfed {
namespace {

TEST(Clock, Monotonic_NeverGoesBackAndGoesOn) {
  const Clock& clock = SystemClock();
  const absl::Duration start = clock.Monotonic();
  absl::Duration last = start;
  for (int i = 0; i < 100000; ++i) {
    const absl::Duration now = clock.Monotonic();
    ASSERT_GE(now, last);
    last = now;
  }
  EXPECT_GT(last, start);
}

TEST(Clock, SystemClock_IsOneObject) { EXPECT_EQ(&SystemClock(), &SystemClock()); }

}  // namespace
}  // namespace seedfed
