#include "client/network/softmax.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

namespace seedfed {
namespace {

TEST(Exponentiate, Outputs_BecomeSharesOfTheTotal) {
  std::vector<float> outputs = {1, 3, 2};
  const Exponentials found = Exponentiate(outputs);
  EXPECT_EQ(found.largest, 1u);
  EXPECT_EQ(found.shift, 3.0f);
  EXPECT_FLOAT_EQ(found.total, 1 + std::exp(-1.0f) + std::exp(-2.0f));
  EXPECT_EQ(outputs[1], 1.0f);
  EXPECT_FLOAT_EQ(CrossEntropy(found, 2), std::log(found.total) + 1);
}

TEST(Exponentiate, EqualOutputs_FirstIsTheLargest) {
  std::vector<float> outputs = {2, 7, 7};
  EXPECT_EQ(Exponentiate(outputs).largest, 1u);
}

TEST(Exponentiate, LargeOutputs_DoNotOverflow) {
  std::vector<float> outputs = {1e30f, -1e30f};
  EXPECT_EQ(Exponentiate(outputs).total, 1.0f);
}

TEST(Exponentiate, OutputThatIsNoNumber_TotalIsNotFinite) {
  std::vector<float> outputs = {0, std::numeric_limits<float>::quiet_NaN()};
  EXPECT_FALSE(std::isfinite(Exponentiate(outputs).total));
}

}  // namespace
}  // namespace seedfed
