#include "common/base/status.h"

#include <memory>
#include <utility>

#include "gtest/gtest.h"

namespace seedfed {
namespace {

absl::Status Check(bool good) {
  return good ? absl::OkStatus() : absl::InvalidArgumentError("it is bad");
}

absl::StatusOr<std::unique_ptr<int>> Make(bool good) {
  SEEDFED_RETURN_IF_ERROR(Check(good));
  return std::make_unique<int>(7);
}

absl::StatusOr<int> Sum(bool first_good, bool second_good) {
  SEEDFED_ASSIGN_OR_RETURN(const std::unique_ptr<int> first, Make(first_good));
  std::unique_ptr<int> second;
  SEEDFED_ASSIGN_OR_RETURN(second, Make(second_good));
  return *first + *second;
}

TEST(StatusMacros, Success_GoesOnAndMovesTheValue) {
  const absl::StatusOr<int> sum = Sum(true, true);
  ASSERT_TRUE(sum.ok()) << sum.status();
  EXPECT_EQ(*sum, 14);
}

TEST(StatusMacros, Error_IsReturnedUnchanged) {
  for (const auto& sum : {Sum(false, true), Sum(true, false)}) {
    EXPECT_EQ(sum.status(), absl::InvalidArgumentError("it is bad"));
  }
}

}  // namespace
}  // namespace seedfed
