#include "cli/unknown_subcommand.h"

#include <gtest/gtest.h>

#include <string>

#include "cli/health_command.h"
#include "cli/status_command.h"
#include "cli/token_command.h"

namespace seedfed {
namespace {

std::string Problem(const std::string& command_line) {
  CLI::App app("", "seedfed");
  app.require_subcommand(1);
  // They hold what the options are written to.
  const auto commands = {AddStatusCommand(app), AddHealthCommand(app), AddTokenCommand(app)};
  try {
    app.parse(command_line);
  } catch (const CLI::ParseError&) {
    return SubcommandProblem(app);
  }
  return "it was parsed";
}

TEST(SubcommandProblem, UnknownOne_IsNamedWithTheNearest) {
  EXPECT_EQ(Problem("FOO"), "'FOO' is not a subcommand; 'seedfed --help' lists them");
  EXPECT_EQ(Problem("FOO --json BAR"), "'FOO' is not a subcommand; 'seedfed --help' lists them");
  EXPECT_EQ(Problem("stauts"), "'stauts' is not a subcommand; did you mean status?");
  EXPECT_EQ(Problem("a\x1b[2J"), "'a\\x1b[2J' is not a subcommand; 'seedfed --help' lists them");
}

TEST(SubcommandProblem, OfASubcommand_NamesIt) {
  EXPECT_EQ(Problem("token FOO"),
            "'FOO' is not a subcommand of seedfed token; 'seedfed token --help' lists them");
  EXPECT_EQ(Problem("token lst"), "'lst' is not a subcommand of seedfed token; did you mean list?");
}

TEST(SubcommandProblem, NoneGiven_IsMissing) {
  EXPECT_EQ(Problem(""), "a subcommand is missing; 'seedfed --help' lists them");
  EXPECT_EQ(Problem("token"), "a subcommand is missing; 'seedfed token --help' lists them");
}

TEST(SubcommandProblem, AnotherError_IsLeftToItself) {
  EXPECT_EQ(Problem("status BAR"), "");
  EXPECT_EQ(Problem("status --no-such-flag"), "");
  EXPECT_EQ(Problem("token list"), "");
}

}  // namespace
}  // namespace seedfed
