#include "server/core/round_rules.h"

#include "absl/strings/str_cat.h"

namespace seedfed {

absl::Status ValidateRoundRules(const RoundRules& rules) {
  if (rules.goal < 1)
    return absl::InvalidArgumentError("the goal is 0 updates; expected at least 1");
  if (rules.quorum < 1 || rules.quorum > rules.goal) {
    return absl::InvalidArgumentError(
        absl::StrCat("quorum is ", rules.quorum, "; expected 1 to the goal of ", rules.goal));
  }
  if (rules.min_clients < 1) {
    return absl::InvalidArgumentError("min_clients is 0; expected at least 1");
  }
  if (rules.example_cap < 1 ||
      uint64_t{rules.example_cap} * rules.goal > Aggregator::kMaxTotalWeight) {
    return absl::InvalidArgumentError(
        absl::StrCat("example cap is ", rules.example_cap,
                     "; expected 1 to 2^32 / goal = ", Aggregator::kMaxTotalWeight / rules.goal));
  }
  if (!(rules.participation > 0 && rules.participation <= 1)) {
    return absl::InvalidArgumentError(absl::StrCat("participation is ", rules.participation,
                                                   "; expected a number above 0, at most 1"));
  }
  if (rules.deadline <= absl::ZeroDuration() || rules.poll <= absl::ZeroDuration()) {
    return absl::InvalidArgumentError("deadline and poll must be longer than 0 s");
  }
  return ValidateAggregationRules(rules.aggregation, rules.quorum);
}

}  // namespace seedfed
