#include "common/terminal/progress_bar.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/terminal/text.h"

namespace seedfed {
namespace {

constexpr size_t kShortestBar = 8;
constexpr size_t kLongestBar = 60;
constexpr absl::Duration kRedraw = absl::Milliseconds(100);

}  // namespace

std::string BarLine(absl::string_view before, uint64_t done, uint64_t total,
                    absl::string_view after, size_t width, const BarStyle& style) {
  if (before.size() > width) return std::string(before.substr(0, width));
  if (before.size() + after.size() > width) return std::string(before);
  // Around the bar: a space and two brackets.
  const size_t around = before.size() + after.size() + 3;
  if (around + kShortestBar > width) return absl::StrCat(before, after);

  const size_t length = std::min(kLongestBar, width - around);
  const double part = static_cast<double>(std::min(done, total)) / static_cast<double>(total);
  const size_t filled = static_cast<size_t>(static_cast<double>(length) * part);
  std::string bar;
  if (style.color) bar += "\x1b[32m";
  for (size_t i = 0; i < filled; ++i) bar += style.utf8 ? "\u2588" : "#";
  if (style.color) bar += "\x1b[0m";
  for (size_t i = filled; i < length; ++i) bar += style.utf8 ? "\u2591" : ".";
  return absl::StrCat(before, " [", bar, "]", after);
}

ProgressBar::ProgressBar(std::ostream& out, Screen screen, const Clock& clock,
                         absl::string_view verb, uint64_t total)
    : out_(out),
      screen_(std::move(screen)),
      clock_(clock),
      verb_(verb),
      total_(std::max<uint64_t>(1, total)),
      start_(clock.Monotonic()),
      next_draw_(start_) {}

ProgressBar::~ProgressBar() {
  if (!shown_) return;
  out_ << kClearLine;
  out_.flush();
}

void ProgressBar::Update(uint64_t done) {
  if (!screen_.live) return;
  const absl::Duration now = clock_.Monotonic();
  if (now < next_draw_) return;
  next_draw_ = now + kRedraw;
  shown_ = true;

  done = std::min(done, total_);
  const absl::Duration elapsed = now - start_;
  const std::string before =
      absl::StrCat(" ", verb_, " ", ByteCount(done), " of ", ByteCount(total_));
  std::string after = absl::StrCat(" ", ClockText(elapsed), " elapsed");
  if (done > 0) {
    const double rest = static_cast<double>(total_ - done) / static_cast<double>(done);
    absl::StrAppend(&after, ", ", ClockText(elapsed * rest), " left");
  }
  // One column stays free: a character in the last one makes some terminals wrap.
  const size_t width = std::max<size_t>(2, screen_.columns()) - 1;
  out_ << kClearLine
       << BarLine(before, done, total_, after, width,
                  {.utf8 = screen_.utf8, .color = screen_.color});
  out_.flush();
}

}  // namespace seedfed
