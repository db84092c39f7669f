#ifndef SEEDFED_SERVER_RPC_STALL_WATCH_H_
#define SEEDFED_SERVER_RPC_STALL_WATCH_H_

#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/runtime/runtime.h"

namespace seedfed {

// Notices when something that should go on does not. Thread-safe.
class StallWatch : public std::enable_shared_from_this<StallWatch> {
 public:
  // `stalled` is called on the executor, once, when there was no Progress for `time`, at the latest
  // after twice that.
  static std::shared_ptr<StallWatch> Begin(const Runtime::Executor& executor, absl::Duration time,
                                           std::function<void()> stalled);

  void Progress();

  // `stalled` is not called any more when this returns.
  void End();

 private:
  StallWatch(const Runtime::Executor& executor, absl::Duration time, std::function<void()> stalled)
      : time_(time), timer_(executor), stalled_(std::move(stalled)) {}

  void Arm();
  void Look();

  const absl::Duration time_;
  boost::asio::steady_timer timer_;  // used on the executor
  absl::Mutex mutex_;
  std::function<void()> stalled_ ABSL_GUARDED_BY(mutex_);  // empty: ended
  bool moved_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace seedfed

#endif  // SEEDFED_SERVER_RPC_STALL_WATCH_H_
