#include "client/progress/progress_display.h"

#include <algorithm>
#include <utility>

namespace seedfed {
namespace {

constexpr absl::Duration kRedraw = absl::Milliseconds(100);

}  // namespace

ProgressDisplay::ProgressDisplay(std::shared_ptr<StatusLine> out, Screen screen, const Clock& clock)
    : out_(std::move(out)), screen_(std::move(screen)), clock_(clock), thread_([this] { Run(); }) {}

ProgressDisplay::~ProgressDisplay() {
  {
    const MutexLock lock(mutex_);
    stop_ = true;
  }
  wake_.NotifyOne();
  thread_.join();
  out_->Show("");
}

void ProgressDisplay::Set(const ClientProgress& progress) {
  const MutexLock lock(mutex_);
  progress_ = progress;
}

void ProgressDisplay::Run() {
  const MutexLock lock(mutex_);
  do {
    const ClientProgress progress = progress_;
    mutex_.Unlock();
    // One column stays free: a character in the last one makes some terminals wrap.
    const size_t width = std::max<size_t>(2, screen_.columns()) - 1;
    out_->Show(ProgressLine(progress, clock_.Monotonic(), width,
                            {.utf8 = screen_.utf8, .color = screen_.color}));
    mutex_.Lock();
    // Without a loop: a wake too early redraws too early.
    if (!stop_) wake_.WaitFor(mutex_, kRedraw);
  } while (!stop_);
}

}  // namespace seedfed
