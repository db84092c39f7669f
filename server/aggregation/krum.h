#ifndef SEEDFED_SERVER_AGGREGATION_KRUM_H_
#define SEEDFED_SERVER_AGGREGATION_KRUM_H_

#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "server/aggregation/collected_updates.h"

namespace seedfed {

// Of n updates, f of which may be an attacker's: an update's score is the sum of its squared
// distances to the n - f - 2 updates nearest to it (at least one). Blanchard et al., "Machine
// Learning with Adversaries: Byzantine Tolerant Gradient Descent" (2017), section 4. Of equal
// scores the lower client number is first.
//
// Time and memory grow with n^2; an update's distances are measured when it is added, so that no
// single call takes long.
class Krum final : public CollectedUpdates {
 public:
  enum class Selection {
    kOne,              // the update of the best score
    kAllButAttackers,  // multi-Krum: the mean of the n - f best, rounded half to even, weighted
                       // with their weights, each at most the round's median weight
  };

  Krum(uint32_t attackers, Selection selection) : attackers_(attackers), selection_(selection) {}

  [[nodiscard]] bool Add(uint32_t client, std::span<const int32_t> coordinates,
                         uint32_t weight) override;
  std::vector<int32_t> Result() const override;
  void Clear() override;

 private:
  // Clients, the best score first.
  std::vector<uint32_t> ByScore() const;

  const uint32_t attackers_;
  const Selection selection_;
  std::map<uint32_t, std::vector<uint64_t>> distances_;  // squared, of a client to all others
};

}  // namespace seedfed

#endif  // SEEDFED_SERVER_AGGREGATION_KRUM_H_
