#include "common/cordic/cordic.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "common/base/philox.h"
#include "gtest/gtest.h"

namespace seedfed {
namespace {

constexpr int32_t kOne = 1 << 30;
constexpr int32_t kMin = std::numeric_limits<int32_t>::min();
constexpr int32_t kMax = std::numeric_limits<int32_t>::max();
constexpr long double kTurn = 6.283185307179586476925286766559L;

// The largest error of a sweep, in units of the result's last place. The bound is stated in Q1.30
// or Q0.32 and has to be neither broken nor slack.
class ErrorBound {
 public:
  ErrorBound(double bound, double unit) : bound_(bound / unit) {}
  void Add(long double error) { largest_ = std::max(largest_, std::fabs(error)); }
  ~ErrorBound() {
    EXPECT_LE(largest_, bound_);
    EXPECT_GE(largest_, bound_ * 0.75L);
  }

 private:
  long double bound_;
  long double largest_ = 0;
};

long double ExactX(long double x, long double y, uint32_t turns) {
  const long double angle = kTurn * turns * 0x1p-32L;
  return x * std::cos(angle) - y * std::sin(angle);
}

long double ExactY(long double x, long double y, uint32_t turns) { return ExactX(y, -x, turns); }

// Angles at which CORDIC's decisions change: the eighths of a turn and their neighbours.
std::vector<uint32_t> SpecialTurns() {
  std::vector<uint32_t> turns;
  for (uint32_t eighth = 0; eighth < 8; ++eighth) {
    for (int32_t offset = -3; offset <= 3; ++offset) {
      turns.push_back((eighth << 29) + static_cast<uint32_t>(offset));
    }
  }
  return turns;
}

// The difference of two angles, in (-half, half] turns of Q0.32.
long double AngleError(uint32_t turns, long double exact_turns_q32) {
  return std::remainder(static_cast<long double>(turns) - exact_turns_q32, 0x1p32L);
}

long double ExactTurns(Cartesian p) {
  return std::atan2(static_cast<long double>(p.y), static_cast<long double>(p.x)) / kTurn * 0x1p32L;
}

Cartesian RandomPoint(PhiloxStream& random) {
  return {static_cast<int32_t>(random.Next()), static_cast<int32_t>(random.Next())};
}

TEST(Rotate, Sweep_StaysWithinItsBoundAndNeedsIt) {
  ErrorBound bound(kRotateMaxError, 0x1p-30);
  PhiloxStream random({1, 2}, 0, 0, 0);
  for (int i = 0; i < 400000; ++i) {
    Cartesian p = RandomPoint(random);
    const int shift = static_cast<int>(random.Below(31));
    p = {p.x >> shift, p.y >> shift};
    if (std::hypot(static_cast<double>(p.x), static_cast<double>(p.y)) > kMax) continue;
    const uint32_t turns = random.Next();
    const Cartesian result = Rotate(p, turns);
    bound.Add(result.x - ExactX(p.x, p.y, turns));
    bound.Add(result.y - ExactY(p.x, p.y, turns));
  }
}

TEST(ToCartesian, Sweep_StaysWithinItsBoundAndNeedsIt) {
  ErrorBound bound(kRotateMaxError, 0x1p-30);
  PhiloxStream random({1, 2}, 0, 0, 1);
  for (int i = 0; i < 400000; ++i) {
    const Polar polar = {random.Next() >> (1 + random.Below(31)), random.Next()};
    const Cartesian result = ToCartesian(polar);
    bound.Add(result.x - ExactX(polar.r, 0, polar.turns));
    bound.Add(result.y - ExactY(polar.r, 0, polar.turns));
  }
}

TEST(ToCartesian, SpecialAngles_StayWithinTheBound) {
  const double bound = kRotateMaxError / 0x1p-30;
  for (const uint32_t turns : SpecialTurns()) {
    for (const uint32_t r : {1U, 2U, 1000U, uint32_t{kOne} - 64, uint32_t{kOne}, uint32_t{kMax}}) {
      const Cartesian result = ToCartesian({r, turns});
      EXPECT_LE(std::fabs(result.x - ExactX(r, 0, turns)), bound) << r << " at " << turns;
      EXPECT_LE(std::fabs(result.y - ExactY(r, 0, turns)), bound) << r << " at " << turns;
    }
  }
}

TEST(Rotate, QuarterTurns_AreExact) {
  for (const int32_t x : {0, 1, 12345, kOne, -kOne, -7}) {
    for (const int32_t y : {0, 3, -99999, kOne, -kOne}) {
      EXPECT_EQ(Rotate({x, y}, 0), (Cartesian{x, y}));
      EXPECT_EQ(Rotate({x, y}, 1U << 30), (Cartesian{-y, x}));
      EXPECT_EQ(Rotate({x, y}, 2U << 30), (Cartesian{-x, -y}));
      EXPECT_EQ(Rotate({x, y}, 3U << 30), (Cartesian{y, -x}));
    }
  }
}

TEST(Rotate, TheOrigin_StaysThere) {
  PhiloxStream random({1, 2}, 0, 0, 2);
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(Rotate({0, 0}, random.Next()), Cartesian{});
}

TEST(Rotate, ResultBeyondTheFormat_Saturates) {
  EXPECT_EQ(Rotate({kMin, 0}, 2U << 30), (Cartesian{kMax, 0}));
  EXPECT_EQ(Rotate({kMax, kMax}, 1U << 29), (Cartesian{0, kMax}));
  EXPECT_EQ(Rotate({kMin, kMin}, 1U << 29).y, kMin);
}

TEST(ToCartesian, RadiusBeyondTheFormat_IsTheLargest) {
  EXPECT_EQ(ToCartesian({0xffffffff, 0}), (Cartesian{kMax, 0}));
  EXPECT_EQ(ToCartesian({0x80000000, 1U << 30}), (Cartesian{0, kMax}));
}

TEST(Cordic, KnownValues_OfAnIndependentComputation) {
  EXPECT_EQ(ToCartesian({1U << 29, 0x12345678}), (Cartesian{484167651, 231974270}));
  EXPECT_EQ(ToCartesian({1U << 30, 1U << 29}), (Cartesian{759250125, 759250125}));
  EXPECT_EQ(ToCartesian({uint32_t{kMax}, 0xfedcba98}), (Cartesian{2146646375, -59961264}));
  EXPECT_EQ(ToCartesian({1, 1U << 29}), (Cartesian{1, 1}));
  EXPECT_EQ(ToPolar({1, 1}), (Polar{1, 536870912}));
  EXPECT_EQ(ToPolar({-3, 7}), (Polar{8, 1350511789}));
  EXPECT_EQ(ToPolar({123456789, -987654321}), (Polar{995340463, 3306230227}));
  EXPECT_EQ(ToPolar({kMin, kMin}), (Polar{3037000500, 2684354560}));
  EXPECT_EQ(ToPolar({kMax, 1}), (Polar{2147483647, 0}));
}

TEST(ToPolar, Sweep_StaysWithinItsBoundsAndNeedsThem) {
  ErrorBound radius(kVectorRadiusMaxError, 0x1p-30);
  ErrorBound angle(kVectorAngleMaxError, 0x1p-32);
  PhiloxStream random({1, 2}, 0, 0, 3);
  for (int i = 0; i < 400000; ++i) {
    Cartesian p = RandomPoint(random);
    p = {p.x >> random.Below(31), p.y >> random.Below(31)};
    if (p == Cartesian{}) continue;
    const Polar polar = ToPolar(p);
    radius.Add(polar.r - std::hypot(static_cast<long double>(p.x), static_cast<long double>(p.y)));
    angle.Add(AngleError(polar.turns, ExactTurns(p)));
  }
}

TEST(ToPolar, EveryTinyVector_KeepsItsDirection) {
  const double radius_bound = kVectorRadiusMaxError / 0x1p-30;
  const double angle_bound = kVectorAngleMaxError / 0x1p-32;
  for (int32_t x = -40; x <= 40; ++x) {
    for (int32_t y = -40; y <= 40; ++y) {
      if (x == 0 && y == 0) continue;
      const Polar polar = ToPolar({x, y});
      EXPECT_LE(std::fabs(polar.r - std::hypot(1.0L * x, 1.0L * y)), radius_bound)
          << x << ", " << y;
      EXPECT_LE(std::fabs(AngleError(polar.turns, ExactTurns({x, y}))), angle_bound)
          << x << ", " << y;
    }
  }
}

TEST(ToPolar, Corners_StayWithinTheBounds) {
  for (const int32_t x : {kMin, kMin + 1, -kOne, -1, 0, 1, kOne, kMax - 1, kMax}) {
    for (const int32_t y : {kMin, kMin + 1, -kOne, -1, 0, 1, kOne, kMax - 1, kMax}) {
      if (x == 0 && y == 0) continue;
      const Polar polar = ToPolar({x, y});
      EXPECT_LE(std::fabs(polar.r - std::hypot(1.0L * x, 1.0L * y)),
                kVectorRadiusMaxError / 0x1p-30);
      EXPECT_LE(std::fabs(AngleError(polar.turns, ExactTurns({x, y}))),
                kVectorAngleMaxError / 0x1p-32)
          << x << ", " << y;
    }
  }
}

TEST(ToPolar, TheOrigin_IsZero) { EXPECT_EQ(ToPolar({0, 0}), Polar{}); }

TEST(ToPolar, AxesAndDiagonals_AreExact) {
  for (const int32_t a : {1, 5, 1 << 20, kOne, kMax}) {
    const auto r = static_cast<uint32_t>(a);
    EXPECT_EQ(ToPolar({a, 0}), (Polar{r, 0}));
    EXPECT_EQ(ToPolar({0, a}), (Polar{r, 1U << 30}));
    EXPECT_EQ(ToPolar({-a, 0}), (Polar{r, 2U << 30}));
    EXPECT_EQ(ToPolar({0, -a}), (Polar{r, 3U << 30}));
    EXPECT_EQ(ToPolar({a, a}).turns, 1U << 29);
    EXPECT_EQ(ToPolar({-a, a}).turns, 3U << 29);
    EXPECT_EQ(ToPolar({-a, -a}).turns, 5U << 29);
    EXPECT_EQ(ToPolar({a, -a}).turns, 7U << 29);
  }
}

TEST(ToPolar, BackToCartesian_IsTheSamePointWithinTwoUnits) {
  PhiloxStream random({1, 2}, 0, 0, 4);
  for (int i = 0; i < 100000; ++i) {
    const Cartesian p = {static_cast<int32_t>(random.Next()) >> 2,
                         static_cast<int32_t>(random.Next()) >> 2};
    const Cartesian back = ToCartesian(ToPolar(p));
    ASSERT_LE(std::abs(back.x - p.x), 2);
    ASSERT_LE(std::abs(back.y - p.y), 2);
  }
}

TEST(Multiply, Sweep_StaysWithinItsBoundAndNeedsIt) {
  ErrorBound bound(kMultiplyMaxError, 0x1p-30);
  PhiloxStream random({1, 2}, 0, 0, 5);
  for (int i = 0; i < 400000; ++i) {
    const Cartesian p = RandomPoint(random);
    const int32_t a = p.x >> random.Below(31), b = p.y >> random.Below(31);
    const long double exact = static_cast<long double>(a) * b * 0x1p-30L;
    if (exact > kMax || exact < kMin) continue;
    bound.Add(Multiply(a, b) - exact);
  }
}

TEST(Multiply, SpecialFactors_AreExact) {
  for (const int32_t a : {0, 1, -1, 12345, kOne, -kOne, kMax, kMin}) {
    EXPECT_EQ(Multiply(a, 0), 0);
    EXPECT_EQ(Multiply(0, a), 0);
    EXPECT_EQ(Multiply(a, kOne), a);
  }
  EXPECT_EQ(Multiply(kOne, kOne / 2), kOne / 2);
  EXPECT_EQ(Multiply(-kOne, -kOne), kOne);
}

TEST(Multiply, ProductBeyondTheFormat_Saturates) {
  EXPECT_EQ(Multiply(kMin, kMin), kMax);
  EXPECT_EQ(Multiply(kMin, kMax), kMin);
  EXPECT_EQ(Multiply(kMax, kMax), kMax);
}

}  // namespace
}  // namespace seedfed
