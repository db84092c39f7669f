// Clients that show tokens: renewed and revoked while a federation runs, and never shown to anybody
// else.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <csignal>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include "tests/e2e/federation.h"

namespace seedfed {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::vector<std::string> kThreeClients =
    kSmallFederation + std::vector<std::string>{"--clients", "3",  "--shards",        "3",
                                                "--rounds",  "16", "--exit-when-done"};

// A file that only its owner can read, put there at once.
void WriteSecret(const std::filesystem::path& file, const std::string& text) {
  const std::filesystem::path fresh = file.string() + ".new";
  WriteText(fresh, text);
  ASSERT_EQ(chmod(fresh.c_str(), 0600), 0);
  std::filesystem::rename(fresh, file);
}

// The tokens of a federation's clients, as its operator keeps them.
class Tokens {
 public:
  // What `seedfed token` prints.
  std::string Run(const std::string& action, const std::vector<std::string>& arguments) {
    const std::filesystem::path output = folder_ / ("output" + std::to_string(runs_++));
    Process tool("seedfed", std::vector<std::string>{"token", action, "--file", file()} + arguments,
                 output);
    EXPECT_EQ(tool.Wait(), 0) << tool.Output();
    return tool.Output();
  }

  // A token for the client, in the file that the client reads.
  std::string Give(const std::string& action, const std::string& client) {
    std::string token = Run(action, {"--client", client});
    WriteSecret(Of(client), token);
    token.pop_back();
    return token;
  }

  std::string file() const { return folder_ / "client-tokens"; }
  std::filesystem::path Of(const std::string& client) const { return folder_ / client; }
  const TempFolder& folder() const { return folder_; }

 private:
  TempFolder folder_;
  int runs_ = 0;
};

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

// Everything that other users of a machine, or those who read its logs, can see of a process.
std::string Visible(const Process& process) {
  const std::string folder = "/proc/" + std::to_string(process.pid());
  return ReadText(folder + "/cmdline") + ReadText(folder + "/environ") + ReadText(folder + "/comm");
}

TEST(Tokens, Secrets_AreInNoLogAndNoProcessList) {
  const std::string key = "00112233445566778899aabbccddeeff";
  const std::string admin = "operators-own-secret-4711";
  Tokens tokens;
  std::vector<std::string> secrets = {key, admin, "ABEiM0RVZneImaq7zN3u/w"};  // and as base64
  for (const char* id : {"left", "right"}) secrets.push_back(tokens.Give("add", id));
  WriteSecret(tokens.folder() / "admin", admin + "\n");
  WriteSecret(tokens.folder() / "server.toml", "[model]\nkey = \"" + key + "\"\n");
  Federation federation({"--config", tokens.folder() / "server.toml", "--model", "784-32-10",
                         "--samples", "256", "--clients", "2", "--shards", "2", "--log-level",
                         "debug", "--client-token-file", tokens.file(), "--admin-token-file",
                         tokens.folder() / "admin"});
  const auto client = [&](const std::string& id, const std::string& token_of) {
    return federation.Client(
        id, {"--data", kFashionMnist, "--log-level", "debug", "--token-file", tokens.Of(token_of)});
  };
  Process left = client("left", "left");
  Process right = client("right", "right");
  ASSERT_TRUE(federation.server().WaitForOutput("round 2 complete"))
      << federation.server().Output();
  // Refused calls, too.
  WriteSecret(tokens.Of("wrong"), "sft_a-token-that-is-not-known-here");
  secrets.push_back("sft_a-token-that-is-not-known-here");
  Process stranger = client("stranger", "wrong");
  EXPECT_EQ(stranger.Wait(), 1);
  Process status(
      "seedfed",
      {"status", "--server", federation.address(), "--admin-token-file", tokens.folder() / "admin"},
      tokens.folder() / "status");
  EXPECT_EQ(status.Wait(), 0) << status.Output();
  std::string seen = Visible(federation.server()) + Visible(left) + Visible(right);
  EXPECT_THAT(seen, HasSubstr("--client-token-file"));
  federation.server().Signal(SIGTERM);
  EXPECT_EQ(federation.server().Wait(), 0);
  for (Process* process : {&left, &right}) {
    process->Signal(SIGTERM);
    process->Wait();
  }
  for (Process* process : {&federation.server(), &left, &right, &stranger, &status}) {
    seen += process->Output();
  }
  seen += tokens.Run("list", {});
  for (const std::string& secret : secrets) EXPECT_THAT(seen, Not(HasSubstr(secret)));
}

}  // namespace
}  // namespace seedfed
