#include "cli/tensor_files/tensor.h"

#include <gtest/gtest.h>

namespace seedfed {
namespace {

std::string Refusal(const TensorInfo& tensor) { return std::string(CheckTensor(tensor).message()); }

TEST(TensorInfo, Sizes_FollowFromShapeAndType) {
  EXPECT_EQ((TensorInfo{"", DType::kF64, {}}).elements(), 1u);
  EXPECT_EQ((TensorInfo{"", DType::kF64, {}}).bytes(), 8u);
  EXPECT_EQ((TensorInfo{"", DType::kBF16, {3, 4, 5}}).bytes(), 120u);
}

TEST(CheckTensor, AnyUsualTensor_Ok) {
  EXPECT_TRUE(CheckTensor({"w", DType::kF32, {}}).ok());
  EXPECT_TRUE(CheckTensor({"", DType::kF32, {1}}).ok());
  EXPECT_TRUE(CheckTensor({"h\xc3\xa4\xc3\x9f", DType::kF32, {1u << 24, 1u << 24}}).ok());
}

TEST(CheckTensor, NoValues_NamesTensorAndShape) {
  EXPECT_EQ(Refusal({"w", DType::kF32, {3, 0}}),
            "tensor 'w' has the shape 3x0, which holds no values");
}

TEST(CheckTensor, MoreValuesThanCanBe_Refused) {
  EXPECT_EQ(Refusal({"w", DType::kF32, {1u << 24, 1u << 24, 2}}),
            "tensor 'w' has the shape 16777216x16777216x2; expected at most 2^48 values");
  EXPECT_EQ(Refusal({"w", DType::kF32, {~uint64_t{0}, ~uint64_t{0}}}),
            "tensor 'w' has the shape 18446744073709551615x18446744073709551615; "
            "expected at most 2^48 values");
}

TEST(CheckTensor, TooManyDimensions_Refused) {
  EXPECT_TRUE(CheckTensor({"w", DType::kF32, std::vector<uint64_t>(32, 1)}).ok());
  EXPECT_EQ(Refusal({"w", DType::kF32, std::vector<uint64_t>(33, 1)}),
            "tensor 'w' has 33 dimensions; expected at most 32");
}

TEST(CheckTensor, BadNames_Refused) {
  EXPECT_EQ(Refusal({"a\xff", DType::kF32, {1}}), "the tensor name 'a\\xff' is not UTF-8");
  EXPECT_EQ(Refusal({std::string(65'536, 'a'), DType::kF32, {1}}),
            "a tensor's name has 65536 bytes; expected at most 65535");
}

TEST(Quoted, ControlCharacters_Escaped) {
  EXPECT_EQ(Quoted("a\x1b[31m\n"), "'a\\x1b[31m\\n'");
  EXPECT_EQ(Quoted("h\xc3\xa4"), "'h\xc3\xa4'");
}

TEST(ShapeText, AnyShape_SizesWithCrosses) {
  EXPECT_EQ(ShapeText(std::vector<uint64_t>{}), "scalar");
  EXPECT_EQ(ShapeText(std::vector<uint64_t>{3, 4}), "3x4");
}

TEST(IsUtf8, WellFormedText_True) {
  for (const char* text : {"", "abc", "\xc2\x80", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
                           "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_TRUE(IsUtf8(text)) << text;
  }
}

TEST(IsUtf8, OverlongSurrogateTruncatedOrTooLarge_False) {
  for (const char* text : {"\x80", "\xc1\xbf", "\xc3", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xe2\x82",
                           "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff"}) {
    EXPECT_FALSE(IsUtf8(text)) << text;
  }
}

}  // namespace
}  // namespace seedfed
