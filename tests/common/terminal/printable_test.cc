#include "common/terminal/printable.h"

#include <gtest/gtest.h>

#include <string>

namespace seedfed {
namespace {

TEST(Printable, OrdinaryText_StaysAsItIs) {
  EXPECT_EQ(Printable(""), "");
  EXPECT_EQ(Printable("round 7: loss .5"), "round 7: loss .5");
  EXPECT_EQ(Printable("Zürich 東京 🌱"), "Zürich 東京 🌱");
}

TEST(Printable, ControlCharacters_AreEscaped) {
  EXPECT_EQ(Printable("a\nb\tc"), "a\\nb\\tc");
  EXPECT_EQ(Printable("\x1b[31mred\x7f"), "\\x1b[31mred\\x7f");
  EXPECT_EQ(Printable(std::string("\0", 1)), "\\x00");
  EXPECT_EQ(Printable("\u009b31m"), "\\u009b31m");  // CSI in one character
}

TEST(Printable, DirectionAndLineCharacters_AreEscaped) {
  EXPECT_EQ(Printable("user\u202egnp"), "user\\u202egnp");
  EXPECT_EQ(Printable("a\u2028b"), "a\\u2028b");
  EXPECT_EQ(Printable("\u2066"), "\\u2066");
}

TEST(Printable, BytesThatAreNotUtf8_AreEscapedOneByOne) {
  EXPECT_EQ(Printable("\xff"), "\\xff");
  EXPECT_EQ(Printable("a\xc3"), "a\\xc3");         // cut
  EXPECT_EQ(Printable("\xc0\xaf"), "\\xc0\\xaf");  // longer than needed
  EXPECT_EQ(Printable("\xe0\x80\xaf"), "\\xe0\\x80\\xaf");
  EXPECT_EQ(Printable("\xed\xa0\x80"), "\\xed\\xa0\\x80");           // surrogate
  EXPECT_EQ(Printable("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80");  // beyond U+10FFFF
  EXPECT_EQ(Printable("\x9b"
                      "31m"),
            "\\x9b31m");
}

TEST(Printable, EveryByte_GivesNoControlCharacter) {
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  for (const char c : Printable(all)) {
    EXPECT_GE(static_cast<unsigned char>(c), 0x20);
    EXPECT_LT(static_cast<unsigned char>(c), 0x7f);
  }
}

}  // namespace
}  // namespace seedfed
