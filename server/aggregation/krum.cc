#include "server/aggregation/krum.h"

#include <algorithm>
#include <utility>

#include "absl/numeric/int128.h"
#include "common/base/check.h"
#include "server/aggregation/weighted_mean.h"

namespace seedfed {

std::vector<uint32_t> Krum::ByScore() const {
  std::vector<std::pair<uint32_t, const Update*>> all;
  for (const auto& [client, update] : updates()) all.emplace_back(client, &update);
  const size_t count = all.size();
  std::vector<std::vector<uint64_t>> distances(count);
  for (size_t i = 0; i < count; ++i) {
    for (size_t j = i + 1; j < count; ++j) {
      const uint64_t distance =
          SquaredDistance(all[i].second->coordinates, all[j].second->coordinates);
      distances[i].push_back(distance);
      distances[j].push_back(distance);
    }
  }
  const size_t others = count - 1;
  const size_t near = std::min(
      std::max<size_t>(count > size_t{attackers_} + 2 ? count - attackers_ - 2 : 0, 1), others);
  std::vector<std::pair<absl::uint128, uint32_t>> scores;
  for (size_t i = 0; i < count; ++i) {
    std::sort(distances[i].begin(), distances[i].end());
    absl::uint128 score = 0;
    for (size_t k = 0; k < near; ++k) score += distances[i][k];
    scores.emplace_back(score, all[i].first);
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
  WeightedMean mean(coordinates());
  for (const uint32_t client : clients) {
    const Update& update = updates().at(client);
    SEEDFED_CHECK(mean.Add(client, update.coordinates, update.weight));
  }
  return mean.Result();
}

}  // namespace seedfed
