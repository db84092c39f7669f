// Encrypted federations: who gets in, what everybody else is told, and new certificates under a
// running one.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/common/tls/example_certificates.h"
#include "tests/e2e/federation.h"
#include "tests/fault/proxy.h"

namespace seedfed {
namespace {

using testing::HasSubstr;
using Arguments = std::vector<std::string>;

Arguments ServerTls(const ExampleCertificates& files, bool mutual = true) {
  Arguments flags = {"--tls-cert", files / "server.pem", "--tls-key", files / "server.key"};
  return mutual ? flags + Arguments{"--tls-client-ca", files / "ca.pem"} : flags;
}

Arguments Trusting(const ExampleCertificates& ca) { return {"--tls-ca", ca / "ca.pem"}; }

Arguments Showing(const ExampleCertificates& own, const std::string& id) {
  return {"--tls-cert", own / ("clients/" + id + ".pem"), "--tls-key",
          own / ("clients/" + id + ".key")};
}

const Arguments kData = {"--data", kFashionMnist};

Arguments Rounds(int rounds) {
  return kSmallFederation +
         Arguments{"--clients",       "2", "--shards", "2", "--rounds", std::to_string(rounds),
                   "--exit-when-done"};
}

class TlsTest : public testing::Test {
 protected:
  // Runs client-1 and client-2 to the end of the federation.
  static void Train(Federation& federation, const Arguments& first, const Arguments& second) {
    Process one = federation.Client("client-1", kData + first);
    Process two = federation.Client("client-2", kData + second);
    EXPECT_EQ(one.Wait(), 0) << one.Output();
    EXPECT_EQ(two.Wait(), 0) << two.Output();
    EXPECT_EQ(federation.server().Wait(), 0) << federation.server().Output();
  }

  // What a client says that cannot connect, and goes on trying.
  std::string Complaint(Federation& federation, const Arguments& flags) {
    Process client("seedfed-client",
                   Arguments{"--server", federation.address(), "--id", "client-1"} + kData + flags,
                   NewLog());
    EXPECT_TRUE(client.WaitForOutput("cannot reach")) << client.Output();
    EXPECT_EQ(client.Wait(0.01), Process::kStillRunning) << client.Output();
    client.Signal(SIGTERM);
    EXPECT_EQ(client.Wait(), 0) << client.Output();
    return client.Output();
  }

  // Runs the tool; its exit code and what it said.
  std::string Tool(Federation& federation, const Arguments& arguments) {
    Process tool("seedfed", arguments + Arguments{"--server", federation.address()}, NewLog());
    const int code = tool.Wait();
    return std::to_string(code) + " " + tool.Output();
  }

  const ExampleCertificates files_;

 private:
  std::filesystem::path NewLog() { return logs_ / std::to_string(++log_); }

