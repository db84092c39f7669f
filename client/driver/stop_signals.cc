#include "client/driver/stop_signals.h"

#include <pthread.h>
#include <signal.h>

#include <cstdlib>
#include <utility>

namespace seedfed {
namespace {

sigset_t Watched() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

}  // namespace

void BlockStopSignals() {
  const sigset_t set = Watched();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

StopSignalWatcher::StopSignalWatcher(std::function<void()> stop)
    : thread_([this, stop = std::move(stop)] {
        const sigset_t set = Watched();
        for (bool first = true;; first = false) {
          int signal = 0;
          sigwait(&set, &signal);
          if (done_) return;
          if (!first) std::_Exit(1);
          stop();
        }
      }) {}

StopSignalWatcher::~StopSignalWatcher() {
  done_ = true;
  pthread_kill(thread_.native_handle(), SIGTERM);
  thread_.join();
}

}  // namespace seedfed
