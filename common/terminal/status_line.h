#ifndef SEEDFED_COMMON_TERMINAL_STATUS_LINE_H_
#define SEEDFED_COMMON_TERMINAL_STATUS_LINE_H_

#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "common/base/mutex.h"

namespace seedfed {

// A stream of lines to a file descriptor, with one more line below them that changes: the status.
// Where nobody reads any more (a closed pipe, a full disk), lines are dropped: writing never fails
// and never ends the process, provided SIGPIPE is ignored. Thread-safe.
class StatusLine {
 public:
  // `live`: the descriptor is a terminal that can redraw its last line; else Show does nothing.
  StatusLine(int fd, bool live) : fd_(fd), live_(live) {}

  // Removes the status.
  ~StatusLine();

  StatusLine(const StatusLine&) = delete;
  StatusLine& operator=(const StatusLine&) = delete;

  // Writes whole lines, each with its end, above the status.
  void Print(absl::string_view lines);

  // The new status, at most one line of the terminal's width, without its end; empty for none.
  void Show(std::string status);

 private:
  const int fd_;
  const bool live_;
  Mutex mutex_;
  std::string status_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace seedfed

#endif  // SEEDFED_COMMON_TERMINAL_STATUS_LINE_H_
