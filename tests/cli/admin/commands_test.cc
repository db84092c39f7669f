// The commands that ask a running server, against one that answers what the test says.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "cli/clients_command.h"
#include "cli/control_commands.h"
#include "cli/events_command.h"
#include "cli/finish_command.h"
#include "cli/rounds_command.h"
#include "cli/status_command.h"
#include "tests/cli/admin/example_status.h"
#include "tests/cli/admin/fake_admin.h"
#include "tests/cli/command_outcome.h"

namespace seedfed {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using Add = std::function<int()> (*)(CLI::App&);

class AdminCommands : public ::testing::Test {
 protected:
  AdminCommands() { server_.status = ExampleStatus(); }

  CommandOutcome Run(Add add, const std::string& command) {
    CommandOutcome outcome =
        RunCommand(add, command + " --timeout 20 --server " + server_.address());
    server_.calls();  // fields may be set again
    return outcome;
  }

  FakeAdmin server_;
};

TEST_F(AdminCommands, Status_TextAndJson) {
  const CommandOutcome text = Run(AddStatusCommand, "status");
  EXPECT_EQ(text.code, 0) << text.err;
  EXPECT_THAT(text.out, StartsWith("Federation     00112233445566778899aabbccddeeff\n"));
  EXPECT_THAT(text.out, HasSubstr("Server         " + server_.address()));
  const CommandOutcome json = Run(AddStatusCommand, "status --json");
  EXPECT_EQ(nlohmann::json::parse(json.out).at("latest").at("accuracy"), 0.8638);
  EXPECT_EQ(json.out.back(), '\n');
}

TEST_F(AdminCommands, Clients_SortedAndCut) {
  EXPECT_EQ(Run(AddClientsCommand, "clients").out, "Nobody has joined yet.\n");
  server_.clients.add_clients()->set_id("c0");
  server_.clients.set_total(30);
  const CommandOutcome text = Run(AddClientsCommand, "clients --sort late --limit 1 --offset 4");
  EXPECT_EQ(text.code, 0) << text.err;
  EXPECT_THAT(text.out, HasSubstr("\nc0"));
  EXPECT_THAT(text.out, HasSubstr("\n1 of 30 members; --limit and --offset show others.\n"));
  EXPECT_EQ(server_.calls().back(), "ListClients offset: 4 limit: 1 sort: \"late\"");
  const CommandOutcome json = Run(AddClientsCommand, "clients --json");
  EXPECT_EQ(nlohmann::json::parse(json.out).at("total"), 30);
}

TEST_F(AdminCommands, Rounds_TheNewestByDefault) {
  server_.status.set_round(100);
  server_.rounds.set_stride(1);
  EXPECT_EQ(Run(AddRoundsCommand, "rounds").code, 0);
  EXPECT_EQ(server_.calls().back(), "ListRounds first: 81 last: 100 points: 10000");
  Run(AddRoundsCommand, "rounds --last 50");
  EXPECT_EQ(server_.calls().back(), "ListRounds first: 31 last: 50 points: 10000");
  Run(AddRoundsCommand, "rounds --last 5");
  EXPECT_EQ(server_.calls().back(), "ListRounds first: 1 last: 5 points: 10000");
  Run(AddRoundsCommand, "rounds --first 50");
  EXPECT_EQ(server_.calls().back(), "ListRounds first: 50 last: 100 points: 10000");
  Run(AddRoundsCommand, "rounds --all --points 7");
  EXPECT_EQ(server_.calls().back(), "ListRounds first: 1 last: 100 points: 7");
}

TEST_F(AdminCommands, AllOfManyRounds_InSeveralAnswersButOneDocument) {
  server_.status.set_round(25'000);
  server_.rounds.set_stride(1);
  server_.rounds.add_round(1);
  for (auto* column : {server_.rounds.mutable_training_loss(), server_.rounds.mutable_updates(),
                       server_.rounds.mutable_late(), server_.rounds.mutable_refused(),
                       server_.rounds.mutable_seconds(), server_.rounds.mutable_bytes_up()}) {
    column->Add(1);
  }
  const CommandOutcome json = Run(AddRoundsCommand, "rounds --all --json");
  EXPECT_EQ(nlohmann::json::parse(json.out).at("round").size(), 3U) << json.out;
  EXPECT_THAT(server_.calls(),
              ElementsAre("GetStatus", "ListRounds first: 1 last: 10000 points: 10000",
                          "ListRounds first: 10001 last: 20000 points: 10000",
                          "ListRounds first: 20001 last: 25000 points: 10000"));
}

TEST_F(AdminCommands, RoundsThatAreNotThere_OneSentence) {
  CommandOutcome outcome = Run(AddRoundsCommand, "rounds --first 5 --last 3");
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.err, "seedfed: --first is 5, --last is 3; expected at most --last\n");
  outcome = Run(AddRoundsCommand, "rounds --last 21");
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.err, "seedfed: round 21 is not complete; the last complete round is 20\n");
  server_.status.set_round(0);
  EXPECT_EQ(Run(AddRoundsCommand, "rounds").out, "No round is complete yet.\n");
}

