#include "common/log/standard_streams.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace seedfed {
namespace {

// The exit status of a child process that runs `body`.
template <typename Body>
int Child(Body body) {
  const pid_t pid = fork();
  if (pid == 0) _exit(body());
  int status = 0;
  waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

TEST(StandardStreams, Closed_LeadNowhereAndKeepTheirNumbers) {
  EXPECT_EQ(Child([] {
              close(STDIN_FILENO);
              close(STDERR_FILENO);
              SecureStandardStreams();
              const int next = open("/dev/null", O_RDONLY);
              return next > STDERR_FILENO && write(STDERR_FILENO, "x", 1) == 1 ? 0 : 1;
            }),
            0);
}

TEST(StandardStreams, Open_StayAsTheyAre) {
  EXPECT_EQ(Child([] {
              const int lowest = open("/dev/null", O_RDONLY);
              close(lowest);
              SecureStandardStreams();
              const int next = open("/dev/null", O_RDONLY);
              return next == lowest ? 0 : 1;
            }),
            0);
}

TEST(StandardStreams, ReaderGone_IsAnErrorNotASignal) {
  EXPECT_EQ(Child([] {
              SecureStandardStreams();
              int ends[2];
              if (pipe(ends) != 0) return 1;
              close(ends[0]);
              return write(ends[1], "x", 1) == -1 ? 0 : 1;
            }),
            0);
}

}  // namespace
}  // namespace seedfed
