#include "common/kernels/rotate_batch.h"

#include <limits>
#include <vector>

#include "common/base/philox.h"
#include "common/cordic/cordic.h"
#include "tests/common/kernels/each_target.h"

namespace seedfed {
namespace {

constexpr int32_t kMax = std::numeric_limits<int32_t>::max();

class RotateBatchTest : public EachTarget {
 protected:
  void Add(int32_t x, int32_t y, uint32_t turns) {
    x_.push_back(x);
    y_.push_back(y);
    turns_.push_back(turns);
  }

  void ExpectWhatTheEngineMakes() {
    std::vector<int32_t> x = x_, y = y_;
    RotateBatch(turns_, x, y);
    for (size_t i = 0; i < turns_.size(); ++i) {
      ASSERT_EQ((Cartesian{x[i], y[i]}), Rotate({x_[i], y_[i]}, turns_[i]))
          << "(" << x_[i] << ", " << y_[i] << ") by " << turns_[i];
    }
  }

  PhiloxStream random_{{8, 3}, 0, 0, 0};
  std::vector<int32_t> x_, y_;
  std::vector<uint32_t> turns_;
};

SEEDFED_INSTANTIATE_EACH_TARGET(RotateBatchTest);

TEST_P(RotateBatchTest, EveryLength_TheSameBits) {
  for (size_t length = 0; length < 40; ++length) {
    ExpectWhatTheEngineMakes();
    Add(static_cast<int32_t>(random_.Next()) >> 1, static_cast<int32_t>(random_.Next()) >> 1,
        random_.Next());
  }
}

// Some thousands of these are within the engine's own error of a half.
TEST_P(RotateBatchTest, PointsOfAllSizes_TheSameBits) {
  for (size_t i = 0; i < 300000; ++i) {
    const uint32_t shift = random_.Below(31);
    Add(static_cast<int32_t>(random_.Next()) >> shift,
        static_cast<int32_t>(random_.Next()) >> shift, random_.Next());
  }
  ExpectWhatTheEngineMakes();
}

// Small numbers by such angles are exactly half an integer or next to it.
TEST_P(RotateBatchTest, SpecialAngles_TheSameBits) {
  for (uint32_t part = 0; part < 24; ++part) {
    const auto turns = static_cast<uint32_t>((uint64_t{part} << 32) / 24);
    for (uint32_t offset = 0; offset < 7; ++offset) {
      for (const int32_t x : {0, 1, -1, 2, 3, 1000, 1 << 30, -(1 << 30), kMax, -kMax - 1}) {
        for (const int32_t y : {0, 1, -5, 1 << 30, kMax, -kMax - 1}) Add(x, y, turns + offset - 3);
      }
    }
  }
  ExpectWhatTheEngineMakes();
}

}  // namespace
}  // namespace seedfed
