#ifndef SEEDFED_COMMON_TERMINAL_PROGRESS_BAR_H_
#define SEEDFED_COMMON_TERMINAL_PROGRESS_BAR_H_

#include <cstddef>
#include <cstdint>
#include <ostream>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/terminal/screen.h"

namespace seedfed {

struct BarStyle {
  bool utf8 = false;   // block characters instead of '#' and '.'
  bool color = false;  // SGR sequences
};

// One line of at most `width` characters: `before`, a bar of which the part done / total (total at
// least 1) is filled, `after`. What does not fit is left out: first the bar, then `after`, then the
// end of `before`.
std::string BarLine(absl::string_view before, uint64_t done, uint64_t total,
                    absl::string_view after, size_t width, const BarStyle& style);

// The progress of one piece of work as a bar that is redrawn in place; nothing on a screen that is
// not live. Not thread-safe.
class ProgressBar {
 public:
  // The work is `total` bytes and starts now; `verb` says what happens to them: "compress". `out`
  // and `clock` must outlive the object.
  ProgressBar(std::ostream& out, Screen screen, const Clock& clock, absl::string_view verb,
              uint64_t total);

  // Removes the bar.
  ~ProgressBar();

  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  // `done` bytes are complete. Redraws the bar at most ten times a second.
  void Update(uint64_t done);

 private:
  std::ostream& out_;
  Screen screen_;
  const Clock& clock_;
  std::string verb_;
  uint64_t total_;
  absl::Duration start_;
  absl::Duration next_draw_;
  bool shown_ = false;
};

}  // namespace seedfed

#endif  // SEEDFED_COMMON_TERMINAL_PROGRESS_BAR_H_
