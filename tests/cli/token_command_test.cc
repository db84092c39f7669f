#include "cli/token_command.h"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "common/base/hash.h"
#include "tests/cli/command_outcome.h"
#include "tests/common/token/token_folder.h"

namespace seedfed {
namespace {

class TokenCommandTest : public testing::Test {
 protected:
  CommandOutcome Token(const std::string& action) const {
    const size_t end = action.find(' ');
    return RunCommand(AddTokenCommand, "token " + action.substr(0, end) + " --file " +
                                           folder_.path() + "/tokens" +
                                           (end == std::string::npos ? "" : action.substr(end)));
  }

  TokenFolder folder_;
};

TEST_F(TokenCommandTest, List_ShowsWhoseTokensThereAre) {
  ASSERT_EQ(Token("add --client meter").code, 0);
  const CommandOutcome list = Token("list");
  EXPECT_EQ(list.code, 0) << list.err;
  EXPECT_NE(list.out.find("meter"), std::string::npos) << list.out;
  EXPECT_NE(list.out.find("never    good"), std::string::npos) << list.out;
}

TEST_F(TokenCommandTest, ListAsJson_HasWholeDigestsAndNoToken) {
  const CommandOutcome added = Token("add --client meter");
  ASSERT_EQ(added.code, 0) << added.err;
  const std::string token = added.out.substr(0, added.out.size() - 1);
  std::ofstream(folder_.path() + "/tokens", std::ios::app)
      << "gone " << std::string(64, 'a') << " 2020-01-31T12:00:00Z\n";
  const CommandOutcome list = Token("list --json");
  EXPECT_EQ(list.code, 0) << list.err;
  EXPECT_EQ(list.out.find(token), std::string::npos);
  EXPECT_EQ(nlohmann::json::parse(list.out),
            (nlohmann::json{
                {"tokens",
                 {{{"client", "meter"}, {"digest", ToHex(Blake2b256(token))}, {"state", "good"}},
                  {{"client", "gone"},
                   {"digest", std::string(64, 'a')},
                   {"expires", "2020-01-31T12:00:00Z"},
                   {"state", "expired"}}}}}));
}

TEST_F(TokenCommandTest, ListOfAnEmptyFile_IsAnEmptyDocument) {
  std::ofstream(folder_.path() + "/tokens").close();
  EXPECT_EQ(nlohmann::json::parse(Token("list --json").out),
            (nlohmann::json{{"tokens", nlohmann::json::array()}}));
}

}  // namespace
}  // namespace seedfed
