#ifndef SEEDFED_CLIENT_CORE_LOCAL_ROUND_H_
#define SEEDFED_CLIENT_CORE_LOCAL_ROUND_H_

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "client/core/trainer.h"
#include "common/base/key.h"
#include "common/model/model.h"
#include "common/model/plan.h"

namespace seedfed {

// A client's share of one round.
struct LocalUpdate {
  std::string words;      // all words of all layers
  uint32_t examples = 0;  // trained on, each once
  float loss = 0;         // mean over the steps, nats; finite
};

// Trains for round model.round() + 1, starting at `model`, and encodes what came out.
//
// The round's examples are the first min(plan.samples, n) of a permutation of the trainer's n
// examples (all of them if plan.samples is 0), drawn from Philox(counter = (block, client_number,
// round, 0), key = kSampling). They are cut in full batches, one step each; fewer than a batch make
// one step, and what remains after the last full batch is not used. Adam starts afresh, with the
// learning rates times learning_rate_decay^(round - 1). Dither stream: client_number under
// kDitherUp.
//
// Deterministic: equal arguments give equal bytes on the same machine (floating-point kernels may
// differ between machines). `cancelled` is asked before every step, with the part of the steps that
// is done (0 to below 1); when it says true the result is Cancelled. InvalidArgument when the plan
// does not fit the model or the trainer has no examples; Internal, naming the step, when the loss
// is not finite; and the trainer's errors.
absl::StatusOr<LocalUpdate> TrainRound(const Model& model, const TrainingPlan& plan,
                                       const FederationKey& key, uint32_t client_number,
                                       Trainer& trainer,
                                       const std::function<bool(double done)>& cancelled);

}  // namespace seedfed

#endif  // SEEDFED_CLIENT_CORE_LOCAL_ROUND_H_