  const TempFolder logs_;
  int log_ = 0;
};

TEST_F(TlsTest, ServerCertificateOnly_Trains) {
  Federation federation(ServerTls(files_, false) + Rounds(3));
  Train(federation, Trusting(files_), Trusting(files_));
}

TEST_F(TlsTest, MutualTls_TrainsAndTheToolGetsIn) {
  Federation federation(ServerTls(files_) + Rounds(3));
  const Arguments operating = Trusting(files_) + Showing(files_, "client-2");
  EXPECT_THAT(Tool(federation, Arguments{"health"} + operating), HasSubstr("0 "));
  EXPECT_THAT(Tool(federation, Arguments{"status"} + operating), HasSubstr("0 "));
  EXPECT_THAT(Tool(federation, {"health"}), HasSubstr("1 seedfed: no health answer from "));
  EXPECT_THAT(Tool(federation, Arguments{"status"} + Trusting(files_)),
              HasSubstr("if it wants a client certificate, pass one: --tls-cert and --tls-key"));
  EXPECT_THAT(Tool(federation, {"status", "--tls-ca", "/none"}),
              HasSubstr("2 seedfed: the CA file /none cannot be opened"));
  EXPECT_THAT(Tool(federation, {"health", "--tls-ca", "/none"}),
              HasSubstr("2 seedfed: the CA file /none cannot be opened"));
  Train(federation, Trusting(files_) + Showing(files_, "client-1"), operating);
}

TEST_F(TlsTest, WhoDoesNotFit_IsToldWhyAndTheRoundGoesOn) {
  const ExampleCertificates other;
  Federation federation(ServerTls(files_) + Rounds(3));
  EXPECT_THAT(Complaint(federation, {}), HasSubstr("if it wants TLS"));
  EXPECT_THAT(Complaint(federation, Trusting(other) + Showing(files_, "client-1")),
              HasSubstr("is not signed by a CA in "));
  EXPECT_THAT(Complaint(federation, Trusting(files_)), HasSubstr("pass one: --tls-cert"));
  EXPECT_THAT(Complaint(federation, Trusting(files_) + Showing(other, "client-1")),
              HasSubstr("it refuses the certificate in "));
  EXPECT_THAT(Complaint(federation, Trusting(files_) + Showing(files_, "client-1") +
                                        Arguments{"--tls-name", "fed.example.org"}),
              HasSubstr("its certificate is not for fed.example.org"));
  EXPECT_TRUE(federation.server().WaitForOutput("TLS connections that did not come about"));
  Train(federation, Trusting(files_) + Showing(files_, "client-1"),
        Trusting(files_) + Showing(files_, "client-2"));
}

TEST_F(TlsTest, PlainServer_ClientIsToldThatItSpeaksNoTls) {
  Federation federation(Rounds(3));
  EXPECT_THAT(Complaint(federation, Trusting(files_)), HasSubstr("it speaks no TLS"));
}

// Calls fail at once while gRPC tries to connect again, so that only the waiting between them moves
// a handshake on: round trips of 0.6 s, within the 5 s that an attempt has.
TEST_F(TlsTest, SlowLinkAfterAFailure_ConnectsAllTheSame) {
  Federation federation(ServerTls(files_) + Rounds(3));
  Proxy proxy(federation.port(), {.reset_after = 1});
  Process client("seedfed-client",
                 Arguments{"--server", proxy.address(), "--id", "client-1"} + kData +
                     Trusting(files_) + Showing(files_, "client-1"),
                 federation.folder() / "client-1.log");
  ASSERT_TRUE(client.WaitForOutput("cannot reach")) << client.Output();
  proxy.Set({.delay = std::chrono::milliseconds(300)});
  EXPECT_TRUE(client.WaitForOutput("joined federation")) << client.Output();
  client.Signal(SIGTERM);
  EXPECT_EQ(client.Wait(), 0) << client.Output();
}

TEST_F(TlsTest, WrongLocalFile_ClientExitsWithTwo) {
  Federation federation(ServerTls(files_) + Rounds(3));
  Process client =
      federation.Client("client-1", kData + Trusting(files_) +
                                        Arguments{"--tls-cert", files_ / "clients/client-1.pem",
                                                  "--tls-key", files_ / "clients/client-2.key"});
  EXPECT_EQ(client.Wait(), 2);
  EXPECT_THAT(client.Output(), HasSubstr("client-2.key does not belong to the first certificate"));
}

TEST_F(TlsTest, ExpiredCertificate_ServerDoesNotStart) {
  const ExampleCertificates expired("2020-01-01");
  const TempFolder folder;
  Process server("seedfed-server",
                 ServerTls(expired) + Arguments{"--listen", "127.0.0.1:0", "--http", "none",
                                                "--store", folder / "store"},
                 folder / "server.log");
  EXPECT_EQ(server.Wait(), 2);
  EXPECT_THAT(server.Output(), HasSubstr("expired on 2020-12-31"));
}

// Waits until the server has taken over new files `times` times in all.
bool WaitForRenewals(Process& server, int times) {
  constexpr char kTold[] = "new connections use the new certificate";
  for (int i = 0; i < 600; ++i) {
    int told = 0;
    const std::string log = server.Output();
    for (size_t at = log.find(kTold); at != std::string::npos; at = log.find(kTold, at + 1)) ++told;
    if (told >= times) return true;
    if (server.Wait(0.05) != Process::kStillRunning) return false;
  }
  return false;
}

// As docs/operations.md has it: new certificates; then the new CA beside the old one, certificates
// of the new one, the old one away; a step as soon as the server has the one before. After each all
// connections are cut, so that everybody needs what is in force then.
TEST_F(TlsTest, CertificatesAndCaExchangedUnderARunningFederation_NothingIsLost) {
  constexpr int kRounds = 20;
  std::string undisturbed;
  {
    Federation federation(Rounds(kRounds));
    Train(federation, {}, {});
    undisturbed = federation.FinalFingerprint();
    ASSERT_EQ(undisturbed.size(), 64U);
  }
  const ExampleCertificates next;
  Federation federation(ServerTls(files_) + Rounds(kRounds));
  // Slow enough that the last round comes after the last step.
  Proxy proxy(federation.port(), {.delay = std::chrono::milliseconds(100)});
  std::vector<Process> clients;
  for (const std::string id : {"client-1", "client-2"}) {
    clients.emplace_back("seedfed-client",
                         Arguments{"--server", proxy.address(), "--id", id} + kData +
                             Trusting(files_) + Showing(files_, id),
                         federation.folder() / (id + ".log"));
  }
  const auto take = [&next](const std::string& file) {
    return "cp -p " + (next / file) + " new && mv new " + file;
  };
  const std::string steps[] = {
      "mkdir renewed && cp -a ca.* clients server.* renewed && " + ExampleCertificates::Script() +
          " renewed --renew && mv renewed/server.* . && mv renewed/clients/* clients",
      "cat ca.pem " + (next / "ca.pem") + " >new && mv new ca.pem",
      take("server.key") + " && " + take("server.pem") + " && cp -p " + (next / "clients") +
          "/* clients",
      take("ca.pem")};
  int done = 0;
  const auto logs = [&] {
    return federation.server().Output() + clients[0].Output() + clients[1].Output();
  };
  for (const std::string& step : steps) {
    ++done;
    ASSERT_TRUE(federation.server().WaitForOutput("round " + std::to_string(done) + " complete"))
        << logs();
    files_.Run(step);
    ASSERT_TRUE(WaitForRenewals(federation.server(), done)) << federation.server().Output();
    proxy.ResetAll();
  }
  for (Process& client : clients) EXPECT_EQ(client.Wait(), 0) << client.Output();
  EXPECT_EQ(federation.server().Wait(), 0) << federation.server().Output();
  EXPECT_GE(proxy.resets(), 2U);
  EXPECT_EQ(federation.FinalFingerprint(), undisturbed) << federation.server().Output();
}

}  // namespace
}  // namespace seedfed
