#ifndef SEEDFED_CLIENT_DATA_SHARD_H_
#define SEEDFED_CLIENT_DATA_SHARD_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/philox.h"

namespace seedfed {

// Cuts one data set into the shards of simulated clients. Each client calls these on its own with
// the same data, number of shards and key; the shards are then disjoint and together cover
// everything. Both return the indices of the examples of shard number `shard`, ascending, and fail
// with InvalidArgument unless shard < shards <= the number of examples < 2^32. Pure and thread
// safe.

// Examples in random order, cut into parts whose sizes differ by at most one, the larger first
// (numpy's array_split of a permutation).
absl::StatusOr<std::vector<uint32_t>> IidShard(size_t examples, uint32_t shards, uint32_t shard,
                                               PhiloxKey key);

// What DirichletShard asks of each shard: this many examples, or half of an even share if that is
// less, but at least one.
inline constexpr size_t kMinShardExamples = 10;

// The examples of each label in random order, cut at floor(n * cumulative proportion), the
// proportions drawn per label from Dirichlet(alpha, ..., alpha): the smaller alpha, the more the
// shards differ in their labels. labels[i] is example i's. The proportions are drawn anew, up to
// 1,000 times, until each shard has enough examples; after that it fails with InvalidArgument, as
// it does unless 0 < alpha <= 10^6.
// Uses log, exp and sqrt of the C library: the cut is the same wherever these round alike.
absl::StatusOr<std::vector<uint32_t>> DirichletShard(std::span<const uint32_t> labels,
                                                     uint32_t shards, uint32_t shard, double alpha,
                                                     PhiloxKey key);

}  // namespace seedfed

#endif  // SEEDFED_CLIENT_DATA_SHARD_H_
