#ifndef SEEDFED_SERVER_ADMISSION_RATE_LIMITER_H_
#define SEEDFED_SERVER_ADMISSION_RATE_LIMITER_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>

#include "absl/time/time.h"

namespace seedfed {

// A token bucket for each key: it holds `burst` calls, and one more is put into it every 1 / `rate`
// seconds. Kept as the generic cell rate algorithm keeps it (ITU-T I.371): one time a key, when the
// bucket will be full. Not thread-safe.
class RateLimiter {
 public:
  // `rate`: calls a second, above 0. `burst`: at least 1.
  RateLimiter(double rate, double burst);

  // Takes one call out of the bucket of `key`. Zero: it may pass. Otherwise nothing is taken, and
  // the result is how long it takes until a call may pass. `now` never decreases.
  absl::Duration Take(std::string_view key, absl::Duration now);

  // Keys whose bucket is not known to be full.
  size_t size() const { return full_at_.size(); }

 private:
  void ForgetFull(absl::Duration now);

  const absl::Duration interval_;
  const absl::Duration depth_;  // of the bucket, as time
  std::unordered_map<std::string, absl::Duration> full_at_;
  size_t clean_at_ = 1024;  // keys
};

}  // namespace seedfed

#endif  // SEEDFED_SERVER_ADMISSION_RATE_LIMITER_H_
