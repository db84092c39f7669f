#include "server/config/toml_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace seedfed {
namespace {

using ::testing::StartsWith;

std::string ErrorOf(std::string_view text) {
  const auto table = ParseToml("f", text);
  return table.ok() ? "none" : std::string(table.status().message());
}

TEST(ParseToml, OtherThanAsciiInStringsAndComments_Taken) {
  for (const char* text :
       {"", "a = 1\n",
        "\xEF\xBB\xBF"
        "a = 1",
        "# \xC3\xA9\na = 1", "a = \"\xC3\xA9\"", "a = '\xC3\xA9\\'", "a = \"\\\"\xC3\xA9\"",
        "a = \"\"\"\n\xC3\xA9 \" \"\" \xC3\xA9\n\"\"\"\"\"\n", "a = '''\n\xC3\xA9''\n'''",
        "a = '' # \xC3\xA9", "\"\xC3\xA9\" = 1"}) {
    EXPECT_EQ(ErrorOf(text), "none") << text;
  }
  const auto table = ParseToml("f", "\xEF\xBB\xBF'\xC3\xA9' = \"\xC3\xA8\"");
  ASSERT_TRUE(table.ok());
  EXPECT_EQ((*table)["\xC3\xA9"].value<std::string>(), "\xC3\xA8");
}

TEST(ParseToml, OtherThanAsciiElsewhere_RefusedWithItsLine) {
  const std::string why =
      ": not TOML: expected only ASCII characters outside of texts and comments";
  EXPECT_EQ(ErrorOf("\xC3\xA9 = 1"), "f:1" + why);
  EXPECT_EQ(ErrorOf("a = \xC3\xA9"), "f:1" + why);
  EXPECT_EQ(ErrorOf("a = 1\xC3\xA9"), "f:1" + why);
  EXPECT_EQ(ErrorOf("[\xC3\xA9]\na = 1"), "f:1" + why);
  EXPECT_EQ(ErrorOf("a = ''\n\nb = 'c'\xC3\xA9"), "f:3" + why);
  EXPECT_EQ(ErrorOf("\xEF\xBB\xBF# comment\n\xEF\xBB\xBF"), "f:2" + why);
  EXPECT_EQ(ErrorOf("a = \"x\\\xC3\xA9\""), "f:1" + why) << "no escape";
  EXPECT_EQ(ErrorOf("a = \"\"\"x\"\"\"\"\"\n[\xEF\xBB\xB7"), "f:2" + why);
}

TEST(ParseToml, OtherErrors_SaidAsTheyAre) {
  EXPECT_THAT(ErrorOf("a = 1\nb = = '\xC3\xA9'"), StartsWith("f:2: not TOML: "));
  EXPECT_EQ(ErrorOf("a = 1\nb = = '\xC3\xA9'").find("ASCII"), std::string::npos);
  EXPECT_THAT(ErrorOf("a = '\xFF'"), StartsWith("f:1: not TOML: ")) << "not UTF-8";
  EXPECT_THAT(ErrorOf("a = 1\na = 2"), StartsWith("f:2: not TOML: "));
  EXPECT_THAT(ErrorOf("a = \"unfinished\n\xC3\xA9"), StartsWith("f:1: not TOML: "));
}

// What toml++ declares unreachable; found by fuzzing.
TEST(ParseToml, QuotesInOddPlaces_Refused) {
  EXPECT_THAT(ErrorOf("a = [8, 4F\"\n\xC3\xA9\"]"), StartsWith("f:1: not TOML: "));
  EXPECT_THAT(ErrorOf("\"\"\" = \"\\\\\xEF\xBB"), StartsWith("f:1: not TOML: "));
}

}  // namespace
}  // namespace seedfed
