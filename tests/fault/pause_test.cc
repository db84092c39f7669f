// Processes that stop for a while, for good, or for many rounds.

#include <gtest/gtest.h>

#include <csignal>
#include <string>
#include <vector>

#include "tests/fault/fleet.h"

namespace seedfed {
namespace {

int Count(const std::string& text, const std::string& part) {
  int count = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

TEST(Pause, ClientStoppedForSeconds_SameFingerprintAsUndisturbed) {
  Federation federation(kTwoClients);
  std::vector<Process> clients;
  for (const char* id : {"a", "b"}) clients.push_back(federation.Client(id));
  ASSERT_TRUE(federation.server().WaitForOutput("round 2 complete"))
      << federation.server().Output();
  clients[1].Signal(SIGSTOP);
  EXPECT_EQ(clients[0].Wait(3), Process::kStillRunning) << clients[0].Output();
  clients[1].Signal(SIGCONT);
  EXPECT_EQ(Finish(federation, clients), Undisturbed(kTwoClients));
}

TEST(Pause, ServerStoppedForSeconds_SameFingerprintAsUndisturbed) {
  Federation federation(kTwoClients);
  std::vector<Process> clients;
  for (const char* id : {"a", "b"}) clients.push_back(federation.Client(id));
  ASSERT_TRUE(federation.server().WaitForOutput("round 2 complete"))
      << federation.server().Output();
  federation.server().Signal(SIGSTOP);
  EXPECT_EQ(clients[0].Wait(3), Process::kStillRunning) << clients[0].Output();
  federation.server().Signal(SIGCONT);
  EXPECT_EQ(Finish(federation, clients), Undisturbed(kTwoClients));
}

TEST(Pause, DeadClient_HoldsNoRoundBeyondItsDeadline) {
  Federation federation(kSmallFederation +
                        std::vector<std::string>{"--clients", "2", "--quorum", "1", "--deadline",
                                                 "2", "--shards", "2", "--rounds", "0"});
  Process lives = federation.Client("lives");
  Process dies = federation.Client("dies");
  ASSERT_TRUE(federation.server().WaitForOutput("complete: 2 updates"))
      << federation.server().Output();
  dies.Signal(SIGKILL);
  ASSERT_EQ(dies.Wait(), 128 + SIGKILL);
  // Rounds of one update: each ended at its deadline, and the server says when one got more time.
  const auto alone = [&] { return Count(federation.server().Output(), "complete: 1 updates"); };
  for (int i = 0; i < 120 && alone() < 3; ++i) lives.Wait(0.5);
  const std::string log = federation.server().Output();
  EXPECT_GE(alone(), 3) << log;
  EXPECT_EQ(log.find("at its deadline; "), std::string::npos) << log;
}

// A client is away while another trains `rounds` rounds alone, comes back, and trains alone too.
void LeaveAndReturn(int rounds, bool by_snapshot) {
  Federation federation(std::vector<std::string>{"--model", "784-32-10", "--key", "7", "--samples",
                                                 "32", "--batch", "32", "--clients", "1",
                                                 "--rounds", "0"});
  {
    Process returns = federation.Client("returns");
    ASSERT_TRUE(federation.server().WaitForOutput("round 2 complete"))
        << federation.server().Output();
    returns.Signal(SIGKILL);
    ASSERT_EQ(returns.Wait(), 128 + SIGKILL);
  }
  const int before = Count(federation.server().Output(), " complete: ");
  {
    Process stays = federation.Client("stays");
    const std::string last = "round " + std::to_string(before + rounds) + " complete";
    ASSERT_TRUE(federation.server().WaitForOutput(last, 120)) << federation.server().Output();
    stays.Signal(SIGTERM);
    EXPECT_EQ(stays.Wait(), 0) << stays.Output();
  }
  Process returns("seedfed-client",
                  {"--server", federation.address(), "--id", "returns", "--data", kFashionMnist},
                  federation.folder() / "returns-again.log");
  ASSERT_TRUE(returns.WaitForOutput("trained in")) << returns.Output();
  EXPECT_EQ(returns.Output().find("from a snapshot") != std::string::npos, by_snapshot)
      << returns.Output();
  returns.Signal(SIGTERM);
  EXPECT_EQ(returns.Wait(), 0) << returns.Output();
}

TEST(Return, AfterTenRounds_ByHistory) { LeaveAndReturn(10, false); }

TEST(Return, AfterFiveHundredRounds_BySnapshot) { LeaveAndReturn(500, true); }

}  // namespace
}  // namespace seedfed
