#include "common/model/plan.h"

#include <cmath>
#include <limits>
#include <string>

#include "gtest/gtest.h"

namespace seedfed {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

TrainingPlan GoodPlan() {
  TrainingPlan plan;
  plan.learning_rate = {0.1, 0.2};
  return plan;
}

template <typename Change>
std::string PlanError(Change change) {
  TrainingPlan plan = GoodPlan();
  change(plan);
  const absl::Status status = ValidatePlan(plan, 2);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  return std::string(status.message());
}

TEST(ValidatePlan, DefaultsAndLimits_AreTaken) {
  TrainingPlan plan = GoodPlan();
  EXPECT_EQ(ValidatePlan(plan, 2), absl::OkStatus());
  plan.learning_rate = {1000, 1e-300};
  plan.learning_rate_decay = 1;
  plan.batch = 1 << 20;
  plan.samples = 0;
  plan.input_mean = -1e300;
  plan.input_stddev = 1e-300;
  EXPECT_EQ(ValidatePlan(plan, 2), absl::OkStatus());
}

TEST(ValidatePlan, EveryBrokenRule_IsNamedWithItsValue) {
  using P = TrainingPlan;
  EXPECT_EQ(ValidatePlan(GoodPlan(), 3).message(), "there are 2 learning rates for 3 layers");
  EXPECT_EQ(PlanError([](P& p) { p.learning_rate[1] = 0; }),
            "learning rate is 0; expected a number above 0, at most 1000");
  EXPECT_EQ(PlanError([](P& p) { p.learning_rate[0] = 1001; }),
            "learning rate is 1001; expected a number above 0, at most 1000");
  EXPECT_EQ(PlanError([](P& p) { p.learning_rate[0] = std::nan(""); }),
            "learning rate is nan; expected a number above 0, at most 1000");
  EXPECT_EQ(PlanError([](P& p) { p.learning_rate_decay = 0; }),
            "learning rate decay is 0; expected a number above 0, at most 1");
  EXPECT_EQ(PlanError([](P& p) { p.learning_rate_decay = 1.5; }),
            "learning rate decay is 1.5; expected a number above 0, at most 1");
  EXPECT_EQ(PlanError([](P& p) { p.batch = 0; }), "batch is 0; expected 1 to 1048576");
  EXPECT_EQ(PlanError([](P& p) { p.batch = (1 << 20) + 1; }),
            "batch is 1048577; expected 1 to 1048576");
  EXPECT_EQ(PlanError([](P& p) { p.input_mean = kInfinity; }),
            "input mean is inf; expected a finite number");
  EXPECT_EQ(PlanError([](P& p) { p.input_stddev = 0; }),
            "input standard deviation is 0; expected a number above 0");
  EXPECT_EQ(PlanError([](P& p) { p.input_stddev = kInfinity; }),
            "input standard deviation is inf; expected a number above 0");
}

TEST(ValidatePlan, ParticipationOutOfRange_IsNamed) {
  using P = TrainingPlan;
  EXPECT_EQ(PlanError([](P& p) { p.participation = 0; }),
            "participation is 0; expected a number above 0, at most 1");
  EXPECT_EQ(PlanError([](P& p) { p.participation = 1.5; }),
            "participation is 1.5; expected a number above 0, at most 1");
  EXPECT_EQ(PlanError([](P& p) { p.participation = std::nan(""); }),
            "participation is nan; expected a number above 0, at most 1");
}

TEST(TakesPart, One_Everybody) {
  for (uint32_t client = 0; client < 10000; ++client) {
    EXPECT_TRUE(TakesPart({1, 2}, 1, client % 7, client));
  }
}

TEST(TakesPart, Fraction_AboutThatManyAndOthersEachRound) {
  int both = 0, first = 0;
  for (uint32_t client = 0; client < 100000; ++client) {
    const bool one = TakesPart({1, 2}, 0.2, 1, client), two = TakesPart({1, 2}, 0.2, 2, client);
    first += one;
    both += one && two;
  }
  EXPECT_NEAR(first, 20000, 600);  // five standard deviations
  EXPECT_NEAR(both, 4000, 320);
}

TEST(ValidateShard, Limits_AreTaken) {
  EXPECT_EQ(ValidateShard({0, 1, 0}), absl::OkStatus());
  EXPECT_EQ(ValidateShard({(1 << 20) - 1, 1 << 20, 1e6}), absl::OkStatus());
}

TEST(ValidateShard, EveryBrokenRule_IsNamedWithItsValue) {
  EXPECT_EQ(ValidateShard({0, 0, 0}).message(), "shard count is 0; expected 1 to 1048576");
  EXPECT_EQ(ValidateShard({0, (1 << 20) + 1, 0}).message(),
            "shard count is 1048577; expected 1 to 1048576");
  EXPECT_EQ(ValidateShard({3, 3, 0}).message(),
            "shard 3 does not exist; there are 3, counted from 0");
  EXPECT_EQ(ValidateShard({0, 1, -0.5}).message(),
            "alpha is -0.5; expected 0 (identical distributions) or a number up to 1e6");
  EXPECT_EQ(ValidateShard({0, 1, 2e6}).message(),
            "alpha is 2e+06; expected 0 (identical distributions) or a number up to 1e6");
  EXPECT_EQ(ValidateShard({0, 1, std::nan("")}).code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace seedfed
