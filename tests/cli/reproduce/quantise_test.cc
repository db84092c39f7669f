#include "cli/reproduce/quantise.h"

#include <cmath>

#include "gtest/gtest.h"

namespace seedfed {
namespace {

const std::vector<float> kMatrix = {127, 0.4F, -3.6F, 1, -0.5F, 0.25F};

TEST(QuantiseInt8PerTensor, Weights_AreWholeMultiplesOfOneScale) {
  const Quantised out = QuantiseInt8PerTensor(kMatrix);
  EXPECT_EQ(out.weights, (std::vector<float>{127, 0, -4, 1, 0, 0}));
  EXPECT_EQ(out.bytes, 10U);
}

TEST(QuantiseInt8PerRow, EveryRow_HasItsScale) {
  const Quantised out = QuantiseInt8PerRow(kMatrix, 3);
  EXPECT_EQ(out.bytes, 14U);
  ASSERT_EQ(out.weights.size(), 6U);
  EXPECT_EQ(out.weights[2], -4);
  EXPECT_FLOAT_EQ(out.weights[3], 1);
  EXPECT_FLOAT_EQ(out.weights[4], -64 / 127.0F);
  EXPECT_FLOAT_EQ(out.weights[5], 32 / 127.0F);
}

TEST(QuantiseInt8PerTensor, Zeros_StayZero) {
  EXPECT_EQ(QuantiseInt8PerTensor(std::vector<float>(3)).weights, std::vector<float>(3));
}

TEST(QuantiseFp16, Weights_AreRoundedToElevenBits) {
  const std::vector<float> matrix = {1, 1 + 0x1p-11F, 1 + 3 * 0x1p-11F, -0.1F, 0x1p-24F, 65504};
  const Quantised out = QuantiseFp16(matrix);
  EXPECT_EQ(out.bytes, 12U);
  // Ties go to the even neighbour.
  EXPECT_EQ(out.weights,
            (std::vector<float>{1, 1, 1 + 0x1p-9F, -0.0999755859375F, 0x1p-24F, 65504}));
}

}  // namespace
}  // namespace seedfed
