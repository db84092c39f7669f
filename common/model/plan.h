#ifndef SEEDFED_COMMON_MODEL_PLAN_H_
#define SEEDFED_COMMON_MODEL_PLAN_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "common/base/philox.h"

namespace seedfed {

// How a client trains in a round; the same for all clients.
struct TrainingPlan {
  // Adam's step at round 1, one per layer. With seeds: in units where the disk radius is the
  // model's gain, so that a step changes a weight by about learning_rate / sqrt(cols). With the
  // dense codec: in units of weights.
  std::vector<double> learning_rate;
  double learning_rate_decay = 0.97;  // factor per round, in (0, 1]
  uint32_t batch = 64;                // examples per step
  uint32_t samples = 2000;            // examples per client and round; 0: all the client has
  // Inputs x (images: byte / 255) enter the network as (x - mean) / stddev.
  double input_mean = 0.2860;
  double input_stddev = 0.3530;
  double participation = 1;  // probability that a trainer takes part in a round, in (0, 1]

  friend bool operator==(const TrainingPlan&, const TrainingPlan&) = default;
};

// One part of a simulation's data set.
struct Shard {
  uint32_t index = 0;  // 0 to count - 1
  uint32_t count = 1;
  double alpha = 0;  // Dirichlet concentration of the label split; 0: all parts alike

  friend bool operator==(const Shard&, const Shard&) = default;
};

// Whether a trainer takes part in a round: the same answer on every machine. True when lane 0 of
// Philox(counter = (client_number, round, 0, 0), cohort_key) is less than floor(participation *
// 2^32).
bool TakesPart(PhiloxKey cohort_key, double participation, uint32_t round, uint32_t client_number);

// InvalidArgument with the first value out of range. `layers` is the model's number of layers.
absl::Status ValidatePlan(const TrainingPlan& plan, size_t layers);
absl::Status ValidateShard(const Shard& shard);

}  // namespace seedfed

#endif  // SEEDFED_COMMON_MODEL_PLAN_H_
