// What the programs write on standard error.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "tests/e2e/federation.h"

namespace seedfed {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

using Json = nlohmann::json;

std::vector<Json> Lines(const std::string& log) {
  std::vector<Json> lines;
  std::istringstream in(log);
  for (std::string line; std::getline(in, line);) lines.push_back(Json::parse(line));
  return lines;
}

TEST(Log, JsonOfARun_FollowsAClientThroughARound) {
  Federation federation(std::vector<std::string>{"--rounds", "3", "--clients", "2", "--shards", "2",
                                                 "--exit-when-done", "--log-format", "json",
                                                 "--log-level", "debug"} +
                        kSmallFederation);
  const std::vector<std::string> json = {"--data", kFashionMnist, "--log-format", "json"};
  Process left = federation.Client("left", json);
  Process right = federation.Client("right", json);
  Process judge = federation.Client("judge", json + std::vector<std::string>{"--evaluate"});
  for (Process* process : {&left, &right, &judge, &federation.server()}) {
    EXPECT_EQ(process->Wait(), 0) << process->Output();
  }

  std::vector<std::string> kinds;
  std::vector<int> evaluated;
  for (const Json& line : Lines(federation.server().Output())) {
    ASSERT_TRUE(line.contains("time") && line.contains("level") && line.contains("message"))
        << line;
    const std::string kind = line.value("kind", "");
    if (line.value("client", "") == "left" && line.value("round", 0) == 2) kinds.push_back(kind);
    if (kind == "evaluated") evaluated.push_back(line.at("round"));
  }
  EXPECT_THAT(kinds, Contains("update_accepted"));
  EXPECT_THAT(evaluated, ::testing::ElementsAre(1, 2, 3));

  for (const Json& line : Lines(left.Output())) EXPECT_EQ(line.at("client"), "left");
  EXPECT_THAT(judge.Output(), HasSubstr("\"round\":3"));
}

}  // namespace
}  // namespace seedfed
