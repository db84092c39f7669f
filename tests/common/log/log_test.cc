#include "common/log/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include <nlohmann/json.hpp>
#include <string>

#include "tests/common/pipe_output.h"

namespace seedfed {
namespace {

using ::testing::ContainsRegex;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;

using Json = nlohmann::json;

class LogTest : public ::testing::Test {
 protected:
  void SetUp(LogFormat format, const std::string& level = "info", bool color = false) {
    SetUpLog({format, level, color}, std::make_shared<StatusLine>(pipe_.fd(), false));
  }

  std::string Line(const LogEntry& entry) {
    Log(entry);
    return pipe_.Take();
  }

  PipeOutput pipe_;
};

TEST_F(LogTest, Text_HasTimeLevelAndText) {
  SetUp(LogFormat::kText);
  EXPECT_THAT(Line({LogLevel::kInfo, {}, "round 7 is complete"}),
              MatchesRegex("....-..-.. ..:..:..\\....  ?info round 7 is complete\n"));
  EXPECT_THAT(Line({LogLevel::kWarning, {}, "w"}), EndsWith(" warning w\n"));
  EXPECT_THAT(Line({LogLevel::kError, {}, "e"}), EndsWith(" error e\n"));
}

TEST_F(LogTest, Text_EscapesWhatATerminalWouldObey) {
  SetUp(LogFormat::kText);
  EXPECT_THAT(Line({LogLevel::kInfo, {}, "client \x1b]0;owned\x07\n\xff"}),
              EndsWith(" info client \\x1b]0;owned\\x07\\n\\xff\n"));
  spdlog::info("{}", "also \r here");
  EXPECT_THAT(pipe_.Take(), EndsWith("also \\x0d here\n"));
}

TEST_F(LogTest, Text_ColorsOnlyTheLevel) {
  SetUp(LogFormat::kText, "info", true);
  EXPECT_THAT(Line({LogLevel::kWarning, {}, "w"}), EndsWith(" \x1b[33mwarning\x1b[0m w\n"));
}

TEST_F(LogTest, Level_LeavesOutWhatIsLess) {
  SetUp(LogFormat::kText, "warning");
  EXPECT_EQ(Line({LogLevel::kInfo, {}, "i"}), "");
  EXPECT_THAT(Line({LogLevel::kWarning, {}, "w"}), HasSubstr("w"));
  SetUp(LogFormat::kText, "debug");
  EXPECT_THAT(Line({LogLevel::kDebug, {}, "d"}), EndsWith(" debug d\n"));
  SetUp(LogFormat::kText, "off");
  EXPECT_EQ(Line({LogLevel::kError, {}, "e"}), "");
}

TEST_F(LogTest, Json_HasTheFieldsThatAreKnown) {
  SetUp(LogFormat::kJson, "info", true);
  const std::string line =
      Line({LogLevel::kWarning, {7, "left", "update_refused", "not_valid"}, "no"});
  EXPECT_THAT(line,
              ContainsRegex("^\\{\"time\":\"....-..-..T..:..:..\\....Z\",\"level\":\"warning\","
                            "\"message\":\"no\",\"round\":7,\"client\":\"left\","
                            "\"kind\":\"update_refused\",\"reason\":\"not_valid\"\\}\n$"));
  const Json bare = Json::parse(Line({LogLevel::kInfo, {}, "started"}));
  EXPECT_EQ(bare.size(), 3u);
}

TEST_F(LogTest, JsonFields_EndWithTheirEntry) {
  SetUp(LogFormat::kJson);
  Line({LogLevel::kInfo, {7, "left", "", ""}, "one"});
  spdlog::info("two");
  const Json line = Json::parse(pipe_.Take());
  EXPECT_EQ(line["message"], "two");
  EXPECT_FALSE(line.contains("client"));
}

TEST_F(LogTest, JsonOfAnyText_IsOneValidAsciiLine) {
  SetUp(LogFormat::kJson);
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  const std::string line = Line({LogLevel::kInfo, {1, all, all, all}, all + "\"\\{}%n"});
  for (const char c : line.substr(0, line.size() - 1)) {
    ASSERT_GE(static_cast<unsigned char>(c), 0x20);
    ASSERT_LT(static_cast<unsigned char>(c), 0x7f);
  }
  const Json json = Json::parse(line);
  const std::string message = json["message"];
  EXPECT_EQ(message.substr(0, 0x80), all.substr(0, 0x80));
  EXPECT_THAT(message, HasSubstr("\xef\xbf\xbd"));  // U+FFFD
  EXPECT_THAT(message, EndsWith("\"\\{}%n"));
  EXPECT_EQ(Json::parse(Line({LogLevel::kInfo, {}, "Zürich"}))["message"], "Zürich");
}

TEST(LogFormat, Names_AreTextAndJson) {
  EXPECT_EQ(ParseLogFormat("text"), LogFormat::kText);
  EXPECT_EQ(ParseLogFormat("json"), LogFormat::kJson);
  EXPECT_EQ(ParseLogFormat("xml"), std::nullopt);
}

}  // namespace
}  // namespace seedfed
