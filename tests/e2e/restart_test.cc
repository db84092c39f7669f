// A server that is killed and started again goes on where it was; clients ride through.

#include <gtest/gtest.h>

#include <csignal>
#include <string>
#include <vector>

#include "tests/e2e/federation.h"

namespace seedfed {
namespace {

const std::vector<std::string> kThreeClients =
    kSmallFederation + std::vector<std::string>{"--clients", "3", "--shards",        "3",
                                                "--rounds",  "8", "--exit-when-done"};

std::string Undisturbed() {
  Federation federation(kThreeClients);
  std::vector<Process> clients;
  for (const char* id : {"a", "b", "c"}) clients.push_back(federation.Client(id));
  for (Process& client : clients) EXPECT_EQ(client.Wait(), 0) << client.Output();
  EXPECT_EQ(federation.server().Wait(), 0) << federation.server().Output();
  return federation.FinalFingerprint();
}

TEST(Restart, ServerKilledTwice_SameFingerprintAsUndisturbed) {
  Federation federation(kThreeClients);
  std::vector<Process> clients;
  for (const char* id : {"a", "b", "c"}) clients.push_back(federation.Client(id));
  for (const char* round : {"round 2 complete", "round 5 complete"}) {
    ASSERT_TRUE(federation.server().WaitForOutput(round)) << federation.server().Output();
    federation.CrashAndRestartServer();
  }
  for (Process& client : clients) EXPECT_EQ(client.Wait(), 0) << client.Output();
  EXPECT_EQ(federation.server().Wait(), 0) << federation.server().Output();
  const std::string fingerprint = federation.FinalFingerprint();
  EXPECT_EQ(fingerprint.size(), 64U);
  EXPECT_EQ(fingerprint, Undisturbed());
}

TEST(Restart, StoreOfAnotherModel_RefusedWithOneSentence) {
  Federation federation(kThreeClients);
  federation.server().Signal(SIGTERM);
  ASSERT_EQ(federation.server().Wait(), 0);
  Process other(
      "seedfed-server",
      {"--listen", "127.0.0.1:0", "--store", federation.folder() / "store", "--model", "784-64-10"},
      federation.folder() / "other.log");
  EXPECT_EQ(other.Wait(), 2);
  EXPECT_NE(other.Output().find("784-32-10"), std::string::npos) << other.Output();
}

TEST(Restart, SecondServerOnTheStore_Refused) {
  Federation federation(kThreeClients);
  Process second("seedfed-server",
                 std::vector<std::string>{"--listen", "127.0.0.1:0", "--store",
                                          federation.folder() / "store"} +
                     kThreeClients,
                 federation.folder() / "second.log");
  EXPECT_EQ(second.Wait(), 2);
  EXPECT_NE(second.Output().find("another"), std::string::npos) << second.Output();
}

}  // namespace
}  // namespace seedfed
