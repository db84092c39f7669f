#include "common/terminal/status_line.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/terminal/screen.h"

namespace seedfed {
namespace {

constexpr int kPatienceMs = 1000;  // with a full pipe that was made non-blocking

void Write(int fd, absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written > 0) {
      bytes.remove_prefix(static_cast<size_t>(written));
      continue;
    }
    if (written < 0 && errno == EINTR) continue;
    if (written < 0 && errno == EAGAIN) {
      pollfd ready = {fd, POLLOUT, 0};
      if (::poll(&ready, 1, kPatienceMs) > 0) continue;
    }
    return;
  }
}

}  // namespace

StatusLine::~StatusLine() { Show(""); }

void StatusLine::Print(absl::string_view lines) {
  const MutexLock lock(mutex_);
  if (status_.empty()) return Write(fd_, lines);
  Write(fd_, absl::StrCat(kClearLine, lines, status_));
}

void StatusLine::Show(std::string status) {
  if (!live_) return;
  const MutexLock lock(mutex_);
  if (status == status_) return;
  Write(fd_, absl::StrCat(kClearLine, status));
  status_ = std::move(status);
}

}  // namespace seedfed
