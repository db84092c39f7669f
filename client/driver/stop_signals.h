#ifndef SEEDFED_CLIENT_DRIVER_STOP_SIGNALS_H_
#define SEEDFED_CLIENT_DRIVER_STOP_SIGNALS_H_

#include <atomic>
#include <functional>
#include <thread>

namespace seedfed {

// Blocks SIGINT and SIGTERM in this thread and in those it starts from now on; to be called before
// any other thread is made.
void BlockStopSignals();

// While it lives, calls `stop` on a thread of its own at the first SIGINT or SIGTERM, also at one
// that came since BlockStopSignals. A second one ends the process at once, with status 1. One per
// process.
class StopSignalWatcher {
 public:
  explicit StopSignalWatcher(std::function<void()> stop);
  ~StopSignalWatcher();
  StopSignalWatcher(const StopSignalWatcher&) = delete;
  StopSignalWatcher& operator=(const StopSignalWatcher&) = delete;

 private:
  std::atomic<bool> done_ = false;
  std::thread thread_;
};

}  // namespace seedfed

#endif  // SEEDFED_CLIENT_DRIVER_STOP_SIGNALS_H_
