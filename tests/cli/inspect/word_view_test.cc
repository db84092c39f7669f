#include "cli/inspect/word_view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <string>

namespace seedfed {
namespace {

using ::testing::HasSubstr;

// The examples of docs/formats.md.
constexpr char kSingleExample[] = "debc0a00000e00c0000000be0000403f";
constexpr char kEnsembleExample[] = "13ff00e0e8f0f8274f8a5c39d7616b9d";

TEST(ReadTheta, EveryResidueOf5Bits_HasBothReadings) {
  for (uint32_t residue = 0; residue < 32; ++residue) {
    const ThetaReadings theta = ReadTheta(residue, 5);
    EXPECT_EQ(theta.turns, residue / 32.0);
    EXPECT_EQ(theta.signed_number, residue < 16 ? residue / 32.0 : residue / 32.0 - 1);
  }
}

TEST(ReadTheta, HalfATurn_IsMinusOneHalf) {
  EXPECT_EQ(ReadTheta(1U << 23, 24).turns, 0.5);
  EXPECT_EQ(ReadTheta(1U << 23, 24).signed_number, -0.5);
  EXPECT_EQ(ReadTheta((1U << 24) - 1, 24).signed_number, -0x1p-24);
}

TEST(ViewSingle, ExampleOfTheFormat_HasItsFields) {
  const SingleView view = ViewSingle(ParseWordText(kSingleExample).word);
  EXPECT_TRUE(view.valid.ok()) << view.valid;
  EXPECT_EQ(view.hi.fields, (Packed64Fields{0xc0000, 0xe00000, 0xabcde}));
  EXPECT_EQ(view.hi.r, 0.75);
  EXPECT_EQ(view.hi.theta.turns, 0.875);
  EXPECT_EQ(view.hi.theta.signed_number, -0.125);
  EXPECT_EQ(view.r, 0.75F);
  EXPECT_EQ(view.theta, -0.125F);
  EXPECT_EQ(view.r_bits, 0x3f400000U);
  EXPECT_EQ(view.theta_bits, 0xbe000000U);
  EXPECT_EQ(view.point, (Seed{569437594, -569437594}));
  // r and theta are exact in the integer half too.
  EXPECT_EQ(view.hi.point, view.point);
}

TEST(ViewSingle, FloatsOutOfRange_TellTheReason) {
  const auto reason = [](float r, float theta) {
    Word word;
    word.lo = uint64_t{std::bit_cast<uint32_t>(r)} << 32 | std::bit_cast<uint32_t>(theta);
    return std::string(ViewSingle(word).valid.message());
  };
  EXPECT_EQ(reason(1, 0), "r is 1; expected a number in [0, 1)");
  EXPECT_EQ(reason(std::numeric_limits<float>::quiet_NaN(), 0),
            "r is nan; expected a number in [0, 1)");
  EXPECT_EQ(reason(0, 0.5F), "theta is 0.5; expected a number of turns in [-0.5, 0.5)");
  EXPECT_THAT(reason(0.5F, 0), HasSubstr("the integer half is 0x0000000000000000 but"));
}

TEST(ViewEnsemble, ExampleOfTheFormat_HasItsFieldsAndPoints) {
  const EnsembleView view = ViewEnsemble(ParseWordText(kEnsembleExample).word);
  EXPECT_EQ(view.exponent, 19U);
  EXPECT_DOUBLE_EQ(view.radius, std::exp2(-19.0 / 8));
  EXPECT_EQ(view.seeds[0].byte, 0xff);
  EXPECT_EQ(view.seeds[0].r_sevenths, 7U);
  EXPECT_EQ(view.seeds[0].theta_32nds, 31U);
  EXPECT_DOUBLE_EQ(view.seeds[0].r, view.radius);
  EXPECT_EQ(view.seeds[0].theta.signed_number, -1.0 / 32);
  EXPECT_EQ(view.seeds[0].point, (Seed{203014739, -40382142}));
  EXPECT_EQ(view.seeds[14].byte, 0x9d);
  EXPECT_EQ(view.seeds[14].point, (Seed{98347192, -65713493}));
}

TEST(IsWordText, OnlySixteenOrThirtyTwoDigits) {
  EXPECT_TRUE(IsWordText(kSingleExample));
  EXPECT_TRUE(IsWordText("0123456789ABCDEF"));
  EXPECT_FALSE(IsWordText(""));
  EXPECT_FALSE(IsWordText("0123456789abcde"));
  EXPECT_FALSE(IsWordText("0123456789abcdefg"));
  EXPECT_FALSE(IsWordText("0123456789abcdeg"));
  EXPECT_FALSE(IsWordText("0x23456789abcdef"));
}

TEST(ParseWordText, Packed64_IsTheHiHalfInTheOrderOfItsBytes) {
  const TextWord word = ParseWordText("DEBC0A00000E00C0");
  EXPECT_TRUE(word.packed64);
  EXPECT_EQ(word.digits, "debc0a00000e00c0");
  EXPECT_EQ(word.word, (Word{0xc0000e00000abcde, 0}));
}

TEST(ParseWordList, WhiteSpaceSeparates) {
  const auto words =
      ParseWordList(std::string("\n ") + kSingleExample + "\r\n\t4523211151cc4eed ", "words");
  ASSERT_TRUE(words.ok()) << words.status();
  ASSERT_EQ(words->size(), 2U);
  EXPECT_EQ((*words)[0].digits, kSingleExample);
  EXPECT_TRUE((*words)[1].packed64);
}

TEST(ParseWordList, WrongItems_AreQuoted) {
  const auto sentence = [](const std::string& text) {
    return std::string(ParseWordList(text, "words.txt").status().message());
  };
  EXPECT_EQ(sentence("4523211151cc4eed 12"),
            "words.txt: '12' is not a word; expected words of 16 or 32 hexadecimal digits");
  EXPECT_EQ(sentence("\x1b[31m"),
            "words.txt: '\\x1b[31m' is not a word; expected words of 16 or 32 hexadecimal digits");
  EXPECT_THAT(sentence(std::string(100, 'a')), HasSubstr("'" + std::string(40, 'a') + "...'"));
  EXPECT_EQ(sentence(" \n"), "words.txt is empty");
}

}  // namespace
}  // namespace seedfed
