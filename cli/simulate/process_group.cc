#include "cli/simulate/process_group.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace seedfed {
namespace {

// The longest wait between two looks at the children while stopping; SIGCHLD usually ends it
// sooner.
constexpr absl::Duration kStopStep = absl::Milliseconds(50);

// A file descriptor that is closed at the end of its scope.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() { Close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int get() const { return fd_; }
  void Close() {
    if (fd_ >= 0) close(fd_);
    fd_ = -1;
  }

 private:
  int fd_;
};

// Runs in the child between fork and exec: only calls that are safe there. Ends the child; `errors`
// gets the errno when the program could not be executed.
[[noreturn]] void ExecuteChild(pid_t parent, int input, int output, int errors,
                               char* const* arguments) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  // The parent may have died before prctl took effect.
  if (getppid() != parent) _exit(127);
  signal(SIGPIPE, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  if (dup2(input, STDIN_FILENO) >= 0 && dup2(output, STDOUT_FILENO) >= 0 &&
      dup2(output, STDERR_FILENO) >= 0) {
    execv(arguments[0], arguments);
  }
  const int error = errno;
  [[maybe_unused]] const ssize_t written = write(errors, &error, sizeof(error));
  _exit(127);
}

ChildExit ExitOf(const std::string& name, const std::filesystem::path& log, int status) {
  ChildExit ended{.name = name, .log = log};
  if (WIFSIGNALED(status)) {
    ended.signal = WTERMSIG(status);
  } else {
    ended.code = WEXITSTATUS(status);
  }
  return ended;
}

// Waits for `pid`, with WNOHANG or 0 as `flags`; true when it has ended.
bool WaitFor(pid_t pid, int flags, int& status) {
  pid_t result;
  do {
    result = waitpid(pid, &status, flags);
  } while (result < 0 && errno == EINTR);
  return result == pid;
}

}  // namespace

std::string DescribeExit(const ChildExit& ended) {
  if (ended.signal == 0) return absl::StrCat("ended with exit code ", ended.code);
  return absl::StrCat("was killed by signal ", ended.signal, " (", strsignal(ended.signal), ")");
}

ProcessGroup::~ProcessGroup() { KillAll(); }

absl::Status ProcessGroup::Start(const ChildSpec& spec) {
  const std::string program = spec.program.string();
  const auto failure = [&](absl::string_view step, int error) {
    const std::string message =
        absl::StrCat("cannot start ", spec.name, ": ", step, ": ", strerror(error));
    return error == ENOENT ? absl::NotFoundError(message) : absl::InternalError(message);
  };

  Descriptor input(open("/dev/null", O_RDONLY | O_CLOEXEC));
  if (input.get() < 0) return failure("/dev/null", errno);
  Descriptor output(open(spec.log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
  if (output.get() < 0) return failure(spec.log.string(), errno);
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return failure("pipe", errno);
  Descriptor errors_in(ends[0]);
  Descriptor errors_out(ends[1]);

  std::vector<std::string> words = {program};
  words.insert(words.end(), spec.arguments.begin(), spec.arguments.end());
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);

  const pid_t parent = getpid();
  const pid_t pid = fork();
  if (pid < 0) return failure("fork", errno);
  if (pid == 0) {
    ExecuteChild(parent, input.get(), output.get(), errors_out.get(), arguments.data());
  }
  errors_out.Close();

  // The pipe closes without a word when exec succeeds.
  int error = 0;
  ssize_t length;
  do {
    length = read(errors_in.get(), &error, sizeof(error));
  } while (length < 0 && errno == EINTR);
  if (length == sizeof(error)) {
    int status;
    WaitFor(pid, 0, status);
    return failure(program, error);
  }
  children_.push_back({spec.name, spec.log, pid});
  return absl::OkStatus();
}

std::vector<ChildExit> ProcessGroup::Reap() {
  std::vector<ChildExit> ended;
  std::erase_if(children_, [&](const Child& child) {
    int status;
    if (!WaitFor(child.pid, WNOHANG, status)) return false;
    ended.push_back(ExitOf(child.name, child.log, status));
    return true;
  });
  return ended;
}

bool ProcessGroup::IsRunning(const std::string& name) const {
  return std::any_of(children_.begin(), children_.end(),
                     [&](const Child& child) { return child.name == name; });
}

std::vector<std::string> ProcessGroup::Stop(absl::Duration grace, Signals& signals,
                                            const Clock& clock) {
  for (const Child& child : children_) kill(child.pid, SIGTERM);
  const absl::Duration end = clock.Monotonic() + grace;
  Reap();
  while (!children_.empty()) {
    const absl::Duration left = end - clock.Monotonic();
    if (left <= absl::ZeroDuration()) break;
    if (Signals::AsksToEnd(signals.Wait(std::min(left, kStopStep)))) break;
    Reap();
  }
  return KillAll();
}

std::vector<std::string> ProcessGroup::KillAll() {
  std::vector<std::string> killed;
  for (const Child& child : children_) {
    kill(child.pid, SIGKILL);
    killed.push_back(child.name);
  }
  for (const Child& child : children_) {
    int status;
    WaitFor(child.pid, 0, status);
  }
  children_.clear();
  return killed;
}

}  // namespace seedfed
