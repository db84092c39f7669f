#include "client/core/backoff.h"

#include <algorithm>

namespace seedfed {

absl::Duration Backoff::Next() {
  const absl::Duration wait = ceiling_ * random_.Uniform();
  ceiling_ = std::min(most_, 2 * ceiling_);
  return wait;
}

}  // namespace seedfed
