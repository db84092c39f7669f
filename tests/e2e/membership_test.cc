// Clients that come late, go away and come back.

#include <gtest/gtest.h>

#include <csignal>
#include <string>
#include <vector>

#include "tests/e2e/federation.h"

namespace seedfed {
namespace {

TEST(Membership, ClientStartedAtALaterRound_CatchesUpAndTakesPart) {
  Federation federation(kSmallFederation +
                        std::vector<std::string>{"--clients", "3", "--quorum", "2", "--min-clients",
                                                 "2", "--deadline", "1", "--shards", "3",
                                                 "--rounds", "12", "--exit-when-done"});
  Process evaluator = federation.Evaluator();
  Process first = federation.Client("a"), second = federation.Client("b");
  ASSERT_TRUE(federation.server().WaitForOutput("round 4 complete: 2 updates"))
      << federation.server().Output();
  Process late = federation.Client("late");
  EXPECT_TRUE(federation.server().WaitForOutput("complete: 3 updates"))
      << federation.server().Output();
  for (Process* client : {&first, &second, &late, &evaluator})
    EXPECT_EQ(client->Wait(), 0) << client->Output();
  EXPECT_EQ(federation.server().Wait(), 0);
  const auto rounds = federation.EvaluatedRounds();
  ASSERT_EQ(rounds.size(), 12U);
  EXPECT_EQ(rounds.at(12).fingerprint, federation.FinalFingerprint());
  EXPECT_NE(late.Output().find(federation.FinalFingerprint()), std::string::npos) << late.Output();
}

TEST(Membership, ClientKilledAndRestarted_KeepsItsNumberAndTheRoundGoesOn) {
  Federation federation(kSmallFederation + std::vector<std::string>{"--clients", "2", "--shards",
                                                                    "2", "--rounds", "6",
                                                                    "--exit-when-done"});
  Process stays = federation.Client("stays");
  {
    Process dies = federation.Client("dies");
    ASSERT_TRUE(federation.server().WaitForOutput("round 2 complete"))
        << federation.server().Output();
    dies.Signal(SIGKILL);
    ASSERT_EQ(dies.Wait(), 128 + SIGKILL);
  }
  Process back = federation.Client("dies");
  for (Process* client : {&stays, &back}) EXPECT_EQ(client->Wait(), 0) << client->Output();
  EXPECT_EQ(federation.server().Wait(), 0);
  EXPECT_NE(federation.server().Output().find("all 6 rounds are complete"), std::string::npos);
}

// Four clients with updates of 0.94 MB each, which are all sent at about the same time. The
// fingerprint at the end.
std::string FingerprintWithQueueOf(const std::string& mib) {
  Federation federation({"--codec", "dense", "--samples", "320", "--key", "3", "--clients", "4",
                         "--shards", "4", "--rounds", "3", "--exit-when-done", "--queue", mib});
  std::vector<Process> clients;
  for (const char* id : {"a", "b", "c", "d"}) clients.push_back(federation.Client(id));
  for (Process& client : clients) EXPECT_EQ(client.Wait(), 0) << client.Output();
  EXPECT_EQ(federation.server().Wait(), 0);
  const std::string log = federation.server().Output();
  for (const char* round : {"1", "2", "3"}) {
    EXPECT_NE(log.find(std::string("round ") + round + " complete: 4 updates"), std::string::npos)
        << log;
  }
  return federation.FinalFingerprint();
}

TEST(Membership, QueueOfOneUpdate_CostsNoUpdate) {
  EXPECT_EQ(FingerprintWithQueueOf("1"), FingerprintWithQueueOf("256"));
}

TEST(Membership, SigtermWhileWaiting_EndsCleanly) {
  Federation federation(kSmallFederation +
                        std::vector<std::string>{"--clients", "2", "--shards", "2"});
  Process client = federation.Client("alone");
  ASSERT_TRUE(client.WaitForOutput("round 1")) << client.Output();
  client.Signal(SIGTERM);
  EXPECT_EQ(client.Wait(10), 0) << client.Output();
  federation.server().Signal(SIGTERM);
  EXPECT_EQ(federation.server().Wait(10), 0) << federation.server().Output();
  EXPECT_NE(federation.server().Output().find("stopped after round 0"), std::string::npos);
}

TEST(Membership, ClientStartedBeforeTheServer_KeepsTryingAndSaysSo) {
  const TempFolder folder;
  Process client("seedfed-client",
                 {"--server", "127.0.0.1:1", "--id", "early", "--data", kFashionMnist},
                 folder / "client.log");
  EXPECT_TRUE(client.WaitForOutput("cannot reach 127.0.0.1:1")) << client.Output();
  EXPECT_EQ(client.Wait(1), Process::kStillRunning);
  client.Signal(SIGINT);
  EXPECT_EQ(client.Wait(10), 0) << client.Output();
}

}  // namespace
}  // namespace seedfed
