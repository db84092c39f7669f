#include "cli/inspect_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/cli/command_outcome.h"

namespace seedfed {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

CommandOutcome RunInspect(const std::string& arguments) {
  return RunCommand(AddInspectCommand, "inspect " + arguments);
}

TEST(InspectCommand, Word_IsShown) {
  const CommandOutcome outcome = RunInspect("debc0a00000e00c0000000be0000403f --codec single");
  EXPECT_EQ(outcome.code, 0);
  EXPECT_THAT(outcome.out, StartsWith("Word debc0a00000e00c0000000be0000403f\n"));
  EXPECT_EQ(outcome.err, "");
}

TEST(InspectCommand, WordThatIsNotValid_IsCode1) {
  const CommandOutcome outcome =
      RunInspect("000000000000f0ff000000000000803f --codec single --json");
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.out, HasSubstr("\"reason\": \"r is 1; expected a number in [0, 1)\""));
}

TEST(InspectCommand, BadInput_IsOneSentenceAndCode2) {
  const CommandOutcome outcome = RunInspect("nowhere");
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(outcome.err,
            "seedfed: 'nowhere' is neither a word (16 or 32 hexadecimal digits) nor a file or a "
            "folder\n");
}

TEST(InspectCommand, NoInput_IsRefusedByTheParser) {
  CLI::App app;
  const auto run = AddInspectCommand(app);
  EXPECT_THROW(app.parse("inspect"), CLI::ParseError);
  EXPECT_THROW(app.parse("inspect - --word -1"), CLI::ParseError);
}

TEST(InspectCommand, Help_HasExamples) {
  CLI::App app;
  const auto run = AddInspectCommand(app);
  EXPECT_THAT(app.get_subcommand("inspect")->help(), HasSubstr("seedfed inspect model.seedfed"));
}

}  // namespace
}  // namespace seedfed
