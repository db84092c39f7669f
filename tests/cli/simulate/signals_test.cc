#include "cli/simulate/signals.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <array>

namespace seedfed {
namespace {

TEST(Signals, RaisedSignal_ReturnedOnce) {
  Signals signals;
  for (int signal : {SIGINT, SIGTERM, SIGHUP, SIGCHLD, SIGWINCH}) {
    ASSERT_EQ(kill(getpid(), signal), 0);
    EXPECT_EQ(signals.Wait(absl::Seconds(10)), signal);
    EXPECT_EQ(signals.Wait(absl::ZeroDuration()), 0);
  }
}

TEST(Signals, NegativeTimeout_ReturnsAtOnce) {
  Signals signals;
  EXPECT_EQ(signals.Wait(absl::Seconds(-5)), 0);
}

TEST(Signals, ThreeOfThem_AskToEnd) {
  EXPECT_TRUE(Signals::AsksToEnd(SIGINT));
  EXPECT_TRUE(Signals::AsksToEnd(SIGTERM));
  EXPECT_TRUE(Signals::AsksToEnd(SIGHUP));
  EXPECT_FALSE(Signals::AsksToEnd(SIGCHLD));
  EXPECT_FALSE(Signals::AsksToEnd(SIGWINCH));
  EXPECT_FALSE(Signals::AsksToEnd(0));
}

TEST(Signals, WriteToAClosedPipe_ErrorInsteadOfDeath) {
  Signals signals;
  std::array<int, 2> ends;
  ASSERT_EQ(pipe(ends.data()), 0);
  close(ends[0]);
  EXPECT_EQ(write(ends[1], "x", 1), -1);
  close(ends[1]);
}

TEST(Signals, Destroyed_MaskIsAsBefore) {
  sigset_t mask;
  { Signals signals; }
  ASSERT_EQ(pthread_sigmask(SIG_BLOCK, nullptr, &mask), 0);
  EXPECT_EQ(sigismember(&mask, SIGINT), 0);
}

}  // namespace
}  // namespace seedfed
