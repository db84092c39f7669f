// Clients that show tokens: renewed and revoked while a federation runs.

#include "tests/e2e/tokens.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <string>
#include <vector>

#include "tests/e2e/federation.h"

namespace seedfed {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::vector<std::string> kThreeClients =
    kSmallFederation + std::vector<std::string>{"--clients", "3",   "--shards",        "3",
                                                "--rounds",  "300", "--exit-when-done"};

std::string Undisturbed() {
  Federation federation(kThreeClients);
  std::vector<Process> clients;
  for (const char* id : {"a", "b", "c"}) clients.push_back(federation.Client(id));
  for (Process& client : clients) EXPECT_EQ(client.Wait(), 0) << client.Output();
  EXPECT_EQ(federation.server().Wait(), 0) << federation.server().Output();
  return federation.FinalFingerprint();
}

TEST(Tokens, RenewedAndRevokedInTheRun_NoUpdateIsLost) {
  Tokens tokens;
  for (const char* id : {"a", "b", "c", "judge"}) tokens.Give("add", id);
  Federation federation(kThreeClients +
                        std::vector<std::string>{"--client-token-file", tokens.file()});
  const auto with_token = [&](const std::string& id) {
    return std::vector<std::string>{"--data", kFashionMnist, "--token-file", tokens.Of(id)};
  };
  std::vector<Process> clients;
  for (const char* id : {"a", "b", "c"}) clients.push_back(federation.Client(id, with_token(id)));
  Process judge =
      federation.Client("judge", with_token("judge") + std::vector<std::string>{"--evaluate"});
  for (const std::string id : {"a", "b", "c"}) {
    ASSERT_TRUE(federation.server().WaitForOutput(id == "a" ? "round 2 complete" : "read "));
    tokens.Give("rotate", id);
  }
  tokens.Run("revoke", {"--client", "judge"});
  for (Process& client : clients) EXPECT_EQ(client.Wait(), 0) << client.Output();
  EXPECT_EQ(federation.server().Wait(), 0) << federation.server().Output();
  const std::string fingerprint = federation.FinalFingerprint();
  EXPECT_EQ(fingerprint.size(), 64U);
  EXPECT_EQ(fingerprint, Undisturbed());
  EXPECT_THAT(federation.server().Output(), Not(HasSubstr("too late")));
  judge.Signal(SIGTERM);
  judge.Wait();
}

TEST(Tokens, RevokedClient_EndsWithTheServersSentence) {
  Tokens tokens;
  for (const char* id : {"a", "b"}) tokens.Give("add", id);
  Federation federation(kSmallFederation + std::vector<std::string>{"--clients", "2", "--poll",
                                                                    "0.2", "--client-token-file",
                                                                    tokens.file()});
  Process waiting =
      federation.Client("a", {"--data", kFashionMnist, "--token-file", tokens.Of("a")});
  ASSERT_TRUE(waiting.WaitForOutput("accepted")) << waiting.Output();
  tokens.Run("revoke", {"--client", "a"});
  EXPECT_EQ(waiting.Wait(), 1);
  EXPECT_THAT(waiting.Output(), HasSubstr("refuses this client: the token is not one of this "
                                          "server's, or no longer"));
  Process other = federation.Client("c", {"--data", kFashionMnist, "--token-file", tokens.Of("b")});
  EXPECT_EQ(other.Wait(), 1);
  EXPECT_THAT(other.Output(), HasSubstr("the caller's credential belongs to client b, which cannot "
                                        "join under another id"));
  Process none = federation.Client("d");
  EXPECT_EQ(none.Wait(), 1);
  EXPECT_THAT(none.Output(), HasSubstr("the call has no token"));
}

TEST(Tokens, DamagedFileAtTheStart_IsExitTwoWithItsLine) {
  Tokens tokens;
  tokens.Give("add", "a");
  WriteSecret(tokens.file(), ReadText(tokens.file()) + "b 12 never\n");
  Process server("seedfed-server",
                 {"--listen", "127.0.0.1:0", "--http", "none", "--store", tokens.folder() / "store",
                  "--client-token-file", tokens.file()},
                 tokens.folder() / "log");
  EXPECT_EQ(server.Wait(), 2);
  EXPECT_THAT(server.Output(),
              HasSubstr(tokens.file() + ":2: the digest is not 64 hexadecimal digits"));
}

}  // namespace
}  // namespace seedfed
