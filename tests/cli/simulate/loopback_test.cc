#include "cli/simulate/loopback.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

namespace seedfed {
namespace {

TEST(CheckLoopback, Here_IsUp) { EXPECT_EQ(CheckLoopback(), absl::OkStatus()); }

TEST(CheckLoopback, InANewNetwork_IsDown) {
  constexpr int kCannot = 2;
  const pid_t child = fork();
  if (child == 0) {
    if (unshare(CLONE_NEWNET) != 0) _exit(kCannot);
    const absl::Status status = CheckLoopback();
    _exit(status == absl::UnavailableError(
                        "the processes of a simulation cannot connect at 127.0.0.1: Network is "
                        "unreachable; is the loopback interface up ('ip link set lo up')?")
              ? 0
              : 1);
  }
  int ended = 0;
  ASSERT_EQ(waitpid(child, &ended, 0), child);
  ASSERT_TRUE(WIFEXITED(ended));
  if (WEXITSTATUS(ended) == kCannot) GTEST_SKIP() << "only root can make a network";
  EXPECT_EQ(WEXITSTATUS(ended), 0);
}

}  // namespace
}  // namespace seedfed
