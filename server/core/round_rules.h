#ifndef SEEDFED_SERVER_CORE_ROUND_RULES_H_
#define SEEDFED_SERVER_CORE_ROUND_RULES_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "server/aggregation/strategy.h"

namespace seedfed {

// When a round closes, who takes part, and how much an update counts.
struct RoundRules {
  uint32_t rounds = 0;  // planned; 0: without end
  uint32_t goal = 1;    // updates that close a round at once
  uint32_t quorum = 1;  // updates that close a round at its deadline; 1 to goal
  // Fewer live trainers than this pause the federation: deadlines do not run.
  uint32_t min_clients = 1;
  // Of a round; a client not heard of for that long is not live.
  absl::Duration deadline = absl::Seconds(300);
  absl::Duration poll = absl::Seconds(20);  // longest time an Await is held
  uint32_t example_cap = 1;                 // an update's weight is min(examples, example_cap)
  uint32_t snapshot_every = 100;            // rounds between durable snapshots; 0: none
  double participation = 1;                 // TrainingPlan::participation
  AggregationRules aggregation{};
};

// InvalidArgument with the first rule that is out of range or contradicts another.
absl::Status ValidateRoundRules(const RoundRules& rules);

}  // namespace seedfed

#endif  // SEEDFED_SERVER_CORE_ROUND_RULES_H_
