#include "cli/plan_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/cli/command_outcome.h"

namespace seedfed {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

CommandOutcome RunPlan(const std::string& arguments) {
  return RunCommand(AddPlanCommand, "plan " + arguments);
}

TEST(PlanCommand, ThirteenBillionWeights_Print203Megabytes) {
  const CommandOutcome outcome = RunPlan("--params 13e9 --tile 32");
  EXPECT_EQ(outcome.code, 0);
  EXPECT_THAT(outcome.out, HasSubstr("203 MB"));
  EXPECT_THAT(outcome.out, HasSubstr("13.5 MB"));
  EXPECT_EQ(outcome.err, "");
}

TEST(PlanCommand, Json_IsOneDocument) {
  const CommandOutcome outcome =
      RunPlan("--model 784-10 --codec single --json --rounds 3 --clients 2");
  EXPECT_EQ(outcome.code, 0);
  EXPECT_THAT(outcome.out, StartsWith("{\n  \"model\": {\n    \"layers\": \"784-10\","));
  EXPECT_THAT(outcome.out, HasSubstr("\"clients\": 2,\n  \"rounds\": 3,"));
}

TEST(PlanCommand, BadInput_IsOneSentenceAndCode2) {
  const CommandOutcome outcome = RunPlan("--params many");
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(outcome.err,
            "seedfed: --params 'many' is not a whole number of weights from 1 to 1e13, such as "
            "235146, 13e9 or 13B\n");
}

TEST(PlanCommand, CountOutOfRange_IsRefusedByTheParser) {
  CLI::App app;
  const auto run = AddPlanCommand(app);
  EXPECT_THROW(app.parse("plan --params 5 --clients 0"), CLI::ParseError);
  EXPECT_THROW(app.parse("plan --params 5 --rounds 1000001"), CLI::ParseError);
}

TEST(PlanCommand, Help_HasExamples) {
  CLI::App app;
  const auto run = AddPlanCommand(app);
  EXPECT_THAT(app.get_subcommand("plan")->help(),
              HasSubstr("seedfed plan --params 13e9 --tile 32"));
}

}  // namespace
}  // namespace seedfed
