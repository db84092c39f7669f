#include "server/aggregation/collected_updates.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "absl/numeric/int128.h"
#include "common/base/check.h"
#include "common/base/rounding.h"
#include "server/aggregation/inner_product.h"
#include "server/aggregation/weighted_mean.h"

namespace seedfed {
namespace {

// |a - b|, which fits: a coordinate has a size of at most 2^30.
inline uint32_t Difference(int32_t a, int32_t b) {
  return static_cast<uint32_t>(std::max(a, b)) - static_cast<uint32_t>(std::min(a, b));
}

inline uint64_t Square(uint32_t value) { return uint64_t{value} * value; }

constexpr int kFactorBits = 31;

// Of an even number of values the lower of the two in the middle.
template <typename T>
T LowerMedian(std::vector<T> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>((values.size() - 1) / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace

bool CollectedUpdates::Add(uint32_t client, std::span<const int32_t> coordinates, uint32_t weight) {
  if (total_weight_ + weight > kMaxTotalWeight) return false;
  const bool is_new =
      updates_
          .emplace(client,
                   Update{{coordinates.begin(), coordinates.end()}, weight, Length(coordinates)})
          .second;
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
  return LowerMedian(std::move(weights));
}

std::vector<int32_t> CollectedUpdates::BoundedMean(std::span<const uint32_t> clients,
                                                   uint64_t bound) const {
  std::vector<uint64_t> lengths;
  for (const auto& [client, update] : updates_) lengths.push_back(update.length);
  const absl::uint128 longest =
      (absl::uint128(LowerMedian(std::move(lengths))) * absl::uint128(bound)) >> 32;

  const uint32_t most = MedianWeight();
  WeightedMean mean(coordinates());
  std::vector<int32_t> shortened(coordinates());
  for (const uint32_t client : clients) {
    const Update& update = updates_.at(client);
    const uint32_t weight = std::min(update.weight, most);
    if (absl::uint128(update.length) <= longest) {
      SEEDFED_CHECK(mean.Add(client, update.coordinates, weight));
      continue;
    }
    // Below 2^31, so that its product with a coordinate stays within 2^61.
    const auto factor = static_cast<int64_t>((longest << kFactorBits) / update.length);
    for (size_t i = 0; i < shortened.size(); ++i) {
      shortened[i] = static_cast<int32_t>(
          RoundHalfEvenShift(int64_t{update.coordinates[i]} * factor, kFactorBits));
    }
    SEEDFED_CHECK(mean.Add(client, shortened, weight));
  }
  return mean.Result();
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
  for (size_t i = 0; i < a.size(); ++i) sum += Square(Difference(a[i], b[i]) >> shift);
  return sum;
}

}  // namespace seedfed
