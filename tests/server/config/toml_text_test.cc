#include "server/config/toml_text.h"

#include <gtest/gtest.h>

namespace seedfed {
namespace {

TEST(LineOfForeignByte, InStringsAndComments_None) {
  for (const char* text :
       {"", "a = 1\n",
        "\xEF\xBB\xBF"
        "a = 1",
        "# \xC3\xA9\na = 1", "a = \"\xC3\xA9\"", "a = '\xC3\xA9\\'", "a = \"\\\"\xC3\xA9\"",
        "a = \"\"\"\n\xC3\xA9 \" \"\" \xC3\xA9\n\"\"\"\"\"\n", "a = '''\n\xC3\xA9''\n'''",
        "a = '' # \xC3\xA9", "\"\xC3\xA9\" = 1", "a = \"\xC3\xA9"}) {
    EXPECT_EQ(LineOfForeignByte(text), std::nullopt) << text;
  }
}

TEST(LineOfForeignByte, Elsewhere_ItsLine) {
  EXPECT_EQ(LineOfForeignByte("\xC3\xA9 = 1"), 1U);
  EXPECT_EQ(LineOfForeignByte("a = ''\n\nb = 'c'\xC3\xA9"), 3U);
  EXPECT_EQ(LineOfForeignByte("a = \"unfinished\n\xC3\xA9"), 2U);
  EXPECT_EQ(LineOfForeignByte("a = \"\"\"x\"\"\"\"\"\n[\xEF\xBB\xB7"), 2U);
  EXPECT_EQ(LineOfForeignByte("# comment\n\xEF\xBB\xBF"), 2U);
  EXPECT_EQ(LineOfForeignByte("a = \"x\\\xC3\xA9\""), 1U) << "no escape";
  EXPECT_EQ(LineOfForeignByte("a = [8, 4F\"\n\xC3\xA9\"]"), 2U) << "a quote in a number";
  EXPECT_EQ(LineOfForeignByte("\"\"\" = \"\\\\\xEF\xBB"), 1U) << "an empty key, then a string";
}

TEST(WithoutForeignBytes, EachIsAQuestionMark) {
  EXPECT_EQ(WithoutForeignBytes("a = \"x\xC3\xA9\""), "a = \"x??\"");
  EXPECT_EQ(WithoutForeignBytes("\xEF\xBB\xBF# \xFF"), "# ?");
}

}  // namespace
}  // namespace seedfed
