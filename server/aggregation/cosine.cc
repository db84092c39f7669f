#include "server/aggregation/cosine.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "server/aggregation/inner_product.h"

namespace seedfed {

bool Cosine::Add(uint32_t client, std::span<const int32_t> coordinates, uint32_t weight) {
  if (!CollectedUpdates::Add(client, coordinates, weight)) return false;
  const uint64_t length = updates().at(client).length;
  std::vector<int32_t>& own = cosines_[client];
  for (const auto& [other, update] : updates()) {
    if (other == client) continue;
    const int32_t cosine =
        CosineOf(InnerProduct(coordinates, update.coordinates), length, update.length);
    own.push_back(cosine);
    cosines_[other].push_back(cosine);
  }
  return true;
}

void Cosine::Clear() {
  CollectedUpdates::Clear();
  cosines_.clear();
}

std::vector<int32_t> Cosine::Result() const {
  const size_t others = cosines_.size() - 1;
  const size_t rank = std::min(others > attackers_ ? others - attackers_ : size_t{1}, others);
  std::vector<std::pair<int32_t, uint32_t>> scores;  // negated, so that the highest is first
  for (auto [client, cosines] : cosines_) {
    if (rank == 0) {
      scores.emplace_back(0, client);
      continue;
    }
    const auto at = cosines.begin() + static_cast<std::ptrdiff_t>(rank - 1);
    std::nth_element(cosines.begin(), at, cosines.end(), std::greater<>());
    scores.emplace_back(-*at, client);
  }
  std::sort(scores.begin(), scores.end());
  scores.resize(scores.size() > attackers_ ? scores.size() - attackers_ : size_t{1});
  std::vector<uint32_t> clients;
  for (const auto& [score, client] : scores) clients.push_back(client);
  return BoundedMean(clients, bound_);
}

}  // namespace seedfed
