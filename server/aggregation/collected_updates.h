#ifndef SEEDFED_SERVER_AGGREGATION_COLLECTED_UPDATES_H_
#define SEEDFED_SERVER_AGGREGATION_COLLECTED_UPDATES_H_

#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "server/aggregation/strategy.h"

namespace seedfed {

// What the strategies share that look at all updates of a round together. Keeps them decoded: four
// bytes a coordinate and update.
class CollectedUpdates : public Aggregator {
 public:
  [[nodiscard]] bool Add(uint32_t client, std::span<const int32_t> coordinates,
                         uint32_t weight) override;
  void Clear() override;

 protected:
  struct Update {
    std::vector<int32_t> coordinates;
    uint32_t weight;
  };

  // By client, so that the order of arrival does not matter.
  const std::map<uint32_t, Update>& updates() const { return updates_; }
  size_t coordinates() const { return updates_.begin()->second.coordinates.size(); }

 private:
  std::map<uint32_t, Update> updates_;
  uint64_t total_weight_ = 0;
};

// Squared distance of two updates (or, with an empty `b`, squared length of one), in units that
// depend on the number of coordinates alone: low bits are dropped so that it fits.
uint64_t SquaredDistance(std::span<const int32_t> a, std::span<const int32_t> b);

}  // namespace seedfed

#endif  // SEEDFED_SERVER_AGGREGATION_COLLECTED_UPDATES_H_
