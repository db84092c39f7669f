#include "client/core/local_round.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <memory>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "client/core/seed_optimiser.h"
#include "common/base/philox.h"
#include "common/base/status.h"

namespace seedfed {
namespace {

absl::StatusOr<std::vector<uint32_t>> DrawExamples(size_t available, const TrainingPlan& plan,
                                                   const FederationKey& key, uint32_t client_number,
                                                   uint32_t round) {
  if (available == 0 || available > std::numeric_limits<uint32_t>::max()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "the client holds ", available, " examples; expected 1 to 2^32 - 1 to train on"));
  }
  PhiloxStream stream(key.SubKey(Purpose::kSampling), client_number, round, 0);
  std::vector<uint32_t> drawn = Permutation(static_cast<uint32_t>(available), stream);
  if (plan.samples != 0 && plan.samples < drawn.size()) drawn.resize(plan.samples);
  if (drawn.size() > plan.batch) drawn.resize(drawn.size() - drawn.size() % plan.batch);
  return drawn;
}

}  // namespace

absl::StatusOr<LocalUpdate> TrainRound(const Model& model, const TrainingPlan& plan,
                                       const FederationKey& key, uint32_t client_number,
                                       Trainer& trainer,
                                       const std::function<bool(double done)>& cancelled) {
  const ModelSpec& spec = model.spec();
  const uint32_t round = model.round() + 1;
  SEEDFED_RETURN_IF_ERROR(ValidatePlan(plan, spec.layers.size()));
  SEEDFED_ASSIGN_OR_RETURN(const std::vector<uint32_t> drawn,
                           DrawExamples(trainer.examples(), plan, key, client_number, round));

  std::vector<double> learning_rates = plan.learning_rate;
  for (double& rate : learning_rates) rate *= std::pow(plan.learning_rate_decay, round - 1);
  const std::unique_ptr<LocalOptimiser> optimiser = MakeOptimiser(model, learning_rates);
  std::vector<Matrix> gradients(optimiser->weights().begin(), optimiser->weights().end());

  double loss_sum = 0;
  size_t steps = 0;
  for (std::span<const uint32_t> rest = drawn; !rest.empty(); ++steps) {
    const size_t done = drawn.size() - rest.size();
    if (cancelled && cancelled(static_cast<double>(done) / static_cast<double>(drawn.size()))) {
      return absl::CancelledError(
          absl::StrCat("training for round ", round, " was cancelled after ", steps, " steps"));
    }
    const std::span<const uint32_t> batch = rest.first(std::min<size_t>(plan.batch, rest.size()));
    rest = rest.subspan(batch.size());
    const absl::StatusOr<double> loss = trainer.Gradients(optimiser->weights(), batch, gradients);
    if (!loss.ok()) {
      return absl::Status(loss.status().code(), absl::StrCat("step ", steps + 1, " of round ",
                                                             round, ": ", loss.status().message()));
    }
    if (!std::isfinite(*loss)) {
      return absl::InternalError(absl::StrCat("step ", steps + 1, " of round ", round,
                                              ": the loss is ", *loss,
                                              "; expected a finite number"));
    }
    loss_sum += *loss;
    optimiser->Step(gradients);
  }

  SEEDFED_ASSIGN_OR_RETURN(const std::vector<int32_t> coordinates, optimiser->Coordinates());
  return LocalUpdate{
      .words =
          model.codec().Encode(coordinates, round, {key.SubKey(Purpose::kDitherUp), client_number}),
      .examples = static_cast<uint32_t>(drawn.size()),
      .loss = static_cast<float>(loss_sum / static_cast<double>(steps)),
  };
}

}  // namespace seedfed
