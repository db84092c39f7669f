#ifndef SEEDFED_SERVER_AGGREGATION_KRUM_H_
#define SEEDFED_SERVER_AGGREGATION_KRUM_H_

#include <cstdint>
#include <vector>

#include "server/aggregation/collected_updates.h"

namespace seedfed {

// Of n updates, f of which may be an attacker's: an update's score is the sum of its squared
// distances to the n - f - 2 updates nearest to it (at least one). Blanchard et al., "Machine
// Learning with Adversaries: Byzantine Tolerant Gradient Descent" (2017), section 4. Of equal
// scores the lower client number is first. Time grows with n^2.
class Krum final : public CollectedUpdates {
 public:
  enum class Selection {
    kOne,              // the update of the best score
    kAllButAttackers,  // weighted mean of the n - f best, rounded half to even (multi-Krum)
  };

  Krum(uint32_t attackers, Selection selection) : attackers_(attackers), selection_(selection) {}

  std::vector<int32_t> Result() const override;

 private:
  // Clients, the best score first.
  std::vector<uint32_t> ByScore() const;

  const uint32_t attackers_;
  const Selection selection_;
};

}  // namespace seedfed

#endif  // SEEDFED_SERVER_AGGREGATION_KRUM_H_