TEST_F(AdminCommands, Events_LogLinesOrOneJsonObjectEach) {
  for (const char* text : {"first", "second"}) {
    v1::Event event;
    event.set_id(server_.events.size() + 1);
    event.set_level("info");
    event.set_text(text);
    server_.events.push_back(event);
  }
  const CommandOutcome text = Run(AddEventsCommand, "events --debug --after 7");
  EXPECT_EQ(text.code, 0) << text.err;
  EXPECT_THAT(text.out, HasSubstr(" info first\n"));
  EXPECT_EQ(server_.calls().back(), "WatchEvents after: 7 debug: true");
  const CommandOutcome json = Run(AddEventsCommand, "events --json");
  const size_t end = json.out.find('\n');
  EXPECT_EQ(nlohmann::json::parse(json.out.substr(0, end)).at("text"), "first");
  EXPECT_EQ(nlohmann::json::parse(json.out.substr(end)).at("text"), "second");
}

TEST_F(AdminCommands, Steering_MakesTheCallAndSaysWhatHappens) {
  EXPECT_EQ(Run(AddPauseCommand, "pause").out, "Held after round 20; seedfed resume goes on.\n");
  EXPECT_EQ(Run(AddResumeCommand, "resume").out, "Goes on after round 20.\n");
  server_.finish.set_round(20);
  EXPECT_EQ(Run(AddFinishCommand, "finish --yes").out, "Finished after round 20.\n");
  EXPECT_EQ(Run(AddStopCommand, "stop").out,
            "The server stops; started again on its store, the federation goes on.\n");
  EXPECT_THAT(server_.calls(),
              ElementsAre("GetStatus", "Pause", "GetStatus", "GetStatus", "Resume", "GetStatus",
                          "GetStatus", "Finish", "GetStatus", "Stop"));
  EXPECT_EQ(Run(AddFinishCommand, "finish --yes --json").out, "{\"round\":20}\n");
  EXPECT_EQ(Run(AddStopCommand, "stop --json").out, "{}\n");
  EXPECT_EQ(nlohmann::json::parse(Run(AddPauseCommand, "pause --json").out).at("round"), 20);
}

TEST_F(AdminCommands, Refused_ExitsWith2AndSaysWhatToDo) {
  server_.answer = {grpc::StatusCode::UNAUTHENTICATED, "the admin token is not this server's"};
  for (const auto& [name, add] : {std::pair<const char*, Add>{"status", AddStatusCommand},
                                  {"clients", AddClientsCommand},
                                  {"rounds", AddRoundsCommand},
                                  {"events", AddEventsCommand},
                                  {"pause", AddPauseCommand},
                                  {"resume", AddResumeCommand},
                                  {"finish", AddFinishCommand},
                                  {"stop", AddStopCommand}}) {
    const CommandOutcome outcome = Run(add, name);
    EXPECT_EQ(outcome.code, 2) << name;
    EXPECT_EQ(outcome.out, "") << name;
    EXPECT_EQ(outcome.err, "seedfed: " + server_.address() +
                               " refuses: the admin token is not this server's; pass the file that "
                               "holds it: --admin-token-file FILE, or SEEDFED_ADMIN_TOKEN_FILE\n")
        << name;
  }
}

TEST_F(AdminCommands, TokenFileOfTheEnvironment_IsRead) {
  ASSERT_EQ(setenv("SEEDFED_ADMIN_TOKEN_FILE", "/no/such/token", 1), 0);
  const CommandOutcome outcome = Run(AddStatusCommand, "status");
  unsetenv("SEEDFED_ADMIN_TOKEN_FILE");
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.err,
            "seedfed: the admin token file /no/such/token cannot be opened: No such file or "
            "directory\n");
}

}  // namespace
}  // namespace seedfed
