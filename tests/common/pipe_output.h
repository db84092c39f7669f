#ifndef SEEDFED_TESTS_COMMON_PIPE_OUTPUT_H_
#define SEEDFED_TESTS_COMMON_PIPE_OUTPUT_H_

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <string>

namespace seedfed {

// A pipe that catches what is written to fd().
class PipeOutput {
 public:
  PipeOutput() {
    EXPECT_EQ(pipe2(ends_.data(), O_CLOEXEC), 0);
    EXPECT_EQ(fcntl(ends_[0], F_SETFL, O_NONBLOCK), 0);
  }
  ~PipeOutput() {
    CloseReader();
    close(ends_[1]);
  }
  PipeOutput(const PipeOutput&) = delete;
  PipeOutput& operator=(const PipeOutput&) = delete;

  int fd() const { return ends_[1]; }

  // What was written since the last call; at most what a pipe holds.
  std::string Take() {
    std::string text;
    std::array<char, 4096> buffer;
    for (ssize_t n = 0; (n = read(ends_[0], buffer.data(), buffer.size())) > 0;) {
      text.append(buffer.data(), static_cast<size_t>(n));
    }
    return text;
  }

  void CloseReader() {
    if (ends_[0] >= 0) close(ends_[0]);
    ends_[0] = -1;
  }

 private:
  std::array<int, 2> ends_ = {-1, -1};
};

}  // namespace seedfed

#endif  // SEEDFED_TESTS_COMMON_PIPE_OUTPUT_H_
