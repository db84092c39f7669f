#include "tests/e2e/process.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <sstream>
#include <thread>
#include <utility>

namespace seedfed {
namespace {

constexpr std::chrono::milliseconds kPollInterval(10);

// Sanitizers make programs several times slower.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr double kSlowness = 3;
#else
constexpr double kSlowness = 1;
#endif

// Calls `done` until it is true or `seconds` are over, more of them with sanitizers.
template <typename Predicate>
bool WaitUntil(double seconds, Predicate done) {
  const auto end =
      std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds * kSlowness);
  while (!done()) {
    if (std::chrono::steady_clock::now() >= end) return false;
    std::this_thread::sleep_for(kPollInterval);
  }
  return true;
}

}  // namespace

TempFolder::TempFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "seedfed-test-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) ADD_FAILURE() << "cannot make " << name;
  path_ = name;
}

TempFolder::~TempFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string ReadText(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

void WriteText(const std::filesystem::path& file, const std::string& text) {
  std::ofstream(file, std::ios::binary) << text;
}

Process::Process(const std::string& program, const std::vector<std::string>& arguments,
                 std::filesystem::path output)
    : output_(std::move(output)) {
  const std::string path = std::filesystem::path(SEEDFED_PROGRAMS) / program;
  std::vector<char*> argv = {const_cast<char*>(path.c_str())};
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output_.c_str(),
                                   O_WRONLY | O_CREAT | O_APPEND, 0600);
  posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
  if (posix_spawn(&pid_, path.c_str(), &actions, nullptr, argv.data(), environ) != 0) {
    ADD_FAILURE() << "cannot start " << path;
    exit_code_ = 127;
  }
  posix_spawn_file_actions_destroy(&actions);
}

Process::Process(Process&& other) noexcept
    : output_(std::move(other.output_)), pid_(other.pid_), exit_code_(other.exit_code_) {
  other.exit_code_ = 0;
}

Process::~Process() {
  if (Poll() != kStillRunning) return;
  Signal(SIGKILL);
  Wait();
}

void Process::Signal(int signal) {
  if (Poll() == kStillRunning) kill(pid_, signal);
}

int Process::Poll() {
  int status = 0;
  if (exit_code_ == kStillRunning && waitpid(pid_, &status, WNOHANG) == pid_) {
    exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }
  return exit_code_;
}

int Process::Wait(double seconds) {
  WaitUntil(seconds, [this] { return Poll() != kStillRunning; });
  return exit_code_;
}

bool Process::WaitForOutput(const std::string& text, double seconds) {
  const auto found = [&] { return Output().find(text) != std::string::npos; };
  WaitUntil(seconds, [&] { return found() || Poll() != kStillRunning; });
  return found();
}

}  // namespace seedfed
