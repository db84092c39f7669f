// The page's port of a running server: what it says agrees with the log and with the evaluator.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <csignal>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "tests/e2e/federation.h"
#include "tests/server/http/raw_client.h"

namespace seedfed {
namespace {

using nlohmann::json;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

// The port in the line "page at http://HOST:PORT/".
uint16_t PagePort(const std::string& log) {
  const size_t line = log.find("page at http://");
  if (line == std::string::npos) return 0;
  uint16_t port = 0;
  std::istringstream(log.substr(log.find(':', line + 15) + 1)) >> port;
  return port;
}

class PageFederation : public Federation {
 public:
  explicit PageFederation(const std::vector<std::string>& arguments)
      : Federation(kSmallFederation +
                   std::vector<std::string>{"--clients", "2", "--shards", "2", "--rounds", "3"} +
                   arguments) {
    EXPECT_TRUE(server().WaitForOutput("page at http://")) << server().Output();
    page_port_ = PagePort(server().Output());
  }

  uint16_t page_port() const { return page_port_; }

  std::string Ask(const std::string& target, const std::string& fields = "") const {
    RawClient client(page_port_);
    client.Send(Get(target, fields + "Connection: close\r\n"));
    return client.ReadAll();
  }

  json AskJson(const std::string& target) const {
    const std::string answer = Ask(target);
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
    return json::parse(answer.substr(answer.find("\r\n\r\n") + 4));
  }

