#ifndef SEEDFED_SERVER_PROCESS_REFUSED_CONNECTIONS_H_
#define SEEDFED_SERVER_PROCESS_REFUSED_CONNECTIONS_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "server/runtime/runtime.h"

namespace seedfed {

// Counts the connections that were closed at once, and tells the log of them, at most every ten
// seconds. Not thread-safe.
class RefusedConnections {
 public:
  // Both must outlive this.
  RefusedConnections(Runtime& runtime, const Clock& clock) : runtime_(runtime), clock_(clock) {}

  void Add(const absl::Status& why);

 private:
  Runtime& runtime_;
  const Clock& clock_;
  uint64_t untold_ = 0;
  absl::Duration next_line_;  // Clock::Monotonic
};

}  // namespace seedfed

#endif  // SEEDFED_SERVER_PROCESS_REFUSED_CONNECTIONS_H_
