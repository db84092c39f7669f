// Nothing that a run shows or writes holds a secret: tokens of clients, the admin token, the
// federation key, and the private keys of TLS.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include "tests/common/tls/example_certificates.h"
#include "tests/e2e/federation.h"
#include "tests/e2e/tokens.h"
#include "tests/server/http/raw_client.h"

namespace seedfed {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Arguments = std::vector<std::string>;

constexpr char kKey[] = "00112233445566778899aabbccddeeff";
constexpr char kAdmin[] = "operators-own-secret-4711";
constexpr char kStrange[] = "sft_a-token-that-is-not-known-here";
constexpr char kPassphrase[] = "correct-horse-battery-staple";

// What other users of the machine see of a process, and what a core file of it would be called.
std::string Visible(const Process& process) {
  const std::string folder = "/proc/" + std::to_string(process.pid());
  return ReadText(folder + "/cmdline") + ReadText(folder + "/environ") + ReadText(folder + "/comm");
}

class SecretsTest : public testing::Test {
 protected:
  SecretsTest() {
    for (const char* id : {"client-1", "client-2"}) Keep(tokens_.Give("add", id));
    WriteSecret(Path("admin"), std::string(kAdmin) + "\n");
    WriteSecret(Path("server.toml"), std::string("[model]\nkey = \"") + kKey + "\"\n");
    WriteSecret(Path("strange"), kStrange);
    for (const char* secret : {kKey, "ABEiM0RVZneImaq7zN3u/w", kAdmin, kStrange}) Keep(secret);
    for (const char* file :
         {"server.key", "clients/client-1.key", "clients/client-2.key", "ca.key"}) {
      KeepLines(files_ / file);
    }
  }

  void Keep(const std::string& secret) { secrets_.push_back(secret); }

  // The lines of a key, but for those that say what it is.
  void KeepLines(const std::string& file) {
    std::istringstream lines(ReadText(file));
    for (std::string line; std::getline(lines, line);) {
      if (line.size() >= 16 && line.find("-----") == std::string::npos) Keep(line);
    }
  }

  std::string Path(const std::string& name) const { return tokens_.folder() / name; }

  // What a program says that ends by itself, or is ended after a moment.
  std::string Output(const std::string& program, const Arguments& arguments) {
    Process process(program, arguments, Path("said" + std::to_string(++outputs_)));
    if (process.Wait(3) == Process::kStillRunning) process.Signal(SIGTERM);
    EXPECT_NE(process.Wait(), Process::kStillRunning);
    return process.Output();
  }

  void ExpectNoSecretIn(const std::string& text, const std::string& where) const {
    for (const std::string& secret : secrets_) {
      EXPECT_EQ(text.find(secret), std::string::npos) << where << " holds " << secret;
    }
  }

  Arguments Tls(const std::string& id) const {
    return {"--tls-ca",   files_ / "ca.pem",
            "--tls-cert", files_ / ("clients/" + id + ".pem"),
            "--tls-key",  files_ / ("clients/" + id + ".key")};
  }

  Arguments ServerTls() const {
    return {"--tls-cert",          files_ / "server.pem", "--tls-key",
            files_ / "server.key", "--tls-client-ca",     files_ / "ca.pem"};
  }

  const ExampleCertificates files_;
  Tokens tokens_;

