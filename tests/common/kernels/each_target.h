#ifndef SEEDFED_TESTS_COMMON_KERNELS_EACH_TARGET_H_
#define SEEDFED_TESTS_COMMON_KERNELS_EACH_TARGET_H_

#include <gtest/gtest.h>
#include <hwy/targets.h>

#include <cstdint>
#include <string>

namespace seedfed {

// A test that runs once for each kind of processor that the kernels were compiled for and that this
// one can stand for, the plainest included.
class EachTarget : public testing::TestWithParam<int64_t> {
 protected:
  void SetUp() override { Choose(GetParam()); }
  void TearDown() override { Choose(0); }

 private:
  // 0: as the processor is.
  static void Choose(int64_t target) {
    hwy::SetSupportedTargetsForTest(target);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
    if (target != 0) {
      ASSERT_EQ(hwy::SupportedTargets() & HWY_TARGETS, target);
    }
  }
};

inline std::string NameOfTarget(const testing::TestParamInfo<int64_t>& target) {
  return hwy::TargetName(target.param);
}

#define SEEDFED_INSTANTIATE_EACH_TARGET(suite)                                                     \
  INSTANTIATE_TEST_SUITE_P(Targets, suite, testing::ValuesIn(hwy::SupportedAndGeneratedTargets()), \
                           NameOfTarget)

}  // namespace seedfed

#endif  // SEEDFED_TESTS_COMMON_KERNELS_EACH_TARGET_H_
