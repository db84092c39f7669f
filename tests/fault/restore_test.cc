// A back-up taken in the middle of a federation is a store that a server goes on with.

#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/fault/fleet.h"

namespace seedfed {
namespace {

TEST(Restore, BackupWhileRoundsRun_ServerOnItCompletesWithTheSameClients) {
  Federation federation(kTwoClients);
  std::vector<Process> clients;
  for (const char* id : {"a", "b"}) clients.push_back(federation.Client(id));
  ASSERT_TRUE(federation.server().WaitForOutput("round 3 complete"))
      << federation.server().Output();
  const std::string store = federation.folder() / "store", backup = federation.folder() / "backup/";
  Process copy("seedfed", {"backup", "--store", store, "--to", backup},
               federation.folder() / "backup.log");
  ASSERT_EQ(copy.Wait(), 0) << copy.Output();
  ASSERT_EQ(federation.server().Wait(0), Process::kStillRunning) << federation.server().Output();
  federation.server().Signal(SIGKILL);
  federation.server().Wait();
  std::filesystem::remove_all(store);

  Process verify("seedfed", {"verify", "--store", backup}, federation.folder() / "verify.log");
  EXPECT_EQ(verify.Wait(), 0) << verify.Output();
  EXPECT_NE(verify.Output().find("Valid: "), std::string::npos) << verify.Output();

  Process restored(
      "seedfed-server",
      std::vector<std::string>{"--listen", federation.address(), "--store", backup} + kTwoClients,
      federation.folder() / "restored.log");
  for (Process& client : clients) EXPECT_EQ(client.Wait(), 0) << client.Output();
  EXPECT_EQ(restored.Wait(), 0) << restored.Output();
  EXPECT_NE(
      restored.Output().find("stopped after round 30, fingerprint " + Undisturbed(kTwoClients)),
      std::string::npos)
      << restored.Output();

  Process again("seedfed", {"backup", "--store", backup, "--to", backup},
                federation.folder() / "again.log");
  EXPECT_EQ(again.Wait(), 2);
  EXPECT_NE(again.Output().find("is there already; a back-up overwrites nothing"),
            std::string::npos)
      << again.Output();
}

TEST(Verify, BesideARunningServer_Valid) {
  Federation federation(kTwoClients);
  std::vector<Process> clients;
  for (const char* id : {"a", "b"}) clients.push_back(federation.Client(id));
  ASSERT_TRUE(federation.server().WaitForOutput("round 3 complete"))
      << federation.server().Output();
  Process verify("seedfed", {"verify", "--store", federation.folder() / "store", "--json"},
                 federation.folder() / "verify.log");
  EXPECT_EQ(verify.Wait(), 0) << verify.Output();
  EXPECT_NE(verify.Output().find("\"valid\":true"), std::string::npos) << verify.Output();
  EXPECT_EQ(Finish(federation, clients), Undisturbed(kTwoClients));
}

}  // namespace
}  // namespace seedfed
