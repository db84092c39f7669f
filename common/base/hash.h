#ifndef SEEDFED_COMMON_BASE_HASH_H_
#define SEEDFED_COMMON_BASE_HASH_H_

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/strings/string_view.h"

namespace seedfed {

// BLAKE2b (RFC 7693), unkeyed, of 16 or 32 bytes output, by libsodium.
using Digest128 = std::array<uint8_t, 16>;
using Digest256 = std::array<uint8_t, 32>;

Digest128 Blake2b128(absl::string_view message);
Digest256 Blake2b256(absl::string_view message);

// Incremental form of Blake2b128: Update any number of times, then Finish once. Not thread-safe.
class Blake2b128Hasher {
 public:
  Blake2b128Hasher();
  ~Blake2b128Hasher();
  Blake2b128Hasher(const Blake2b128Hasher&) = delete;
  Blake2b128Hasher& operator=(const Blake2b128Hasher&) = delete;

  void Update(absl::string_view bytes);
  Digest128 Finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Digest bytes as a std::string, for wire messages.
template <size_t N>
std::string ToBytes(const std::array<uint8_t, N>& digest) {
  return std::string(digest.begin(), digest.end());
}

// Lower-case hexadecimal.
template <size_t N>
std::string ToHex(const std::array<uint8_t, N>& digest) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const uint8_t byte : digest) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

}  // namespace seedfed

#endif  // SEEDFED_COMMON_BASE_HASH_H_
