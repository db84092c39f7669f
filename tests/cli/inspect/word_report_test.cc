#include "cli/inspect/word_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace seedfed {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// The examples of docs/formats.md.
const TextWord kSingleExample = ParseWordText("debc0a00000e00c0000000be0000403f");
const TextWord kEnsembleExample = ParseWordText("13ff00e0e8f0f8274f8a5c39d7616b9d");
// r = 1, theta = 0.
const TextWord kBadSingle = ParseWordText("000000000000f0ff000000000000803f");

TEST(WordText, Single_Golden) {
  EXPECT_EQ(WordText(kSingleExample, Codec::kSingle),
            R"(Word debc0a00000e00c0000000be0000403f
hi 0xc0000e00000abcde, lo 0x3f400000be000000

Single word, one seed: valid
  field          bits      raw                value  range
  r              hi 63:44  0xc0000             0.75  [0, 1)
  theta, turns   hi 43:20  0xe00000           0.875  [0, 1)
  theta, signed                              -0.125  [-0.5, 0.5)
  code           hi 19:0   0xabcde           703710  0 to 1048575
  r, float       lo 63:32  0x3f400000          0.75  [0, 1)
  theta, turns   lo 31:0   0xbe000000         0.875  [0, 1)
  theta, signed                              -0.125  [-0.5, 0.5)
  u                        569437594    0.530330086  [-1, 1]
  v                        -569437594  -0.530330086  [-1, 1]
)");
}

TEST(WordText, Ensemble_Golden) {
  EXPECT_EQ(WordText(kEnsembleExample, Codec::kEnsemble),
            R"(Word 13ff00e0e8f0f8274f8a5c39d7616b9d
hi 0x27f8f0e8e000ff13, lo 0x9d6b61d7395c8a4f

Ensemble word, fifteen seeds: valid, as every 16 bytes are
  scale exponent 19: the disk's radius is 2^(-19/8) = 0.192776
  seed  byte    r             theta    turns    signed           u           v
     0  0xff  7/7   0.192776  31/32  0.96875  -0.03125    0.189072  -0.0376088
     1  0x00  0/7          0   0/32        0         0           0           0
     2  0xe0  7/7   0.192776   0/32        0         0    0.192776           0
     3  0xe8  7/7   0.192776   8/32     0.25      0.25           0    0.192776
     4  0xf0  7/7   0.192776  16/32      0.5      -0.5   -0.192776           0
     5  0xf8  7/7   0.192776  24/32     0.75     -0.25           0   -0.192776
     6  0x27  1/7  0.0275395   7/32  0.21875   0.21875  0.00537269   0.0270103
     7  0x4f  2/7   0.055079  15/32  0.46875   0.46875  -0.0540206   0.0107454
     8  0x8a  4/7   0.110158  10/32   0.3125    0.3125  -0.0421556    0.101773
     9  0x5c  2/7   0.055079  28/32    0.875    -0.125   0.0389467  -0.0389467
    10  0x39  1/7  0.0275395  25/32  0.78125  -0.21875  0.00537269  -0.0270103
    11  0xd7  6/7   0.165237  23/32  0.71875  -0.28125  -0.0322361   -0.162062
    12  0x61  3/7  0.0826184   1/32  0.03125   0.03125   0.0810309   0.0161181
    13  0x6b  3/7  0.0826184  11/32  0.34375   0.34375  -0.0459003   0.0686947
    14  0x9d  4/7   0.110158  29/32  0.90625  -0.09375    0.091593  -0.0612005
)");
}

TEST(WordText, Packed64_Golden) {
  EXPECT_EQ(WordText(ParseWordText("4523211151cc4eed"), std::nullopt),
            R"(Word 4523211151cc4eed
hi 0xed4ecc5111212345

Packed64, the integer half of a single word: valid, as every 8 bytes are
  field          bits      raw                value  range
  r              hi 63:44  0xed4ec       0.92698288  [0, 1)
  theta, turns   hi 43:20  0xc51112     0.769791722  [0, 1)
  theta, signed                        -0.230208278  [-0.5, 0.5)
  code           hi 19:0   0x12345            74565  0 to 1048575
  u                        123456832    0.114978135  [-1, 1]
  v                        -987654140  -0.919824596  [-1, 1]
)");
}

TEST(WordText, NoCodec_ShowsBothReadings) {
  const std::string text = WordText(kSingleExample, std::nullopt);
  EXPECT_THAT(text, HasSubstr("Single word, one seed: valid"));
  EXPECT_THAT(text, HasSubstr("Ensemble word, fifteen seeds: valid"));
}

TEST(WordText, NotValid_SaysWhyAndShowsTheFieldsWithoutAPoint) {
  const std::string text = WordText(kBadSingle, Codec::kSingle);
  EXPECT_THAT(text,
              HasSubstr("Single word, one seed: not valid: r is 1; expected a number in [0, 1)\n"));
  EXPECT_THAT(text, HasSubstr("0x3f800000"));
  EXPECT_THAT(text, Not(HasSubstr("\n  u ")));
}

TEST(WordJson, Single_HasRawAndDecodedFields) {
  const auto json = WordJson(kSingleExample, Codec::kSingle);
  EXPECT_EQ(json["word"], "debc0a00000e00c0000000be0000403f");
  EXPECT_EQ(json["lo"], "0x3f400000be000000");
  EXPECT_FALSE(json.contains("ensemble"));
  const auto& single = json["single"];
  EXPECT_EQ(single["valid"], true);
  EXPECT_EQ(single["reason"], nullptr);
  EXPECT_EQ(single["hi"]["theta"]["raw"], "0xe00000");
  EXPECT_EQ(single["hi"]["theta"]["turns"], 0.875);
  EXPECT_EQ(single["lo"]["theta"]["signed"], -0.125);
  EXPECT_EQ(single["hi"]["code"], 0xabcde);
  EXPECT_EQ(single["u_q30"], 569437594);
}

TEST(WordJson, NotFinite_IsNull) {
  // theta is not a number, r is infinite.
  const auto json = WordJson(ParseWordText("00000000000000000000c07f0000807f"), std::nullopt);
  EXPECT_EQ(json["single"]["valid"], false);
  EXPECT_EQ(json["single"]["reason"], "r is inf; expected a number in [0, 1)");
  EXPECT_EQ(json["single"]["lo"]["r"]["value"], nullptr);
  EXPECT_EQ(json["single"]["lo"]["theta"]["turns"], nullptr);
  EXPECT_EQ(json["single"]["u"], nullptr);
  EXPECT_EQ(json["ensemble"]["seeds"].size(), 15U);
}

TEST(WordJson, Packed64_HasNoLo) {
  const auto json = WordJson(ParseWordText("4523211151cc4eed"), Codec::kEnsemble);
  EXPECT_EQ(json["lo"], nullptr);
  EXPECT_EQ(json["packed64"]["code"], 0x12345);
  EXPECT_FALSE(json.contains("ensemble"));
}

TEST(WordIsValid, OnlyTheReadingAskedForCounts) {
  EXPECT_TRUE(WordIsValid(kSingleExample, Codec::kSingle));
  EXPECT_FALSE(WordIsValid(kBadSingle, Codec::kSingle));
  EXPECT_TRUE(WordIsValid(kBadSingle, Codec::kEnsemble));
  EXPECT_TRUE(WordIsValid(kBadSingle, std::nullopt));
}

}  // namespace
}  // namespace seedfed
