#include "common/base/philox.h"

#include <numeric>
#include <utility>

namespace seedfed {

PhiloxBlock Philox4x32(PhiloxBlock counter, PhiloxKey key) {
  constexpr uint32_t kMultiplier0 = 0xD2511F53, kMultiplier1 = 0xCD9E8D57;
  constexpr uint32_t kWeyl0 = 0x9E3779B9, kWeyl1 = 0xBB67AE85;
  for (int round = 0; round < 10; ++round) {
    const uint64_t p0 = uint64_t{kMultiplier0} * counter[0];
    const uint64_t p1 = uint64_t{kMultiplier1} * counter[2];
    counter = {static_cast<uint32_t>(p1 >> 32) ^ counter[1] ^ key[0], static_cast<uint32_t>(p1),
               static_cast<uint32_t>(p0 >> 32) ^ counter[3] ^ key[1], static_cast<uint32_t>(p0)};
    key[0] += kWeyl0;
    key[1] += kWeyl1;
  }
  return counter;
}

PhiloxStream::PhiloxStream(PhiloxKey key, uint32_t c1, uint32_t c2, uint32_t c3)
    : key_(key), counter_{0, c1, c2, c3} {}

uint32_t PhiloxStream::Next() {
  if (used_ == 4) {
    block_ = Philox4x32(counter_, key_);
    ++counter_[0];
    used_ = 0;
  }
  return block_[used_++];
}

uint32_t PhiloxStream::Below(uint32_t n) {
  uint64_t product = uint64_t{Next()} * n;
  if (static_cast<uint32_t>(product) < n) {
    const uint32_t threshold = (0U - n) % n;
    while (static_cast<uint32_t>(product) < threshold) product = uint64_t{Next()} * n;
  }
  return static_cast<uint32_t>(product >> 32);
}

double PhiloxStream::Uniform() {
  const uint64_t high = Next();
  const uint64_t bits = (high << 32) | Next();
  return static_cast<double>(bits >> 11) * 0x1p-53;
}

std::vector<uint32_t> Permutation(uint32_t n, PhiloxStream& stream) {
  std::vector<uint32_t> order(n);
  std::iota(order.begin(), order.end(), 0U);
  for (uint32_t i = n; i > 1; --i) std::swap(order[i - 1], order[stream.Below(i)]);
  return order;
}

}  // namespace seedfed
