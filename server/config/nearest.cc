#include "server/config/nearest.h"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace seedfed {
namespace {

// Optimal string alignment distance: insertions, deletions, replacements and swaps of neighbours,
// each letter once.
size_t EditDistance(absl::string_view a, absl::string_view b) {
  std::vector<std::vector<size_t>> cost(a.size() + 1, std::vector<size_t>(b.size() + 1));
  for (size_t i = 0; i <= a.size(); ++i) {
    for (size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        cost[i][j] = i + j;
        continue;
      }
      const size_t replace = cost[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      cost[i][j] = std::min({replace, cost[i - 1][j] + 1, cost[i][j - 1] + 1});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
      }
    }
  }
  return cost[a.size()][b.size()];
}

}  // namespace

std::string NearestWord(absl::string_view typed, std::span<const absl::string_view> words) {
  constexpr size_t kLongestTyped = 64;
  std::string nearest;
  if (typed.size() > kLongestTyped) return nearest;
  size_t least = kLongestTyped;
  for (const absl::string_view word : words) {
    const size_t distance = EditDistance(typed, word);
    if (distance <= std::max(typed.size(), word.size()) / 3 && distance < least) {
      least = distance;
      nearest = std::string(word);
    }
  }
  return nearest;
}

}  // namespace seedfed
