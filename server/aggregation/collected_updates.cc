#include "server/aggregation/collected_updates.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "common/base/check.h"

namespace seedfed {
namespace {

// |a - b|, which fits: a coordinate has a size of at most 2^30.
inline uint32_t Difference(int32_t a, int32_t b) {
  return static_cast<uint32_t>(std::max(a, b)) - static_cast<uint32_t>(std::min(a, b));
}

inline uint64_t Square(uint32_t value) { return uint64_t{value} * value; }

}  // namespace

bool CollectedUpdates::Add(uint32_t client, std::span<const int32_t> coordinates, uint32_t weight) {
  if (total_weight_ + weight > kMaxTotalWeight) return false;
  const bool is_new =
      updates_.emplace(client, Update{{coordinates.begin(), coordinates.end()}, weight}).second;
  SEEDFED_CHECK(is_new);
  total_weight_ += weight;
  return true;
}

void CollectedUpdates::Clear() {
  updates_.clear();
  total_weight_ = 0;
}

uint32_t CollectedUpdates::MedianWeight() const {
  std::vector<uint32_t> weights;
  for (const auto& [client, update] : updates_) weights.push_back(update.weight);
  const auto middle = weights.begin() + static_cast<std::ptrdiff_t>((weights.size() - 1) / 2);
  std::nth_element(weights.begin(), middle, weights.end());
  return *middle;
}

std::vector<int32_t> CollectedUpdates::EachCoordinate(
    absl::FunctionRef<int32_t(std::span<int32_t> values)> middle) const {
  // A cache line of each update at a time.
  constexpr size_t kBlock = 16;
  const size_t count = updates_.size();
  std::vector<int32_t> values(kBlock * count);
  std::vector<int32_t> result(coordinates());
  for (size_t first = 0; first < result.size(); first += kBlock) {
    const size_t width = std::min(kBlock, result.size() - first);
    size_t row = 0;
    for (const auto& [client, update] : updates_) {
      for (size_t i = 0; i < width; ++i) values[i * count + row] = update.coordinates[first + i];
      ++row;
    }
    for (size_t i = 0; i < width; ++i) {
      result[first + i] = middle({values.data() + i * count, count});
    }
  }
  return result;
}

uint64_t SquaredDistance(std::span<const int32_t> a, std::span<const int32_t> b) {
  // A difference is at most 2^31, its shifted square at most 2^(62 - bits), and fewer than 2^bits
  // of them are added.
  const int bits = std::bit_width(a.size());
  const int shift = (bits + 1) / 2;
  uint64_t sum = 0;
  if (b.empty()) {
    for (const int32_t value : a) sum += Square(Difference(value, 0) >> shift);
    return sum;
  }
  for (size_t i = 0; i < a.size(); ++i) sum += Square(Difference(a[i], b[i]) >> shift);
  return sum;
}

}  // namespace seedfed
