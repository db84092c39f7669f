#include "common/base/checksum.h"

#include <xxhash.h>

#include <algorithm>
#include <iterator>

#include "common/base/check.h"

namespace seedfed {
namespace {

Digest128 Canonical(XXH128_hash_t hash) {
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, hash);
  static_assert(sizeof(canonical.digest) == sizeof(Digest128));
  Digest128 digest;
  std::copy(std::begin(canonical.digest), std::end(canonical.digest), digest.begin());
  return digest;
}

}  // namespace

Digest128 Checksum128(absl::string_view bytes) {
  return Canonical(XXH3_128bits(bytes.data(), bytes.size()));
}

struct Checksum128Maker::State {
  // Made by the library: its size and alignment are the library's own.
  const std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> xxh3{XXH3_createState(),
                                                                      &XXH3_freeState};
};

Checksum128Maker::Checksum128Maker() : state_(std::make_unique<State>()) {
  SEEDFED_CHECK(state_->xxh3 != nullptr);  // no memory
  XXH3_128bits_reset(state_->xxh3.get());
}

Checksum128Maker::~Checksum128Maker() = default;

void Checksum128Maker::Update(absl::string_view bytes) {
  XXH3_128bits_update(state_->xxh3.get(), bytes.data(), bytes.size());
}

Digest128 Checksum128Maker::Finish() { return Canonical(XXH3_128bits_digest(state_->xxh3.get())); }

}  // namespace seedfed
