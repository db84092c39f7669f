#include "client/data/shard.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "common/base/status.h"

namespace seedfed {
namespace {

// First counter word of each stream, so that no two uses share numbers.
constexpr uint32_t kIidOrder = 1;
constexpr uint32_t kClassOrder = 2;   // second word: the class
constexpr uint32_t kProportions = 3;  // second word: the attempt

constexpr uint32_t kMaxAttempts = 1000;
constexpr double kMaxAlpha = 1e6;

absl::Status CheckShard(size_t examples, uint32_t shards, uint32_t shard) {
  if (examples > std::numeric_limits<uint32_t>::max()) {
    return absl::InvalidArgumentError(absl::StrCat("cannot cut ", examples,
                                                   " examples into shards, at most ",
                                                   std::numeric_limits<uint32_t>::max()));
  }
  if (shard >= shards) {
    return absl::InvalidArgumentError(
        absl::StrCat("shard ", shard, " does not exist: there are ", shards, " shards",
                     shards > 0 ? absl::StrCat(" (0 to ", shards - 1, ")") : ""));
  }
  if (examples < shards) {
    return absl::InvalidArgumentError(absl::StrCat("cannot cut ", examples, " examples into ",
                                                   shards, " shards of at least one"));
  }
  return absl::OkStatus();
}

// Standard normal by the polar method (Marsaglia and Bray, 1964); the second value is not used.
double Normal(PhiloxStream& stream) {
  while (true) {
    const double x = 2.0 * stream.Uniform() - 1.0;
    const double y = 2.0 * stream.Uniform() - 1.0;
    const double s = x * x + y * y;
    if (s > 0.0 && s < 1.0) return x * std::sqrt(-2.0 * std::log(s) / s);
  }
}

// Logarithm of a Gamma(alpha, 1) draw. Source: Marsaglia and Tsang, "A simple method for generating
// gamma variables", ACM TOMS 26, 2000; for alpha < 1 by their Gamma(alpha + 1) * U^(1/alpha), which
// would underflow for small alpha if it were not kept as a logarithm.
double LogGamma(double alpha, PhiloxStream& stream) {
  if (alpha < 1.0) {
    const double log_larger = LogGamma(alpha + 1.0, stream);
    return log_larger + std::log(1.0 - stream.Uniform()) / alpha;
  }
  const double d = alpha - 1.0 / 3.0;
  const double c = 1.0 / std::sqrt(9.0 * d);
  while (true) {
    const double x = Normal(stream);
    const double t = 1.0 + c * x;
    if (t <= 0.0) continue;
    const double v = t * t * t;
    const double log_v = 3.0 * std::log(t);
    if (std::log(1.0 - stream.Uniform()) < 0.5 * x * x + d - d * v + d * log_v) {
      return std::log(d) + log_v;
    }
  }
}

// Dirichlet(alpha, ..., alpha): gamma draws divided by their sum.
std::vector<double> Dirichlet(size_t size, double alpha, PhiloxStream& stream) {
  std::vector<double> draws(size);
  for (double& draw : draws) draw = LogGamma(alpha, stream);
  const double largest = *std::max_element(draws.begin(), draws.end());
  for (double& draw : draws) draw = std::exp(draw - largest);
  const double sum = std::accumulate(draws.begin(), draws.end(), 0.0);
  for (double& draw : draws) draw /= sum;
  return draws;
}

// The ends of the parts of `count` examples, the last at `count`.
std::vector<size_t> Cuts(size_t count, std::span<const double> proportions) {
  std::vector<size_t> ends(proportions.size(), count);
  double cumulative = 0.0;
  for (size_t part = 0; part + 1 < ends.size(); ++part) {
    cumulative += proportions[part];
    const double end = std::floor(cumulative * static_cast<double>(count));
    ends[part] = std::min(count, static_cast<size_t>(end));
  }
  return ends;
}

// The examples of each label in ascending order; labels in ascending order.
std::vector<std::vector<uint32_t>> GroupByLabel(std::span<const uint32_t> labels) {
  std::vector<uint32_t> order(labels.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(),
                   [labels](uint32_t a, uint32_t b) { return labels[a] < labels[b]; });
  std::vector<std::vector<uint32_t>> groups;
  for (size_t i = 0; i < order.size(); ++i) {
    if (i == 0 || labels[order[i]] != labels[order[i - 1]]) groups.emplace_back();
    groups.back().push_back(order[i]);
  }
  return groups;
}

struct Part {
  size_t begin = 0;
  size_t end = 0;
};

// The part of each class that goes to `shard`; nothing when no attempt gave every shard `least`.
std::optional<std::vector<Part>> DrawParts(const std::vector<std::vector<uint32_t>>& classes,
                                           uint32_t shards, uint32_t shard, double alpha,
                                           size_t least, PhiloxKey key) {
  for (uint32_t attempt = 0; attempt < kMaxAttempts; ++attempt) {
    PhiloxStream stream(key, kProportions, attempt, 0);
    std::vector<Part> parts;
    std::vector<size_t> sizes(shards, 0);
    for (const std::vector<uint32_t>& members : classes) {
      const std::vector<size_t> ends = Cuts(members.size(), Dirichlet(shards, alpha, stream));
      for (size_t i = 0; i < shards; ++i) sizes[i] += ends[i] - (i > 0 ? ends[i - 1] : 0);
      parts.push_back({.begin = shard > 0 ? ends[shard - 1] : 0, .end = ends[shard]});
    }
    if (*std::min_element(sizes.begin(), sizes.end()) >= least) return parts;
  }
  return std::nullopt;
}

}  // namespace

absl::StatusOr<std::vector<uint32_t>> IidShard(size_t examples, uint32_t shards, uint32_t shard,
                                               PhiloxKey key) {
  SEEDFED_RETURN_IF_ERROR(CheckShard(examples, shards, shard));
  PhiloxStream stream(key, kIidOrder, 0, 0);
  const std::vector<uint32_t> order = Permutation(static_cast<uint32_t>(examples), stream);
  const size_t share = examples / shards;
  const size_t larger = examples % shards;  // so many shards have one more
  const size_t begin = shard * share + std::min<size_t>(shard, larger);
  const size_t end = begin + share + (shard < larger ? 1 : 0);
  std::vector<uint32_t> indices(order.begin() + static_cast<ptrdiff_t>(begin),
                                order.begin() + static_cast<ptrdiff_t>(end));
  std::sort(indices.begin(), indices.end());
  return indices;
}

absl::StatusOr<std::vector<uint32_t>> DirichletShard(std::span<const uint32_t> labels,
                                                     uint32_t shards, uint32_t shard, double alpha,
                                                     PhiloxKey key) {
  SEEDFED_RETURN_IF_ERROR(CheckShard(labels.size(), shards, shard));
  if (!(alpha > 0.0 && alpha <= kMaxAlpha)) {
    return absl::InvalidArgumentError(
        absl::StrCat("Dirichlet alpha ", alpha,
                     " is out of range, expected more than 0 and at most ", kMaxAlpha));
  }
  const std::vector<std::vector<uint32_t>> classes = GroupByLabel(labels);
  const size_t least = std::clamp<size_t>(labels.size() / shards / 2, 1, kMinShardExamples);
  const std::optional<std::vector<Part>> parts =
      DrawParts(classes, shards, shard, alpha, least, key);
  if (!parts.has_value()) {
    return absl::InvalidArgumentError(
        absl::StrCat("no Dirichlet(", alpha, ") split of ", labels.size(), " examples into ",
                     shards, " shards has at least ", least, " in each (", kMaxAttempts,
                     " tried): use a larger alpha or fewer shards"));
  }
  std::vector<uint32_t> indices;
  for (size_t group = 0; group < classes.size(); ++group) {
    const std::vector<uint32_t>& members = classes[group];
    PhiloxStream stream(key, kClassOrder, labels[members.front()], 0);
    const std::vector<uint32_t> order = Permutation(static_cast<uint32_t>(members.size()), stream);
    const Part part = (*parts)[group];
    for (size_t i = part.begin; i < part.end; ++i) {
      indices.push_back(members[order[i]]);
    }
  }
  std::sort(indices.begin(), indices.end());
  return indices;
}

}  // namespace seedfed
