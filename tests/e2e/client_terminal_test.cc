// The client's progress bar on a real terminal.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <string>
#include <vector>

#include "tests/e2e/federation.h"
#include "tests/e2e/terminal.h"

namespace seedfed {
namespace {

using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::Not;

std::vector<std::string> ClientArguments(const std::string& address,
                                         const std::string& id = "left") {
  return {"--server", address, "--id", id, "--data", kFashionMnist};
}

class ClientTerminalTest : public ::testing::Test {
 protected:
  Federation federation_{
      std::vector<std::string>{"--rounds", "3", "--clients", "2", "--shards", "2"} +
      kSmallFederation};
};

TEST_F(ClientTerminalTest, Bar_StaysBelowTheLogAndGoesAway) {
  TerminalProcess client("seedfed-client", ClientArguments(federation_.address()), 70,
                         {{"TERM", "xterm"}, {"LANG", "C"}});
  ASSERT_TRUE(client.WaitFor(" round 1 of 3 [")) << client.output();
  ASSERT_TRUE(client.WaitFor("waiting for more clients")) << client.output();
  const std::vector<std::string> waiting = ShownLines(client.output());
  EXPECT_THAT(waiting.back(), HasSubstr(" round 1 of 3 ["));
  for (size_t i = 0; i + 1 < waiting.size(); ++i) EXPECT_THAT(waiting[i], HasSubstr(" info "));

  Process other = federation_.Client("right");
  EXPECT_EQ(client.Wait(), 0);
  EXPECT_EQ(other.Wait(), 0);
  const std::vector<std::string> end = ShownLines(client.output());
  EXPECT_EQ(end.back(), "");
  EXPECT_THAT(end[end.size() - 2], HasSubstr("the federation is finished after round 3"));
  EXPECT_THAT(end, Not(::testing::Contains(HasSubstr(" round 1 of 3 ["))));
  EXPECT_THAT(end, Each(Not(HasSubstr("\x1b"))));
}

TEST_F(ClientTerminalTest, NarrowerTerminal_GetsAShorterLine) {
  TerminalProcess client("seedfed-client", ClientArguments(federation_.address()), 70,
                         {{"TERM", "xterm"}, {"LANG", "C"}});
  ASSERT_TRUE(client.WaitFor("waiting for more clients")) << client.output();
  client.Resize(21);
  ASSERT_TRUE(client.WaitFor("\r\x1b[K round 1 of 3 waitin")) << client.output();
  client.Signal(SIGINT);
  EXPECT_EQ(client.Wait(), 0);
  EXPECT_THAT(ShownLines(client.output()).back(), "");
}

TEST_F(ClientTerminalTest, LostServer_CountsDown) {
  TerminalProcess client("seedfed-client", ClientArguments(federation_.address()), 70,
                         {{"TERM", "xterm"}, {"LANG", "C"}});
  ASSERT_TRUE(client.WaitFor("waiting for more clients")) << client.output();
  federation_.server().Signal(SIGKILL);
  EXPECT_TRUE(client.WaitFor("reconnecting in ")) << client.output();
  client.Signal(SIGINT);
  EXPECT_EQ(client.Wait(), 0);
}

// Plain lines: no escape sequence, nothing that is written over.
TEST_F(ClientTerminalTest, DumbTerminalOrNoProgress_HasLinesOnly) {
  std::vector<std::string> quiet = ClientArguments(federation_.address());
  quiet.push_back("--no-progress");
  TerminalProcess without("seedfed-client", quiet, 70, {{"TERM", "xterm"}, {"NO_COLOR", "1"}});
  TerminalProcess dumb("seedfed-client", ClientArguments(federation_.address(), "right"), 70,
                       {{"TERM", "dumb"}});
  for (TerminalProcess* client : {&without, &dumb}) {
    ASSERT_TRUE(client->WaitFor("this client's data are")) << client->output();
    client->Signal(SIGTERM);
    EXPECT_EQ(client->Wait(), 0);
    EXPECT_THAT(client->output(), Not(HasSubstr("\x1b")));
    EXPECT_THAT(client->output(), HasSubstr("stopped\r\n"));
  }
}

TEST_F(ClientTerminalTest, NoColor_HasABarWithoutColors) {
  TerminalProcess client("seedfed-client", ClientArguments(federation_.address()), 70,
                         {{"TERM", "xterm"}, {"NO_COLOR", "1"}, {"LANG", "C.UTF-8"}});
  ASSERT_TRUE(client.WaitFor(" round 1 of 3 [")) << client.output();
  ASSERT_TRUE(client.WaitFor("░")) << client.output();
  client.Signal(SIGINT);
  EXPECT_EQ(client.Wait(), 0);
  EXPECT_THAT(client.output(), Not(HasSubstr("\x1b[3")));
}

}  // namespace
}  // namespace seedfed
