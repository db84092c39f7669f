#include "cli/simulate/signals.h"

#include <algorithm>

namespace seedfed {

Signals::Signals() {
  sigemptyset(&set_);
  for (int signal : {SIGINT, SIGTERM, SIGHUP, SIGCHLD, SIGWINCH}) sigaddset(&set_, signal);
  pthread_sigmask(SIG_BLOCK, &set_, &previous_mask_);
  struct sigaction ignore = {};
  ignore.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &ignore, &previous_pipe_);
}

Signals::~Signals() {
  sigaction(SIGPIPE, &previous_pipe_, nullptr);
  pthread_sigmask(SIG_SETMASK, &previous_mask_, nullptr);
}

int Signals::Wait(absl::Duration timeout) {
  const timespec bounded = absl::ToTimespec(std::max(timeout, absl::ZeroDuration()));
  const int signal = sigtimedwait(&set_, nullptr, &bounded);
  return signal > 0 ? signal : 0;
}

bool Signals::AsksToEnd(int signal) {
  return signal == SIGINT || signal == SIGTERM || signal == SIGHUP;
}

}  // namespace seedfed
