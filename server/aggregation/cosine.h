#ifndef SEEDFED_SERVER_AGGREGATION_COSINE_H_
#define SEEDFED_SERVER_AGGREGATION_COSINE_H_

#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "server/aggregation/collected_updates.h"

namespace seedfed {

// The mean of the updates whose directions agree most. Of n updates, f of which may be an
// attacker's: an update's score is its (n - f - 1)-th largest cosine with the others (at least the
// first), and the n - f of the highest scores count; of equal scores the lower client number is
// first. They count like NormBound's: shortened to a multiple of the round's median length,
// weighing at most the median weight.
//
// Directions and not distances, because an update of zeros is nearer to all than they are to each
// other. One cosine of that rank and not a sum, because f attackers who send the same have only f -
// 1 perfect matches, and n - f - 1 >= f. Clipping after a selection by cosine is from Nguyen et
// al., "FLAME: Taming Backdoors in Federated Learning" (2022), who select by clustering.
//
// Time and memory grow with n^2; an update's cosines are measured when it is added, so that no
// single call takes long.
class Cosine final : public CollectedUpdates {
 public:
  // `bound` in units of 2^-32 of the median length.
  Cosine(uint32_t attackers, uint64_t bound) : attackers_(attackers), bound_(bound) {}

  [[nodiscard]] bool Add(uint32_t client, std::span<const int32_t> coordinates,
                         uint32_t weight) override;
  std::vector<int32_t> Result() const override;
  void Clear() override;

 private:
  const uint32_t attackers_;
  const uint64_t bound_;
  std::map<uint32_t, std::vector<int32_t>> cosines_;  // Q1.30, of a client with all others
};

}  // namespace seedfed

#endif  // SEEDFED_SERVER_AGGREGATION_COSINE_H_
