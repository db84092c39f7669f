#include "server/admission/rate_limiter.h"

#include <gtest/gtest.h>

#include <string>

namespace seedfed {
namespace {

TEST(RateLimiter, Burst_PassesThenOneAnInterval) {
  RateLimiter limiter(10, 3);
  const absl::Duration start = absl::Seconds(5);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(limiter.Take("a", start), absl::ZeroDuration());
  EXPECT_EQ(limiter.Take("a", start), absl::Milliseconds(100));
  EXPECT_EQ(limiter.Take("a", start + absl::Milliseconds(60)), absl::Milliseconds(40));
  EXPECT_EQ(limiter.Take("a", start + absl::Milliseconds(100)), absl::ZeroDuration());
  EXPECT_EQ(limiter.Take("a", start + absl::Milliseconds(100)), absl::Milliseconds(100));
}

TEST(RateLimiter, WaitingAsTold_AlwaysPasses) {
  RateLimiter limiter(3, 2);
  absl::Duration now;
  for (int i = 0; i < 100; ++i) {
    const absl::Duration wait = limiter.Take("a", now);
    if (wait > absl::ZeroDuration()) {
      now += wait;
      EXPECT_EQ(limiter.Take("a", now), absl::ZeroDuration());
    }
  }
  EXPECT_GE(now, absl::Seconds(98.0 / 3 - 0.001));
  EXPECT_LE(now, absl::Seconds(100.0 / 3));
}

TEST(RateLimiter, OneKeysCalls_LeaveOthersAlone) {
  RateLimiter limiter(1, 1);
  EXPECT_EQ(limiter.Take("a", absl::ZeroDuration()), absl::ZeroDuration());
  EXPECT_GT(limiter.Take("a", absl::ZeroDuration()), absl::ZeroDuration());
  EXPECT_EQ(limiter.Take("b", absl::ZeroDuration()), absl::ZeroDuration());
}

TEST(RateLimiter, ManyKeys_AreForgottenWhenTheirBucketsAreFull) {
  RateLimiter limiter(1, 5);
  for (int i = 0; i < 100'000; ++i) limiter.Take(std::to_string(i), absl::Milliseconds(10 * i));
  EXPECT_LT(limiter.size(), 3000U);
}

}  // namespace
}  // namespace seedfed