 private:
  uint16_t page_port_ = 0;
};

TEST(Http, FinishedFederation_RoutesAgreeWithLogAndEvaluator) {
  PageFederation federation({"--http", "127.0.0.1:0"});
  RawClient stream(federation.page_port());
  stream.Send(Get("/events"));
  EXPECT_THAT(stream.ReadUntil("\n\n\r\n"), HasSubstr("event: status\ndata: {"));
  EXPECT_EQ(federation.AskJson("/api/v1/status").at("state"), "waiting");

  Process evaluator = federation.Evaluator();
  Process a = federation.Client("a"), b = federation.Client("b");
  for (Process* client : {&a, &b, &evaluator}) EXPECT_EQ(client->Wait(), 0) << client->Output();
  const std::string log = federation.server().Output();
  const auto reported = federation.EvaluatedRounds();
  ASSERT_EQ(reported.size(), 3u);

  const json status = federation.AskJson("/api/v1/status");
  EXPECT_EQ(status.at("state"), "finished");
  EXPECT_EQ(status.at("round"), 3);
  EXPECT_EQ(status.at("model").at("fingerprint"), reported.at(3).fingerprint);
  EXPECT_THAT(log, HasSubstr("federation " + status.at("federation_id").get<std::string>()));
  EXPECT_EQ(status.at("clients").at("trainers"), 2);
  const json rounds = federation.AskJson("/api/v1/rounds");
  EXPECT_EQ(rounds.at("round"), json({1, 2, 3}));
  EXPECT_EQ(rounds.at("updates"), json({2, 2, 2}));
  ASSERT_EQ(rounds.at("evaluated_round"), json({1, 2, 3}));
  for (int round = 1; round <= 3; ++round) {
    EXPECT_NEAR(rounds.at("accuracy").at(round - 1).get<double>(), reported.at(round).accuracy,
                1e-6);
  }
  const json clients = federation.AskJson("/api/v1/clients?sort=id&limit=1");
  EXPECT_EQ(clients.at("total"), 3);
  EXPECT_EQ(clients.at("clients").at(0).at("id"), "a");
  const json events = federation.AskJson("/api/v1/events");
  EXPECT_GE(events.at("events").size(), 6u);
  for (const json& event : events.at("events")) {
    EXPECT_THAT(log, HasSubstr(event.at("text").get<std::string>()));
  }
  EXPECT_THAT(federation.Ask("/metrics"), HasSubstr("\nseedfed_rounds_total 3\n"));
  EXPECT_THAT(federation.Ask("/"), HasSubstr("<html"));
  EXPECT_THAT(federation.Ask("/readyz"), EndsWith("ready\n"));

  federation.server().Signal(SIGTERM);
  EXPECT_EQ(federation.server().Wait(), 0);
  const std::string told = stream.ReadAll();
  EXPECT_THAT(told, HasSubstr("\"state\":\"finished\""));
  EXPECT_THAT(told, HasSubstr("event: rounds\n"));
  EXPECT_THAT(told, HasSubstr("event: log\n"));
  EXPECT_THAT(told, EndsWith("\r\n0\r\n\r\n"));
  EXPECT_EQ(federation.FinalFingerprint(), reported.at(3).fingerprint);
}

TEST(Http, AdminToken_IsAskedForByEverythingButTheProbes) {
  const TempFolder folder;
  const std::string file = folder / "token", token = "0123456789abcdef-Zz";
  WriteText(file, token + "\n");
  chmod(file.c_str(), 0600);
  PageFederation federation({"--http", "0.0.0.0:0", "--insecure", "--admin-token-file", file});
  EXPECT_THAT(federation.Ask("/"), StartsWith("HTTP/1.1 401 "));
  EXPECT_THAT(federation.Ask("/", "Authorization: Bearer 0123456789abcdef-Zy\r\n"),
              StartsWith("HTTP/1.1 401 "));
  EXPECT_THAT(federation.Ask("/", "Authorization: Bearer " + token + "\r\n"),
              StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(federation.Ask("/healthz"), StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(federation.server().Output(), Not(HasSubstr(token)));
}

TEST(Http, NoToken_OtherHostsAreRefused) {
  const PageFederation federation({"--http", "127.0.0.1:0"});
  RawClient client(federation.page_port());
  client.Send("GET /api/v1/status HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
  const std::string answer = client.ReadAll();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 403 "));
  EXPECT_THAT(answer, HasSubstr("the Host of the request is 'evil.example'"));
}

TEST(Http, GivenPortThatIsTaken_OneSentenceAndExit1) {
  const PageFederation federation({"--http", "127.0.0.1:0"});
  const std::string address = "127.0.0.1:" + std::to_string(federation.page_port());
  const TempFolder folder;
  Process second("seedfed-server",
                 {"--listen", "127.0.0.1:0", "--store", folder / "store", "--http", address},
                 folder / "second.log");
  EXPECT_EQ(second.Wait(30), 1);
  EXPECT_THAT(second.Output(),
              HasSubstr("error cannot listen on " + address + ": Address already in use"));
}

TEST(Http, DefaultPortThatIsTaken_AnotherOneIsUsed) {
  const PageFederation first({}), second({});
  EXPECT_NE(first.page_port(), 0);
  EXPECT_NE(second.page_port(), 0);
  EXPECT_NE(first.page_port(), second.page_port());
  EXPECT_THAT(second.Ask("/healthz"), EndsWith("ok\n"));
}

TEST(Http, TokenFileThatOthersCanRead_OneSentenceAndExit2) {
  const TempFolder folder;
  const std::string file = folder / "token";
  WriteText(file, "0123456789abcdef\n");
  chmod(file.c_str(), 0644);
  Process server(
      "seedfed-server",
      {"--listen", "127.0.0.1:0", "--store", folder / "store", "--admin-token-file", file},
      folder / "log");
  EXPECT_EQ(server.Wait(30), 2);
  EXPECT_THAT(server.Output(), HasSubstr("the admin token file " + file + " is open to others"));
}

TEST(Http, None_NoPage) {
  Federation federation(kSmallFederation + std::vector<std::string>{"--http", "none"});
  federation.server().Signal(SIGINT);
  EXPECT_EQ(federation.server().Wait(), 0);
  EXPECT_THAT(federation.server().Output(), Not(HasSubstr("page at")));
}

TEST(Http, WatchedSimulation_ServesUntilCtrlC) {
  const TempFolder folder;
  Process simulation("seedfed",
                     {"simulate", "--watch", "--http", "127.0.0.1:0", "--rounds", "2", "--clients",
                      "2", "--samples", "128", "--model", "784-16-10", "--keep", folder / "run"},
                     folder / "out");
  ASSERT_TRUE(simulation.WaitForOutput("until Ctrl-C")) << simulation.Output();
  uint16_t port = 0;
  std::istringstream(ReadText(folder / "run/http.port")) >> port;
  EXPECT_THAT(simulation.Output(),
              HasSubstr("Page: http://127.0.0.1:" + std::to_string(port) + "/\n"));
  RawClient client(port);
  client.Send(Get("/api/v1/status", "Connection: close\r\n"));
  EXPECT_THAT(client.ReadAll(), HasSubstr("\"state\":\"finished\",\"round\":2"));
  simulation.Signal(SIGINT);
  EXPECT_EQ(simulation.Wait(), 0) << simulation.Output();
  EXPECT_THAT(simulation.Output(), HasSubstr("\nModel             "));
}

}  // namespace
}  // namespace seedfed
