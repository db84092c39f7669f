#ifndef SEEDFED_SERVER_AGGREGATION_COLLECTED_UPDATES_H_
#define SEEDFED_SERVER_AGGREGATION_COLLECTED_UPDATES_H_

#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "absl/functional/function_ref.h"
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
    uint64_t length;  // Length(coordinates)
  };

  // By client, so that the order of arrival does not matter.
  const std::map<uint32_t, Update>& updates() const { return updates_; }
  size_t coordinates() const { return updates_.begin()->second.coordinates.size(); }

  // The most that a strategy whose result depends on weights lets an update weigh: the median
  // weight (of an even number of updates the lower of the two in the middle). While fewer than half
  // of the updates are an attacker's, no claim of many examples gives it more than an honest one
  // has.
  uint32_t MedianWeight() const;

  // The mean of the updates of `clients`, weighted with their weights, each at most MedianWeight(),
  // and rounded half to even. An update that is longer than the bound, which is `bound` in units of
  // 2^-32 of the median length of all updates (of an even number the lower one), is shortened to
  // it: its coordinates times floor(2^31 * bound / length) / 2^31, rounded half to even.
  std::vector<int32_t> BoundedMean(std::span<const uint32_t> clients, uint64_t bound) const;

  // `middle` of the values of each coordinate, all updates' together; it may reorder them.
  std::vector<int32_t> EachCoordinate(
      absl::FunctionRef<int32_t(std::span<int32_t> values)> middle) const;

 private:
  std::map<uint32_t, Update> updates_;
  uint64_t total_weight_ = 0;
};

// Squared distance of two updates, below 2^62: the sum of the squares of floor(|a[i] - b[i]| /
// 2^s), where s is half the number of bits of a.size(), rounded up. The same both ways.
uint64_t SquaredDistance(std::span<const int32_t> a, std::span<const int32_t> b);

}  // namespace seedfed

#endif  // SEEDFED_SERVER_AGGREGATION_COLLECTED_UPDATES_H_
