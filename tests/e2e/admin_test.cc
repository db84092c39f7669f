// The commands that watch and steer a running federation, against real servers and clients.

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <csignal>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "cli/admin/admin_connection.h"
#include "seedfed/v1/federation.grpc.pb.h"
#include "tests/cli/admin/fake_admin.h"
#include "tests/e2e/federation.h"
#include "tests/e2e/terminal.h"

namespace seedfed {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
using Arguments = std::vector<std::string>;

constexpr char kToken[] = "correct-horse-battery-staple";

struct Outcome {
  int code;
  std::string output;
};

// Runs `seedfed COMMAND` for the server at `address`.
Outcome Tool(const std::string& address, const Arguments& command) {
  const TempFolder folder;
  Process process("seedfed", command + Arguments{"--server", address, "--timeout", "30"},
                  folder / "output");
  const int code = process.Wait();
  return {code, process.Output()};
}

nlohmann::json Json(const std::string& address, const Arguments& command) {
  const Outcome outcome = Tool(address, command + Arguments{"--json"});
  EXPECT_EQ(outcome.code, 0) << outcome.output;
  return nlohmann::json::parse(outcome.output);
}

// Asks for the status until it is as wanted; the last answer.
template <typename Wanted>
nlohmann::json AwaitStatus(const std::string& address, const Wanted& wanted) {
  nlohmann::json status;
  for (int i = 0; i < 300; ++i) {
    status = Json(address, {"status"});
    if (wanted(status)) return status;
  }
  ADD_FAILURE() << "never as wanted: " << status;
  return status;
}

Arguments Rounds(int rounds) {
  return kSmallFederation +
         Arguments{"--clients", "2", "--shards", "2", "--rounds", std::to_string(rounds)};
}

TEST(Admin, EveryCommand_AgainstALiveFederation) {
  Federation federation(Rounds(100'000));
  const std::string server = federation.address();
  EXPECT_EQ(Tool(server, {"rounds"}).output, "No round is complete yet.\n");
  EXPECT_EQ(Tool(server, {"clients"}).output, "Nobody has joined yet.\n");
  Process a = federation.Client("a"), b = federation.Client("b"), judge = federation.Evaluator();
  AwaitStatus(server, [](const nlohmann::json& status) {
    return status.at("round") >= 25 && status.contains("latest");
  });

  const Outcome pause = Tool(server, {"pause"});
  EXPECT_EQ(pause.code, 0) << pause.output;
  EXPECT_THAT(pause.output, StartsWith("Held after round "));
  const auto held = Json(server, {"status"});
  EXPECT_EQ(held.at("state"), "held");
  const int round = held.at("round");
  const Outcome status = Tool(server, {"status"});
  EXPECT_THAT(status.output, HasSubstr("State          held after round " + std::to_string(round)));
  EXPECT_THAT(status.output, HasSubstr("2 trainers (2 live, 2 needed), 1 evaluator (1 live)"));
  EXPECT_THAT(status.output, HasSubstr("784-32-10, 25,450 parameters, ensemble words"));
  EXPECT_THAT(status.output, HasSubstr("448 B an update; as fp32 weights 101,800 B, 227:1"));
  EXPECT_THAT(status.output, HasSubstr("Problems       held by the operator"));

  const Outcome clients = Tool(server, {"clients", "--sort", "seen"});
  for (const char* text : {"id         role ", "\na ", "\nb ", "\nevaluator  evaluator  yes"}) {
    EXPECT_THAT(clients.output, HasSubstr(text));
  }
  EXPECT_EQ(Json(server, {"clients"}).at("total"), 3);

  const Outcome rounds = Tool(server, {"rounds"});
  EXPECT_EQ(rounds.code, 0);
  EXPECT_EQ(std::count(rounds.output.begin(), rounds.output.end(), '\n'), 21) << rounds.output;
  EXPECT_EQ(Json(server, {"rounds", "--all"}).at("round").size(), round);
  EXPECT_EQ(Json(server, {"rounds", "--first", "3", "--last", "5"}).at("round"),
            nlohmann::json({3, 4, 5}));

  EXPECT_THAT(Tool(server, {"events"}).output, HasSubstr(" info client a joins"));
  const Outcome events = Tool(server, {"events", "--debug", "--json"});
  std::istringstream lines(events.output);
  uint64_t last = 0;
  for (std::string line; std::getline(lines, line);) {
    const auto event = nlohmann::json::parse(line);
    // protobuf's JSON has 64-bit integers as text.
    const uint64_t id = std::stoull(event.at("id").get<std::string>());
    EXPECT_GT(id, last);
    last = id;
  }
  EXPECT_GT(last, 50U);

  EXPECT_EQ(Json(server, {"status"}).at("round"), round) << "still held";
  EXPECT_EQ(Tool(server, {"resume"}).code, 0);
  AwaitStatus(server, [&](const nlohmann::json& now) { return now.at("round") > round + 2; });

  const Outcome finish = Tool(server, {"finish"});
  EXPECT_EQ(finish.code, 0) << finish.output;
  EXPECT_THAT(finish.output, StartsWith("Finished after round "));
  for (Process* client : {&a, &b, &judge}) EXPECT_EQ(client->Wait(), 0) << client->Output();
  EXPECT_EQ(Json(server, {"status"}).at("state"), "finished");
  const Outcome again = Tool(server, {"pause"});
  EXPECT_EQ(again.code, 2);
  EXPECT_THAT(again.output, HasSubstr(" answers: the federation is finished after round "));

  const Outcome stop = Tool(server, {"stop"});
  EXPECT_EQ(stop.code, 0) << stop.output;
  EXPECT_EQ(federation.server().Wait(), 0) << federation.server().Output();
}

TEST(Admin, FinishOfAServerThatExitsWhenDone_EndsEverything) {
  Federation federation(Rounds(100'000) + Arguments{"--exit-when-done"});
  Process a = federation.Client("a"), b = federation.Client("b");
  AwaitStatus(federation.address(), [](const auto& status) { return status.at("round") >= 2; });
  EXPECT_EQ(Tool(federation.address(), {"finish"}).code, 0);
  for (Process* client : {&a, &b}) EXPECT_EQ(client->Wait(), 0) << client->Output();
  EXPECT_EQ(federation.server().Wait(), 0) << federation.server().Output();
}

std::string Undisturbed(const Arguments& arguments) {
  Federation federation(arguments);
  Process a = federation.Client("a"), b = federation.Client("b");
  for (Process* client : {&a, &b}) EXPECT_EQ(client->Wait(), 0) << client->Output();
  EXPECT_EQ(federation.server().Wait(), 0) << federation.server().Output();
  return federation.FinalFingerprint();
}

TEST(Admin, PausedKilledResumedStoppedAndStartedAgain_SameFingerprintAsUndisturbed) {
  const Arguments arguments = Rounds(300) + Arguments{"--exit-when-done"};
  Federation federation(arguments);
  const std::string server = federation.address();
  Process a = federation.Client("a"), b = federation.Client("b");
  AwaitStatus(server, [](const nlohmann::json& status) { return status.at("round") >= 3; });
  ASSERT_EQ(Tool(server, {"pause"}).code, 0);
  const int round = Json(server, {"status"}).at("round");
  ASSERT_LT(round, 300);

  federation.CrashAndRestartServer();
  // All updates that would end the round are there, and still it does not end.
  const auto held = AwaitStatus(server, [](const nlohmann::json& status) {
    return status.at("open_round").at("updates") == 2;
  });
  EXPECT_EQ(held.at("state"), "held");
  EXPECT_EQ(held.at("round"), round);

  ASSERT_EQ(Tool(server, {"resume"}).code, 0);
  AwaitStatus(server, [&](const nlohmann::json& status) { return status.at("round") > round; });
  ASSERT_EQ(Tool(server, {"stop"}).code, 0);
  ASSERT_EQ(federation.server().Wait(), 0) << federation.server().Output();
  federation.RestartServer();
  for (Process* client : {&a, &b}) EXPECT_EQ(client->Wait(), 0) << client->Output();
  EXPECT_EQ(federation.server().Wait(), 0) << federation.server().Output();
  EXPECT_EQ(federation.FinalFingerprint().size(), 64U);
  EXPECT_EQ(federation.FinalFingerprint(), Undisturbed(arguments));
}

TEST(Admin, HistoryOfSeveralReads_IsExportedInOrder) {
  // 100 kB a round, read a megabyte at a time.
  Federation federation(Arguments{"--model", "784-32-10", "--samples", "64", "--key", "7",
                                  "--codec", "dense", "--clients", "1", "--rounds", "35"});
  Process client = federation.Client("a");
  ASSERT_EQ(client.Wait(), 0) << client.Output();
  auto connection = AdminConnection::Open({federation.address(), "", 30});
  ASSERT_TRUE(connection.ok()) << connection.status();
  uint32_t last = 2;
  v1::ExportRoundsRequest request;
  request.set_first(3);
  const absl::Status status = connection->ExportRounds(request, [&](const v1::RoundResult& result) {
    EXPECT_EQ(result.round(), ++last);
    EXPECT_EQ(result.words().size(), 101'800U);
    EXPECT_EQ(result.stats().updates(), 1U);
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(last, 35U);
}

const std::vector<Arguments> kCommands = {{"status"},  {"status", "--watch"},
                                          {"clients"}, {"rounds"},
                                          {"events"},  {"events", "--follow"},
                                          {"pause"},   {"resume"},
                                          {"finish"},  {"stop"}};

void ExpectEveryCommand(const std::string& address, const Arguments& flags, int code,
                        const std::string& sentence) {
  for (const Arguments& command : kCommands) {
    const Outcome outcome = Tool(address, command + flags);
    EXPECT_EQ(outcome.code, code) << command.front();
    EXPECT_EQ(outcome.output, "seedfed: " + sentence + "\n") << command.front();
  }
}

TEST(AdminErrors, NobodyListens) {
  ExpectEveryCommand(
      "127.0.0.1:1", {}, 1,
      "cannot reach 127.0.0.1:1: Connection refused; does seedfed-server run there?");
}

TEST(AdminErrors, ServerOfAnotherProtocol) {
  FakeAdmin other;
  other.status.set_version("9.1.0");
  other.status.set_protocol(9);
  const Outcome version = Tool(other.address(), {"status"});
  EXPECT_EQ(version.code, 2);
  EXPECT_THAT(version.output,
              HasSubstr(" runs version 9.1.0 with protocol 9; this tool is version"));
  ExpectEveryCommand(other.address(), {}, 2, version.output.substr(9, version.output.size() - 10));
  for (const std::string& call : other.calls()) EXPECT_EQ(call, "GetStatus");
}

TEST(AdminErrors, ServerWithoutAdminService) {
  v1::Federation::Service federation_only;
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&federation_only);
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  const std::string address = "127.0.0.1:" + std::to_string(port);
  const Outcome outcome = Tool(address, {"status"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.output, StartsWith("seedfed: " + address + " is older than this tool ("));
  EXPECT_THAT(outcome.output, HasSubstr(") and has no admin service"));
  ExpectEveryCommand(address, {}, 2, outcome.output.substr(9, outcome.output.size() - 10));
}

TEST(AdminErrors, ServerThatDiesWhileItIsFollowed) {
  Federation federation(Rounds(10));
  Process follower("seedfed", {"events", "--follow", "--server", federation.address()},
                   federation.folder() / "events.log");
  Process watcher("seedfed", {"status", "--watch", "--server", federation.address()},
                  federation.folder() / "status.log");
  Process client = federation.Client("a");
  ASSERT_TRUE(follower.WaitForOutput("client a joins")) << follower.Output();
  ASSERT_TRUE(watcher.WaitForOutput("Fingerprint")) << watcher.Output();
  federation.server().Signal(SIGKILL);
  EXPECT_EQ(follower.Wait(), 1) << follower.Output();
  EXPECT_THAT(follower.Output(), HasSubstr("\nseedfed: " + federation.address() + " is "));
  EXPECT_EQ(watcher.Wait(), 1) << watcher.Output();
}

TEST(AdminTerminal, WatchedStatus_IsRedrawnInPlaceAndSurvivesTheServer) {
  Federation federation(Rounds(10));
  TerminalProcess watcher("seedfed", {"status", "--watch", "--server", federation.address()}, 80,
                          {{"TERM", "xterm"}});
  ASSERT_TRUE(watcher.WaitFor("0 trainers")) << watcher.output();
  Process client = federation.Client("a");
  ASSERT_TRUE(watcher.WaitFor("\x1b[H")) << watcher.output();
  ASSERT_TRUE(watcher.WaitFor("1 trainer (1 live, 2 needed)")) << watcher.output();
  federation.server().Signal(SIGTERM);
  ASSERT_EQ(federation.server().Wait(), 0);
  ASSERT_TRUE(watcher.WaitFor("cannot reach " + federation.address())) << watcher.output();
  federation.RestartServer();
  ASSERT_TRUE(watcher.WaitFor("Fingerprint")) << watcher.output();
  watcher.Signal(SIGINT);
  EXPECT_EQ(watcher.Wait(), 128 + SIGINT);
}

TEST(AdminTerminal, Finish_AsksFirst) {
  Federation federation(Rounds(10));
  for (const auto& [answer, code] : {std::pair<const char*, int>{"no", 1}, {"yes", 0}}) {
    TerminalProcess finish("seedfed", {"finish", "--server", federation.address()}, 80,
                           {{"TERM", "xterm"}});
    ASSERT_TRUE(finish.WaitFor("after round 0 for good? Type yes: ")) << finish.output();
    finish.Type(std::string(answer) + "\n");
    EXPECT_EQ(finish.Wait(), code) << finish.output();
    EXPECT_EQ(Json(federation.address(), {"status"}).at("state") == "finished", code == 0);
  }
}

class AdminToken : public ::testing::Test {
 protected:
  std::string Write(const std::string& name, const std::string& text, mode_t mode = 0600) {
    const std::string file = folder_ / name;
    WriteText(file, text);
    EXPECT_EQ(chmod(file.c_str(), mode), 0);
    return file;
  }

  TempFolder folder_;
};

TEST_F(AdminToken, OfTheServer_IsAskedOfEveryCommand) {
  const std::string right = Write("right", std::string(kToken) + "\n");
  const std::string wrong = Write("wrong", "wrong-horse-battery-staple\n");
  Federation federation(Rounds(10) + Arguments{"--admin-token-file", right});
  const std::string server = federation.address();
  const std::string how =
      "; pass the file that holds it: --admin-token-file FILE, or SEEDFED_ADMIN_TOKEN_FILE";
  ExpectEveryCommand(server, {}, 2,
                     server + " refuses: the server's admin calls need its admin token" + how);
  ExpectEveryCommand(server, {"--admin-token-file", wrong}, 2,
                     server + " refuses: the admin token is not this server's" + how);
  EXPECT_EQ(Tool(server, {"status", "--admin-token-file", right}).code, 0);
  ASSERT_EQ(setenv("SEEDFED_ADMIN_TOKEN_FILE", right.c_str(), 1), 0);
  EXPECT_EQ(Tool(server, {"status"}).code, 0);
  EXPECT_EQ(Tool(server, {"status", "--admin-token-file", wrong}).code, 2) << "the flag wins";
  EXPECT_EQ(Tool(server, {"stop"}).code, 0);
  unsetenv("SEEDFED_ADMIN_TOKEN_FILE");
  EXPECT_EQ(federation.server().Wait(), 0);
  EXPECT_EQ(federation.server().Output().find(kToken), std::string::npos);
}

TEST_F(AdminToken, FileThatIsNoGood_RefusedByServerAndTool) {
  const std::string shorter = Write("short", "short\n");
  const std::string open = Write("open", std::string(kToken) + "\n", 0644);
  const std::string none = folder_ / "none";
  for (const auto& [file, why] :
       {std::pair{shorter, "holds 5 characters; expected one line of 16 to 256"},
        {open, "is open to others (mode 0644); expected mode 0600"},
        {none, "cannot be opened: No such file or directory"}}) {
    const std::string sentence = "the admin token file " + file + " " + why;
    ExpectEveryCommand("127.0.0.1:1", {"--admin-token-file", file}, 2, sentence);
    Process server(
        "seedfed-server",
        {"--listen", "127.0.0.1:0", "--store", folder_ / "store", "--admin-token-file", file},
        folder_ / "server.log");
    EXPECT_EQ(server.Wait(), 2);
    EXPECT_THAT(server.Output(), HasSubstr(sentence));
  }
}

}  // namespace
}  // namespace seedfed
