#include "cli/reproduce/code_search.h"

#include <cmath>
#include <vector>

#include "common/base/philox.h"
#include "common/pattern/rotation.h"
#include "gtest/gtest.h"

namespace seedfed {
namespace {

std::vector<float> RandomNumbers(size_t count, uint32_t stream) {
  PhiloxStream random({1, 2}, stream, 0, 0);
  std::vector<float> numbers(count);
  for (float& number : numbers) number = static_cast<float>(random.Uniform() - 0.5);
  return numbers;
}

// The direction of every position, straight from the pattern's own functions.
std::vector<PhaseVector> Directions(uint32_t code, size_t count) {
  std::vector<uint8_t> phases(count);
  TilePhases(code, 2, phases);
  std::vector<PhaseVector> directions;
  for (const uint8_t phase : phases) directions.push_back(PhaseTable(2)[phase]);
  return directions;
}

double ErrorOf(const std::vector<float>& numbers, const std::vector<PhaseVector>& directions,
               double u, double v) {
  double error = 0;
  for (size_t i = 0; i < numbers.size(); ++i) {
    const double weight = (u * directions[i].cos + v * directions[i].sin) * 0x1p-14;
    error += (numbers[i] - weight) * (numbers[i] - weight);
  }
  return error;
}

Fit BestOf(const std::vector<float>& numbers, uint32_t code) {
  std::vector<uint8_t> phases;
  PhaseSigns signs;
  MakePhaseSigns(code, numbers.size(), phases, signs);
  return Projection(numbers).Best(signs);
}

TEST(MakePhaseSigns, EverySign_IsThatOfThePattern) {
  std::vector<uint8_t> phases;
  PhaseSigns signs;
  for (const size_t count : {64U, 1U, 7U, 13U, 1024U}) {
    for (const uint32_t code : {0U, 0xABCDEU, kCodes - 1}) {
      MakePhaseSigns(code, count, phases, signs);
      const std::vector<PhaseVector> directions = Directions(code, count);
      ASSERT_EQ(signs.cos.size(), (count + 7) / 8);
      ASSERT_EQ(signs.sin.size(), (count + 7) / 8);
      for (size_t p = 0; p < signs.cos.size() * 8; ++p) {
        const bool cos = (signs.cos[p / 8] >> p % 8 & 1) != 0;
        const bool sin = (signs.sin[p / 8] >> p % 8 & 1) != 0;
        EXPECT_EQ(cos, p < count && directions[p].cos < 0) << "position " << p;
        EXPECT_EQ(sin, p < count && directions[p].sin < 0) << "position " << p;
      }
    }
  }
}

TEST(Projection, TheGain_IsTheFallOfTheSquaredError) {
  for (const size_t count : {13U, 64U, 1024U}) {
    const std::vector<float> numbers = RandomNumbers(count, 1);
    for (uint32_t code = 0; code < 20; ++code) {
      const Fit fit = BestOf(numbers, code);
      const std::vector<PhaseVector> directions = Directions(code, count);
      EXPECT_NEAR(fit.gained,
                  ErrorOf(numbers, directions, 0, 0) - ErrorOf(numbers, directions, fit.u, fit.v),
                  1e-4);
    }
  }
}

TEST(Projection, NoPointNearby_IsBetter) {
  const std::vector<float> numbers = RandomNumbers(64, 2);
  for (uint32_t code = 0; code < 20; ++code) {
    const Fit fit = BestOf(numbers, code);
    const std::vector<PhaseVector> directions = Directions(code, 64);
    const double least = ErrorOf(numbers, directions, fit.u, fit.v);
    for (const double du : {-0.01, 0.0, 0.01}) {
      for (const double dv : {-0.01, 0.0, 0.01}) {
        EXPECT_GE(ErrorOf(numbers, directions, fit.u + du, fit.v + dv), least - 1e-9);
      }
    }
  }
}

TEST(Projection, ThePatternItself_IsFoundExactly) {
  const std::vector<PhaseVector> directions = Directions(77, 64);
  std::vector<float> numbers;
  for (const PhaseVector& direction : directions) {
    numbers.push_back(static_cast<float>((0.25 * direction.cos - 0.5 * direction.sin) * 0x1p-14));
  }
  const Fit fit = BestOf(numbers, 77);
  EXPECT_NEAR(fit.u, 0.25, 1e-6);
  EXPECT_NEAR(fit.v, -0.5, 1e-6);
  for (uint32_t code = 0; code < 50; ++code) EXPECT_LT(BestOf(numbers, code).gained, fit.gained);
}

// One position: cosine and sine are equal or opposite everywhere, so that u and v are not unique.
TEST(Projection, OnePosition_IsFittedWithUAlone) {
  for (uint32_t code = 0; code < 8; ++code) {
    const std::vector<float> numbers = {0.5F};
    const Fit fit = BestOf(numbers, code);
    EXPECT_EQ(fit.v, 0);
    EXPECT_NEAR(ErrorOf(numbers, Directions(code, 1), fit.u, fit.v), 0, 1e-12);
  }
}

}  // namespace
}  // namespace seedfed
