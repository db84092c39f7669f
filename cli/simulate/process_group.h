#ifndef SEEDFED_CLI_SIMULATE_PROCESS_GROUP_H_
#define SEEDFED_CLI_SIMULATE_PROCESS_GROUP_H_

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "cli/simulate/signals.h"
#include "common/base/clock.h"

namespace seedfed {

struct ChildSpec {
  std::string name;               // for messages: "server", "client-3"
  std::filesystem::path program;  // not searched in PATH
  std::vector<std::string> arguments;
  std::filesystem::path
      log;  // standard output and error are appended to it; standard input is empty
};

struct ChildExit {
  std::string name;
  std::filesystem::path log;
  int code = 0;    // the exit code, when it was not killed
  int signal = 0;  // the signal that killed it, or 0

  bool clean() const { return code == 0 && signal == 0; }
};

// "ended with exit code 2", "was killed by signal 9 (Killed)".
std::string DescribeExit(const ChildExit& ended);

// Processes that end no later than this object, and no later than this process: the kernel kills
// them when it dies itself. They have process groups of their own, so that Ctrl-C on a terminal
// reaches only the parent. For one thread, the one that lives as long as the process.
class ProcessGroup {
 public:
  ProcessGroup() = default;
  // Kills what still runs.
  ~ProcessGroup();
  ProcessGroup(const ProcessGroup&) = delete;
  ProcessGroup& operator=(const ProcessGroup&) = delete;

  // NotFound or Internal, with the program's path and the system's reason, when it cannot be
  // started.
  absl::Status Start(const ChildSpec& spec);

  // The children that have ended since the last call, in the order they were started. Does not
  // wait.
  std::vector<ChildExit> Reap();

  // Children that were not reaped yet.
  size_t running() const { return children_.size(); }
  bool IsRunning(const std::string& name) const;

  // Asks all to end (SIGTERM), waits at most `grace`, kills the rest. Another request to end in
  // `signals` cuts the wait short. Returns the names of those that had to be killed; nothing runs
  // any more.
  std::vector<std::string> Stop(absl::Duration grace, Signals& signals, const Clock& clock);

 private:
  struct Child {
    std::string name;
    std::filesystem::path log;
    pid_t pid;
  };

  std::vector<std::string> KillAll();

  std::vector<Child> children_;
};

}  // namespace seedfed

#endif  // SEEDFED_CLI_SIMULATE_PROCESS_GROUP_H_
