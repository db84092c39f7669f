#ifndef SEEDFED_CLIENT_PROGRESS_PROGRESS_DISPLAY_H_
#define SEEDFED_CLIENT_PROGRESS_PROGRESS_DISPLAY_H_

#include <memory>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "client/progress/progress_line.h"
#include "common/base/clock.h"
#include "common/base/mutex.h"
#include "common/terminal/screen.h"
#include "common/terminal/status_line.h"

namespace seedfed {

// Keeps a client's progress as the last line of a terminal, ten times a second, so that it counts
// down and follows the terminal's width by itself. Thread-safe.
class ProgressDisplay {
 public:
  // `screen` is live and belongs to `out`. `clock` must outlive this.
  ProgressDisplay(std::shared_ptr<StatusLine> out, Screen screen, const Clock& clock);

  // Removes the line.
  ~ProgressDisplay();

  ProgressDisplay(const ProgressDisplay&) = delete;
  ProgressDisplay& operator=(const ProgressDisplay&) = delete;

  void Set(const ClientProgress& progress);

 private:
  void Run();

  const std::shared_ptr<StatusLine> out_;
  const Screen screen_;
  const Clock& clock_;
  Mutex mutex_;
  CondVar wake_;
  ClientProgress progress_ ABSL_GUARDED_BY(mutex_);
  bool stop_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace seedfed

#endif  // SEEDFED_CLIENT_PROGRESS_PROGRESS_DISPLAY_H_
