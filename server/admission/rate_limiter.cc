#include "server/admission/rate_limiter.h"

#include <algorithm>

namespace seedfed {

RateLimiter::RateLimiter(double rate, double burst)
    : interval_(absl::Seconds(1 / rate)), depth_(interval_ * burst) {}

absl::Duration RateLimiter::Take(std::string_view key, absl::Duration now) {
  if (full_at_.size() >= clean_at_) ForgetFull(now);
  absl::Duration& full_at = full_at_.try_emplace(std::string(key), now).first->second;
  const absl::Duration after = std::max(full_at, now) + interval_;
  if (after - now > depth_) return after - now - depth_;
  full_at = after;
  return absl::ZeroDuration();
}

void RateLimiter::ForgetFull(absl::Duration now) {
  std::erase_if(full_at_, [now](const auto& bucket) { return bucket.second <= now; });
  clean_at_ = std::max<size_t>(1024, 2 * full_at_.size());
}

}  // namespace seedfed