 private:
  std::vector<std::string> secrets_;
  int outputs_ = 0;
};

TEST_F(SecretsTest, Federation_ShowsAndStoresNone) {
  Federation federation(ServerTls() + Arguments{"--config",
                                                Path("server.toml"),
                                                "--model",
                                                "784-32-10",
                                                "--samples",
                                                "256",
                                                "--clients",
                                                "2",
                                                "--shards",
                                                "2",
                                                "--rounds",
                                                "0",
                                                "--log-level",
                                                "debug",
                                                "--client-token-file",
                                                tokens_.file(),
                                                "--admin-token-file",
                                                Path("admin"),
                                                "--http",
                                                "127.0.0.1:0"});
  const auto refused = [&](const std::string& id, const std::string& token_file) {
    return Process("seedfed-client",
                   Arguments{"--server", federation.address(), "--id", id, "--data", kFashionMnist,
                             "--log-level", "debug", "--token-file", token_file} +
                       Tls("client-1"),
                   Path("refused-" + id));
  };
  Process one = federation.Client(
      "client-1", Tls("client-1") + Arguments{"--data", kFashionMnist, "--log-level", "debug",
                                              "--token-file", tokens_.Of("client-1")});
  Process two = federation.Client(
      "client-2", Tls("client-2") + Arguments{"--data", kFashionMnist, "--log-level", "debug",
                                              "--token-file", tokens_.Of("client-2")});
  ASSERT_TRUE(federation.server().WaitForOutput("round 2 complete"))
      << federation.server().Output();
  // Refused: another's token and one that never was; then files that are exchanged by halves.
  Process other = refused("client-1", tokens_.Of("client-2"));
  EXPECT_EQ(other.Wait(), 1) << other.Output();
  Process strange = refused("client-2", Path("strange"));
  EXPECT_EQ(strange.Wait(), 1) << strange.Output();
  files_.Run("cp -p clients/client-1.key server.key");
  ASSERT_TRUE(federation.server().WaitForOutput("the certificates from before stay in force"));
  const std::string good = ReadText(tokens_.file());
  WriteSecret(tokens_.file(), good + kStrange + "\n");
  ASSERT_TRUE(federation.server().WaitForOutput(tokens_.file() + ":3: "));
  WriteSecret(tokens_.file(), good);

  for (Process* process : {&federation.server(), &one, &two}) {
    const std::string seen = Visible(*process);
    EXPECT_THAT(seen, HasSubstr("token-file"));
    ExpectNoSecretIn(seen, "the process list");
  }
  const Arguments admin = Tls("client-1") + Arguments{"--server", federation.address(),
                                                      "--admin-token-file", Path("admin")};
  for (const Arguments& command :
       {Arguments{"status"}, {"status", "--json"}, {"clients"}, {"events"}, {"events", "--json"}}) {
    ExpectNoSecretIn(Output("seedfed", command + admin), "seedfed " + command[0]);
  }
  std::istringstream port(federation.server().Output().substr(
      federation.server().Output().find("page at http://127.0.0.1:") + 25));
  uint16_t page = 0;
  port >> page;
  for (const std::string target :
       {"/", "/metrics", "/api/v1/status", "/api/v1/clients", "/api/v1/events", "/api/v1/rounds"}) {
    RawClient browser(page);
    browser.Send("GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " +
                 kAdmin + "\r\nConnection: close\r\n\r\n");
    const std::string answer = browser.ReadAll();
    EXPECT_THAT(answer, HasSubstr("200 OK")) << target;
    ExpectNoSecretIn(answer, target);
  }
  federation.server().Signal(SIGTERM);
  EXPECT_EQ(federation.server().Wait(), 0);
  for (Process* process : {&one, &two}) {
    process->Signal(SIGTERM);
    process->Wait();
  }
  for (Process* process : {&federation.server(), &one, &two, &other, &strange}) {
    ExpectNoSecretIn(process->Output(), "a log");
  }
  ExpectNoSecretIn(tokens_.Run("list", {}), "seedfed token list");
  for (const auto& file : std::filesystem::directory_iterator(federation.folder() / "store")) {
    ExpectNoSecretIn(file.path().filename(), "the name of a file");
    ExpectNoSecretIn(ReadText(file.path()), file.path());
  }
}

// A file in the place of another, a key behind a passphrase, slips of the pen: the sentences name
// files, not what is in them.
TEST_F(SecretsTest, Mistakes_AreToldWithoutWhatIsInTheFiles) {
  Keep(kPassphrase);
  files_.Run(std::string("openssl pkey -in server.key -aes256 -passout pass:") + kPassphrase +
             " -out locked.key && chmod 600 locked.key");
  KeepLines(files_ / "locked.key");
  const std::string slip = std::string(kKey).substr(0, 31);
  Keep(slip);
  WriteSecret(Path("slip.toml"), "[model]\nkey = \"" + slip + "\"\n");
  WriteSecret(Path("bare.toml"), "[model]\nkey = " + std::string(kKey) + "\n");
  WriteSecret(Path("pasted"), std::string("client-1 ") + kStrange + " never\n");
  const Arguments server = {"--listen", "127.0.0.1:0", "--http", "none", "--store", Path("store")};
  const std::string certificate = files_ / "server.pem";
  for (const Arguments& mistake :
       {Arguments{"--tls-cert", certificate, "--tls-key", files_ / "locked.key"},
        {"--tls-cert", certificate, "--tls-key", Path("admin")},
        {"--tls-cert", files_ / "server.key", "--tls-key", files_ / "server.key"},
        {"--tls-cert", certificate, "--tls-key", files_ / "clients/client-1.key"},
        {"--admin-token-file", files_ / "server.key"},
        {"--client-token-file", Path("pasted")},
        {"--client-token-file", files_ / "server.key"},
        {"--config", Path("slip.toml")},
        {"--config", Path("bare.toml")},
        {"--config", Path("admin")},
        {"--config", files_ / "server.key"}}) {
    Process process("seedfed-server", server + mistake, Path("server.log"));
    EXPECT_EQ(process.Wait(), 2) << mistake.back() << process.Output();
    ExpectNoSecretIn(process.Output(), mistake.back());
  }
  const Arguments client = {"--server", "127.0.0.1:1", "--id", "client-1", "--data", kFashionMnist};
  for (const Arguments& mistake : {Arguments{"--token-file", files_ / "server.key"},
                                   {"--tls-ca", Path("admin")},
                                   {"--tls-ca", files_ / "server.key"},
                                   {"--tls-ca", files_ / "ca.pem", "--tls-cert", certificate,
                                    "--tls-key", files_ / "locked.key"}}) {
    Process process("seedfed-client", client + mistake, Path("client.log"));
    EXPECT_EQ(process.Wait(), 2) << mistake.back() << process.Output();
    ExpectNoSecretIn(process.Output(), mistake.back());
  }
}

}  // namespace
}  // namespace seedfed
