#ifndef SEEDFED_TESTS_FUZZ_CHECKSUM_H_
#define SEEDFED_TESTS_FUZZ_CHECKSUM_H_

#include <string>

#include "absl/strings/string_view.h"
#include "common/base/hash.h"

namespace seedfed {

// Snapshots, words files and seed files end in the BLAKE2b-128 of all bytes before it. A fuzzer
// would never guess it, so its targets read every input as it is and once more with this checksum
// in place of the last 16 bytes.
inline std::string WithChecksum(absl::string_view bytes) {
  constexpr size_t kChecksumBytes = sizeof(Digest128);
  if (bytes.size() < kChecksumBytes) return std::string(bytes);
  std::string fixed(bytes.substr(0, bytes.size() - kChecksumBytes));
  return fixed + ToBytes(Blake2b128(fixed));
}

}  // namespace seedfed

#endif  // SEEDFED_TESTS_FUZZ_CHECKSUM_H_
