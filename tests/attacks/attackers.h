#ifndef SEEDFED_TESTS_ATTACKS_ATTACKERS_H_
#define SEEDFED_TESTS_ATTACKS_ATTACKERS_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "client/core/local_round.h"
#include "client/core/trainer.h"
#include "client/data/dataset.h"
#include "common/base/key.h"
#include "common/model/model.h"
#include "common/model/plan.h"
#include "tests/attacks/attack.h"

namespace seedfed {

// The attackers of one federation, who know what any member knows: the key, the model, their own
// data and each other's updates, but not those of others in the open round. What they send is what
// the wire takes. Deterministic. Not thread-safe.
class Attackers {
 public:
  // `trainers`: the attackers' own examples, by client number; at least one.
  Attackers(Attack attack, TrainingPlan plan, const FederationKey& key,
            std::map<uint32_t, std::unique_ptr<Trainer>> trainers);

  // Their updates for round model.round() + 1, by client number. To be asked for every round once,
  // in order.
  absl::StatusOr<std::map<uint32_t, LocalUpdate>> Updates(const Model& model);

  // The averaged words of every complete round, in order.
  void Complete(std::string words) { averages_.push_back(std::move(words)); }

 private:
  absl::StatusOr<LocalUpdate> Train(const Model& model, uint32_t client);
  absl::StatusOr<LocalUpdate> Alone(const Model& model, uint32_t client);
  absl::StatusOr<LocalUpdate> Together(const Model& model);

  const Attack attack_;
  const TrainingPlan plan_;
  const FederationKey key_;
  const std::map<uint32_t, std::unique_ptr<Trainer>> trainers_;
  std::vector<std::string> averages_;         // of rounds 1, 2, ...
  std::map<uint32_t, LocalUpdate> replayed_;  // each client's first update
};

// The examples with label y changed to classes - 1 - y. `data` is normalised already.
absl::StatusOr<Dataset> FlipLabels(const Dataset& data, uint32_t classes);

}  // namespace seedfed

#endif  // SEEDFED_TESTS_ATTACKS_ATTACKERS_H_
