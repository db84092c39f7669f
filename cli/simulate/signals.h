#ifndef SEEDFED_CLI_SIMULATE_SIGNALS_H_
#define SEEDFED_CLI_SIMULATE_SIGNALS_H_

#include <signal.h>

#include "absl/time/time.h"

namespace seedfed {

// Turns SIGINT, SIGTERM, SIGHUP, SIGCHLD and SIGWINCH into return values: they stay blocked while
// the object lives, and Wait() takes them. SIGPIPE is ignored meanwhile, so that a closed output is
// an error of the write. One object per process, made and used on the main thread before any other
// thread starts.
class Signals {
 public:
  Signals();
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  // Waits for one of the signals, at most `timeout`. Returns its number, or 0 when none came.
  int Wait(absl::Duration timeout);

  // Whether `signal` asks the program to end.
  static bool AsksToEnd(int signal);

 private:
  sigset_t set_;
  sigset_t previous_mask_;
  struct sigaction previous_pipe_;
};

}  // namespace seedfed

#endif  // SEEDFED_CLI_SIMULATE_SIGNALS_H_
