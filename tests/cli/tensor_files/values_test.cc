#include "cli/tensor_files/values.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <vector>

#include "common/base/bytes.h"

namespace seedfed {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

double Decode16(DType dtype, uint16_t bits) {
  char bytes[2];
  StoreLittleEndian(bits, bytes);
  double value = 0;
  DecodeValues(dtype, bytes, std::span(&value, 1));
  return value;
}

uint16_t Encode16(DType dtype, double value) {
  char bytes[2];
  EncodeValues(dtype, {&value, 1}, bytes);
  return LoadLittleEndian<uint16_t>(bytes);
}

TEST(DecodeValues, KnownBinary16_TheirNumbers) {
  EXPECT_EQ(Decode16(DType::kF16, 0x3c00), 1);
  EXPECT_EQ(Decode16(DType::kF16, 0xc000), -2);
  EXPECT_EQ(Decode16(DType::kF16, 0x7bff), 65504);
  EXPECT_EQ(Decode16(DType::kF16, 0x0400), 0x1p-14);
  EXPECT_EQ(Decode16(DType::kF16, 0x0001), 0x1p-24);
  EXPECT_EQ(Decode16(DType::kF16, 0x7c00), kInfinity);
  EXPECT_EQ(Decode16(DType::kF16, 0xfc00), -kInfinity);
  EXPECT_TRUE(std::isnan(Decode16(DType::kF16, 0x7e00)));
  EXPECT_TRUE(std::signbit(Decode16(DType::kF16, 0x8000)));
}

TEST(DecodeValues, KnownBfloat16_TheirNumbers) {
  EXPECT_EQ(Decode16(DType::kBF16, 0x3f80), 1);
  EXPECT_EQ(Decode16(DType::kBF16, 0xc0a0), -5);
  EXPECT_EQ(Decode16(DType::kBF16, 0x0001), 0x1p-133);
  EXPECT_TRUE(std::isnan(Decode16(DType::kBF16, 0x7fc0)));
}

TEST(EncodeValues, EveryFinite16BitNumber_ComesBack) {
  for (const DType dtype : {DType::kF16, DType::kBF16}) {
    for (uint32_t bits = 0; bits < 65536; ++bits) {
      const double value = Decode16(dtype, static_cast<uint16_t>(bits));
      if (!std::isfinite(value)) continue;
      ASSERT_EQ(Encode16(dtype, value), bits) << DTypeName(dtype) << " " << value;
    }
  }
}

// Between two neighbours: below the middle the lower one, above it the upper one, at it the even
// one.
TEST(EncodeValues, BetweenNeighbours_NearestAndTiesToEven) {
  for (const DType dtype : {DType::kF16, DType::kBF16}) {
    const uint32_t last = dtype == DType::kF16 ? 0x7bfe : 0x7f7e;
    for (uint32_t bits = 0; bits <= last; ++bits) {
      const double low = Decode16(dtype, static_cast<uint16_t>(bits));
      const double high = Decode16(dtype, static_cast<uint16_t>(bits + 1));
      const double middle = low + (high - low) / 2;
      ASSERT_EQ(Encode16(dtype, middle), bits + (bits & 1)) << middle;
      ASSERT_EQ(Encode16(dtype, std::nextafter(middle, 0)), bits) << middle;
      ASSERT_EQ(Encode16(dtype, -std::nextafter(middle, kInfinity)), 0x8000 | (bits + 1)) << middle;
    }
  }
}

TEST(EncodeValues, BeyondTheRange_LargestFinite) {
  EXPECT_EQ(Encode16(DType::kF16, 65519.99), 0x7bff);
  EXPECT_EQ(Encode16(DType::kF16, 65520), 0x7bff);
  EXPECT_EQ(Encode16(DType::kF16, 1e300), 0x7bff);
  EXPECT_EQ(Encode16(DType::kF16, -1e300), 0xfbff);
  EXPECT_EQ(Encode16(DType::kBF16, 1e300), 0x7f7f);
  char bytes[4];
  const double huge = -1e300;
  EncodeValues(DType::kF32, {&huge, 1}, bytes);
  EXPECT_EQ(std::bit_cast<float>(LoadLittleEndian<uint32_t>(bytes)),
            std::numeric_limits<float>::lowest());
}

TEST(EncodeValues, TinyNumbers_ZeroWithTheirSign) {
  EXPECT_EQ(Encode16(DType::kF16, 0x1p-25), 0);
  EXPECT_EQ(Encode16(DType::kF16, -0x1p-26), 0x8000);
  EXPECT_EQ(Encode16(DType::kBF16, 5e-324), 0);
}

TEST(Values, WideTypes_ComeBackAndLieLittleEndian) {
  const std::vector<double> values = {1.5, -0.1, 1e300};
  std::vector<char> bytes(24);
  EncodeValues(DType::kF64, values, bytes);
  EXPECT_EQ(LoadLittleEndian<uint64_t>(bytes.data()), 0x3ff8000000000000);
  std::vector<double> doubles(3);
  DecodeValues(DType::kF64, bytes, doubles);
  EXPECT_EQ(doubles, values);
  std::vector<float> floats(3);
  DecodeValues(DType::kF64, bytes, floats);
  EXPECT_EQ(floats[1], -0.1F);
  EXPECT_EQ(floats[2], std::numeric_limits<float>::infinity());
}

}  // namespace
}  // namespace seedfed
