#include "common/kernels/polar_batch.h"

#include <limits>
#include <vector>

#include "common/base/philox.h"
#include "common/cordic/cordic.h"
#include "tests/common/kernels/each_target.h"

namespace seedfed {
namespace {

constexpr int32_t kMax = std::numeric_limits<int32_t>::max();

class PolarBatchTest : public EachTarget {
 protected:
  void ExpectWhatTheEngineMakes() {
    std::vector<Polar> polar(points_.size());
    PolarBatch(points_, polar);
    for (size_t i = 0; i < points_.size(); ++i) {
      ASSERT_EQ(polar[i], ToPolar(points_[i]))
          << "(" << points_[i].x << ", " << points_[i].y << ")";
    }
  }

  PhiloxStream random_{{8, 3}, 0, 0, 0};
  std::vector<Cartesian> points_;
};

SEEDFED_INSTANTIATE_EACH_TARGET(PolarBatchTest);

TEST_P(PolarBatchTest, EveryLength_TheSameBits) {
  for (size_t length = 0; length < 40; ++length) {
    ExpectWhatTheEngineMakes();
    points_.push_back({static_cast<int32_t>(random_.Next()), static_cast<int32_t>(random_.Next())});
  }
}

TEST_P(PolarBatchTest, PointsOfAllSizes_TheSameBits) {
  for (size_t i = 0; i < 300000; ++i) {
    const uint32_t shift = random_.Below(32);
    points_.push_back({static_cast<int32_t>(random_.Next()) >> shift,
                       static_cast<int32_t>(random_.Next()) >> shift});
  }
  ExpectWhatTheEngineMakes();
}

TEST_P(PolarBatchTest, AxesDiagonalsAndLimits_TheSameBits) {
  for (const int32_t x : {0, 1, -1, 2, -3, 1000, 1 << 30, -(1 << 30), kMax, -kMax, -kMax - 1}) {
    for (const int32_t y : {0, 1, -1, 2, -3, 1000, 1 << 30, -(1 << 30), kMax, -kMax, -kMax - 1}) {
      points_.push_back({x, y});
    }
  }
  ExpectWhatTheEngineMakes();
}

}  // namespace
}  // namespace seedfed
