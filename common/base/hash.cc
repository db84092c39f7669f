#include "common/base/hash.h"

#include <sodium.h>

namespace seedfed {
namespace {

template <size_t N>
std::array<uint8_t, N> Hash(absl::string_view message) {
  std::array<uint8_t, N> digest;
  crypto_generichash(digest.data(), N, reinterpret_cast<const unsigned char*>(message.data()),
                     message.size(), nullptr, 0);
  return digest;
}

}  // namespace

Digest128 Blake2b128(absl::string_view message) { return Hash<16>(message); }
Digest256 Blake2b256(absl::string_view message) { return Hash<32>(message); }

struct Blake2b128Hasher::State {
  crypto_generichash_state hash;
};

Blake2b128Hasher::Blake2b128Hasher() : state_(std::make_unique<State>()) {
  crypto_generichash_init(&state_->hash, nullptr, 0, 16);
}

Blake2b128Hasher::~Blake2b128Hasher() = default;

void Blake2b128Hasher::Update(absl::string_view bytes) {
  crypto_generichash_update(&state_->hash, reinterpret_cast<const unsigned char*>(bytes.data()),
                            bytes.size());
}

Digest128 Blake2b128Hasher::Finish() {
  Digest128 digest;
  crypto_generichash_final(&state_->hash, digest.data(), digest.size());
  return digest;
}

}  // namespace seedfed
