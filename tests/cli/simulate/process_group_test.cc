#include "cli/simulate/process_group.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/cli/temp_folder.h"

namespace seedfed {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// The longest any wait of these tests lasts when something is broken.
constexpr absl::Duration kLongest = absl::Seconds(20);

class ProcessGroupTest : public testing::Test {
 protected:
  ChildSpec Shell(const std::string& name, const std::string& script) const {
    return {.name = name,
            .program = "/bin/sh",
            .arguments = {"-c", script},
            .log = folder_ / (name + ".log")};
  }

  // All children, reaped when they have ended by themselves.
  std::vector<ChildExit> ReapAll(ProcessGroup& group) {
    std::vector<ChildExit> all;
    const absl::Duration end = SystemClock().Monotonic() + kLongest;
    while (group.running() > 0 && SystemClock().Monotonic() < end) {
      for (ChildExit& ended : group.Reap()) all.push_back(std::move(ended));
      signals_.Wait(absl::Milliseconds(20));
    }
    return all;
  }

  // Waits until the child has written `text` to its log.
  void WaitForLog(const std::string& name, const std::string& text) {
    const absl::Duration end = SystemClock().Monotonic() + kLongest;
    while (ReadFile(folder_ / (name + ".log")).find(text) == std::string::npos &&
           SystemClock().Monotonic() < end) {
      signals_.Wait(absl::Milliseconds(10));
    }
    ASSERT_THAT(ReadFile(folder_ / (name + ".log")), testing::HasSubstr(text));
  }

  pid_t PidIn(const std::string& name) const {
    return static_cast<pid_t>(std::stol(ReadFile(folder_ / (name + ".log"))));
  }

  // Waits until no process has the number `pid`.
  bool Vanishes(pid_t pid) {
    const absl::Duration end = SystemClock().Monotonic() + kLongest;
    while (kill(pid, 0) == 0 && SystemClock().Monotonic() < end) {
      signals_.Wait(absl::Milliseconds(10));
    }
    return kill(pid, 0) != 0;
  }

