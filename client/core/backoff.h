#ifndef SEEDFED_CLIENT_CORE_BACKOFF_H_
#define SEEDFED_CLIENT_CORE_BACKOFF_H_

#include "absl/time/time.h"
#include "common/base/random.h"

namespace seedfed {

// How long to wait before a failed call is tried again: exponential back-off with full jitter, so
// that clients that lost a server together do not come back together. The n-th wait since Reset (n
// = 0, 1, ...) is uniform in [0, min(most, first * 2^n)). Source: M. Brooker, "Exponential Backoff
// And Jitter", AWS Architecture Blog, 2015. Not thread-safe.
class Backoff {
 public:
  // `random` must outlive this. 0 < first <= most.
  explicit Backoff(RandomSource& random, absl::Duration first = absl::Milliseconds(100),
                   absl::Duration most = absl::Seconds(2))
      : random_(random), first_(first), most_(most), ceiling_(first) {}

  absl::Duration Next();

  // To be called after a success.
  void Reset() { ceiling_ = first_; }

 private:
  RandomSource& random_;
  absl::Duration first_;
  absl::Duration most_;
  absl::Duration ceiling_;
};

}  // namespace seedfed

#endif  // SEEDFED_CLIENT_CORE_BACKOFF_H_
