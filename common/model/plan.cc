#include "common/model/plan.h"

#include <cmath>

#include "absl/strings/str_cat.h"

namespace seedfed {
namespace {

constexpr uint32_t kMaxExamples = 1U << 20;
constexpr uint32_t kMaxShards = 1U << 20;

}  // namespace

bool TakesPart(PhiloxKey cohort_key, double participation, uint32_t round, uint32_t client_number) {
  const auto threshold = static_cast<uint64_t>(participation * 0x1p32);
  return Philox4x32({client_number, round, 0, 0}, cohort_key)[0] < threshold;
}

absl::Status ValidatePlan(const TrainingPlan& plan, size_t layers) {
  if (plan.learning_rate.size() != layers) {
    return absl::InvalidArgumentError(absl::StrCat("there are ", plan.learning_rate.size(),
                                                   " learning rates for ", layers, " layers"));
  }
  for (const double rate : plan.learning_rate) {
    if (!(rate > 0 && rate <= 1000)) {
      return absl::InvalidArgumentError(
          absl::StrCat("learning rate is ", rate, "; expected a number above 0, at most 1000"));
    }
  }
  if (!(plan.learning_rate_decay > 0 && plan.learning_rate_decay <= 1)) {
    return absl::InvalidArgumentError(absl::StrCat("learning rate decay is ",
                                                   plan.learning_rate_decay,
                                                   "; expected a number above 0, at most 1"));
  }
  if (plan.batch < 1 || plan.batch > kMaxExamples) {
    return absl::InvalidArgumentError(
        absl::StrCat("batch is ", plan.batch, "; expected 1 to ", kMaxExamples));
  }
  if (!std::isfinite(plan.input_mean)) {
    return absl::InvalidArgumentError(
        absl::StrCat("input mean is ", plan.input_mean, "; expected a finite number"));
  }
  if (!(plan.input_stddev > 0 && std::isfinite(plan.input_stddev))) {
    return absl::InvalidArgumentError(absl::StrCat(
        "input standard deviation is ", plan.input_stddev, "; expected a number above 0"));
  }
  if (!(plan.participation > 0 && plan.participation <= 1)) {
    return absl::InvalidArgumentError(absl::StrCat("participation is ", plan.participation,
                                                   "; expected a number above 0, at most 1"));
  }
  return absl::OkStatus();
}

absl::Status ValidateShard(const Shard& shard) {
  if (shard.count < 1 || shard.count > kMaxShards) {
    return absl::InvalidArgumentError(
        absl::StrCat("shard count is ", shard.count, "; expected 1 to ", kMaxShards));
  }
  if (shard.index >= shard.count) {
    return absl::InvalidArgumentError(absl::StrCat(
        "shard ", shard.index, " does not exist; there are ", shard.count, ", counted from 0"));
  }
  if (!(shard.alpha >= 0 && shard.alpha <= 1e6)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "alpha is ", shard.alpha, "; expected 0 (identical distributions) or a number up to 1e6"));
  }
  return absl::OkStatus();
}

}  // namespace seedfed
