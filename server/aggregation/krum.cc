#include "server/aggregation/krum.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "absl/numeric/int128.h"
#include "common/base/check.h"
#include "server/aggregation/weighted_mean.h"

namespace seedfed {

bool Krum::Add(uint32_t client, std::span<const int32_t> coordinates, uint32_t weight) {
  if (!CollectedUpdates::Add(client, coordinates, weight)) return false;
  std::vector<uint64_t>& own = distances_[client];
  for (const auto& [other, update] : updates()) {
    if (other == client) continue;
    const uint64_t distance = SquaredDistance(coordinates, update.coordinates);
    own.push_back(distance);
    distances_[other].push_back(distance);
  }
  return true;
}

void Krum::Clear() {
  CollectedUpdates::Clear();
  distances_.clear();
}

std::vector<uint32_t> Krum::ByScore() const {
  const size_t others = distances_.size() - 1;
  const size_t near = std::min(
      std::max<size_t>(others > size_t{attackers_} + 1 ? others - attackers_ - 1 : 0, 1), others);
  const auto end = static_cast<std::ptrdiff_t>(near);
  std::vector<std::pair<absl::uint128, uint32_t>> scores;
  for (auto [client, distances] : distances_) {
    std::nth_element(distances.begin(), distances.begin() + end, distances.end());
    scores.emplace_back(
        std::accumulate(distances.begin(), distances.begin() + end, absl::uint128(0)), client);
  }
  std::sort(scores.begin(), scores.end());
  std::vector<uint32_t> clients;
  for (const auto& [score, client] : scores) clients.push_back(client);
  return clients;
}

std::vector<int32_t> Krum::Result() const {
  std::vector<uint32_t> clients = ByScore();
  const size_t best = clients.size() > attackers_ ? clients.size() - attackers_ : size_t{1};
  clients.resize(selection_ == Selection::kOne ? 1 : best);
  const uint32_t most = MedianWeight();
  WeightedMean mean(coordinates());
  for (const uint32_t client : clients) {
    const Update& update = updates().at(client);
    SEEDFED_CHECK(mean.Add(client, update.coordinates, std::min(update.weight, most)));
  }
  return mean.Result();
}

}  // namespace seedfed
