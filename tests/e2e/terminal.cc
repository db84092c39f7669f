#include "tests/e2e/terminal.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>

namespace seedfed {

using SteadyClock = std::chrono::steady_clock;

TerminalProcess::TerminalProcess(const std::string& program,
                                 const std::vector<std::string>& arguments, uint16_t columns,
                                 const std::map<std::string, std::string>& variables) {
  const std::string path = std::string(SEEDFED_PROGRAMS) + "/" + program;
  std::vector<char*> argv = {const_cast<char*>(path.c_str())};
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  const winsize size = {.ws_row = 24, .ws_col = columns, .ws_xpixel = 0, .ws_ypixel = 0};
  pid_ = forkpty(&terminal_, nullptr, nullptr, &size);
  if (pid_ == 0) {
    for (const char* name : {"NO_COLOR", "LC_ALL", "LC_CTYPE", "LANG"}) unsetenv(name);
    for (const auto& [name, value] : variables) setenv(name.c_str(), value.c_str(), 1);
    execv(path.c_str(), argv.data());
    _exit(127);
  }
  if (pid_ < 0) ADD_FAILURE() << "cannot start " << path << " on a terminal";
}

TerminalProcess::~TerminalProcess() {
  if (pid_ > 0) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  if (terminal_ >= 0) close(terminal_);
}

void TerminalProcess::Type(const std::string& text) {
  if (write(terminal_, text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
    ADD_FAILURE() << "cannot type";
  }
}

void TerminalProcess::Resize(uint16_t columns) {
  const winsize size = {.ws_row = 24, .ws_col = columns, .ws_xpixel = 0, .ws_ypixel = 0};
  EXPECT_EQ(ioctl(terminal_, TIOCSWINSZ, &size), 0);
}

void TerminalProcess::Signal(int signal) { kill(pid_, signal); }

bool TerminalProcess::Read(double seconds) {
  pollfd ready = {terminal_, POLLIN, 0};
  if (poll(&ready, 1, static_cast<int>(seconds * 1000)) <= 0) return false;
  std::array<char, 4096> buffer;
  // EIO: the program has closed its end.
  const ssize_t bytes = read(terminal_, buffer.data(), buffer.size());
  if (bytes <= 0) return false;
  output_.append(buffer.data(), static_cast<size_t>(bytes));
  return true;
}

bool TerminalProcess::WaitFor(const std::string& text, double seconds) {
  const auto end = SteadyClock::now() + std::chrono::duration<double>(seconds);
  while (true) {
    if (const size_t at = output_.find(text, seen_); at != std::string::npos) {
      seen_ = at + text.size();
      return true;
    }
    const std::chrono::duration<double> left = end - SteadyClock::now();
    if (left.count() <= 0 || !Read(left.count())) return false;
  }
}

int TerminalProcess::Wait(double seconds) {
  const auto end = SteadyClock::now() + std::chrono::duration<double>(seconds);
  for (std::chrono::duration<double> left(seconds); left.count() > 0;
       left = end - SteadyClock::now()) {
    if (!Read(left.count())) break;
  }
  kill(pid_, SteadyClock::now() < end ? 0 : SIGKILL);
  int status = 0;
  waitpid(pid_, &status, 0);
  pid_ = 0;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::vector<std::string> ShownLines(const std::string& output) {
  std::vector<std::string> lines = {""};
  size_t column = 0;
  for (size_t i = 0; i < output.size(); ++i) {
    std::string& line = lines.back();
    if (output.compare(i, 3, "\x1b[K") == 0) {
      line.resize(std::min(line.size(), column));
      i += 2;
    } else if (output[i] == '\x1b' && output.find('m', i) != std::string::npos &&
               output.find_first_not_of("[0123456789;", i + 1) == output.find('m', i)) {
      i = output.find('m', i);
    } else if (output[i] == '\r') {
      column = 0;
    } else if (output[i] == '\n') {
      lines.emplace_back();
    } else {
      line.resize(std::max(line.size(), column + 1), ' ');
      line[column++] = output[i];
    }
  }
  return lines;
}

}  // namespace seedfed