  TempFolder folder_;
  Signals signals_;
};

TEST_F(ProcessGroupTest, ChildEnds_ExitCodeAndSignalAreReported) {
  ProcessGroup group;
  ASSERT_TRUE(group.Start(Shell("good", "exit 0")).ok());
  ASSERT_TRUE(group.Start(Shell("bad", "exit 3")).ok());
  ASSERT_TRUE(group.Start(Shell("killed", "kill -9 $$")).ok());
  std::vector<std::string> ends;
  for (const ChildExit& ended : ReapAll(group)) {
    ends.push_back(ended.name + " " + DescribeExit(ended) + (ended.clean() ? " clean" : ""));
    EXPECT_EQ(ended.log, folder_ / (ended.name + ".log"));
  }
  EXPECT_THAT(ends, testing::UnorderedElementsAre("good ended with exit code 0 clean",
                                                  "bad ended with exit code 3",
                                                  "killed was killed by signal 9 (Killed)"));
}

TEST_F(ProcessGroupTest, ChildWrites_BothOutputsAreInItsLog) {
  ProcessGroup group;
  ASSERT_TRUE(group.Start(Shell("child", "echo out; echo err >&2; cat; echo end of input")).ok());
  ReapAll(group);
  EXPECT_EQ(ReadFile(folder_ / "child.log"), "out\nerr\nend of input\n");
}

TEST_F(ProcessGroupTest, ChildStarts_WithoutTheParentsSignalSettings) {
  ProcessGroup group;
  // Blocked or ignored, the signal would be survived.
  ASSERT_TRUE(group.Start(Shell("term", "kill -TERM $$; echo survived")).ok());
  ASSERT_TRUE(group.Start(Shell("pipe", "kill -PIPE $$; echo survived")).ok());
  for (const ChildExit& ended : ReapAll(group)) {
    EXPECT_EQ(ended.signal, ended.name == "term" ? SIGTERM : SIGPIPE) << ended.name;
  }
}

TEST_F(ProcessGroupTest, NoProgram_NamesIt) {
  ProcessGroup group;
  const absl::Status status = group.Start({.name = "server",
                                           .program = "/nonexistent/server",
                                           .arguments = {},
                                           .log = folder_ / "log"});
  EXPECT_TRUE(absl::IsNotFound(status));
  EXPECT_EQ(status.message(),
            "cannot start server: /nonexistent/server: No such file or directory");
  EXPECT_EQ(group.running(), 0u);
}

TEST_F(ProcessGroupTest, ProgramNotExecutable_SaysSo) {
  ProcessGroup group;
  const std::filesystem::path file = folder_.Write("file", "text");
  EXPECT_EQ(group.Start({.name = "x", .program = file, .arguments = {}, .log = folder_ / "log"})
                .message(),
            "cannot start x: " + file.string() + ": Permission denied");
}

TEST_F(ProcessGroupTest, LogCannotBeWritten_NamesIt) {
  ProcessGroup group;
  EXPECT_EQ(
      group.Start({.name = "x", .program = "/bin/sh", .arguments = {}, .log = "/nonexistent/x.log"})
          .message(),
      "cannot start x: /nonexistent/x.log: No such file or directory");
}

TEST_F(ProcessGroupTest, StopObedientChildren_NoneIsKilled) {
  ProcessGroup group;
  for (const char* name : {"a", "b", "c"}) {
    ASSERT_TRUE(group.Start(Shell(name, "exec sleep 1000")).ok());
  }
  EXPECT_EQ(group.running(), 3u);
  EXPECT_TRUE(group.IsRunning("b"));
  EXPECT_THAT(group.Stop(kLongest, signals_, SystemClock()), IsEmpty());
  EXPECT_EQ(group.running(), 0u);
  EXPECT_FALSE(group.IsRunning("b"));
}

TEST_F(ProcessGroupTest, StopStubbornChild_KilledAfterTheGrace) {
  ProcessGroup group;
  ASSERT_TRUE(
      group.Start(Shell("stubborn", "trap '' TERM; echo $$; while :; do sleep 0.05; done")).ok());
  ASSERT_TRUE(group.Start(Shell("obedient", "exec sleep 1000")).ok());
  WaitForLog("stubborn", "\n");
  const pid_t pid = PidIn("stubborn");
  EXPECT_THAT(group.Stop(absl::Milliseconds(200), signals_, SystemClock()),
              ElementsAre("stubborn"));
  EXPECT_EQ(kill(pid, 0), -1);
}

TEST_F(ProcessGroupTest, SecondRequestToEnd_CutsTheGraceShort) {
  ProcessGroup group;
  ASSERT_TRUE(
      group.Start(Shell("stubborn", "trap '' TERM; echo $$; while :; do sleep 0.05; done")).ok());
  WaitForLog("stubborn", "\n");
  kill(getpid(), SIGINT);
  // A grace far beyond the test's own time limit.
  EXPECT_THAT(group.Stop(absl::Hours(1), signals_, SystemClock()), ElementsAre("stubborn"));
}

TEST_F(ProcessGroupTest, GroupDestroyed_ChildIsGone) {
  pid_t pid;
  {
    ProcessGroup group;
    ASSERT_TRUE(group.Start(Shell("child", "trap '' TERM; echo $$; exec sleep 1000")).ok());
    WaitForLog("child", "\n");
    pid = PidIn("child");
    EXPECT_EQ(kill(pid, 0), 0);
  }
  EXPECT_EQ(kill(pid, 0), -1);
}

TEST_F(ProcessGroupTest, ParentKilled_ChildIsGone) {
  const pid_t parent = fork();
  ASSERT_GE(parent, 0);
  if (parent == 0) {
    ProcessGroup group;
    if (!group.Start(Shell("child", "trap '' TERM; echo $$; exec sleep 1000")).ok()) _exit(1);
    for (;;) pause();
  }
  WaitForLog("child", "\n");
  const pid_t child = PidIn("child");
  kill(parent, SIGKILL);
  int status;
  ASSERT_EQ(waitpid(parent, &status, 0), parent);
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_TRUE(Vanishes(child));
}

TEST_F(ProcessGroupTest, Child_IsInAProcessGroupOfItsOwn) {
  ProcessGroup group;
  ASSERT_TRUE(group.Start(Shell("child", "echo $$; exec sleep 1000")).ok());
  WaitForLog("child", "\n");
  const pid_t pid = PidIn("child");
  EXPECT_EQ(getpgid(pid), pid);
}

}  // namespace
}  // namespace seedfed
