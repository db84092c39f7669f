#ifndef SEEDFED_COMMON_BASE_CHECKSUM_H_
#define SEEDFED_COMMON_BASE_CHECKSUM_H_

#include <memory>

#include "absl/strings/string_view.h"
#include "common/base/hash.h"

namespace seedfed {

// XXH3 with 128 bits of output (github.com/Cyan4973/xxHash, doc/xxhash_spec.md), seed 0, in its
// canonical form: big-endian, high half first; by libxxhash. Ten times as fast as BLAKE2b. It finds
// damage; against somebody who chooses the bytes use hash.h.
Digest128 Checksum128(absl::string_view bytes);

// Incremental form: Update any number of times, then Finish once. Not thread-safe.
class Checksum128Maker {
 public:
  Checksum128Maker();
  ~Checksum128Maker();
  Checksum128Maker(const Checksum128Maker&) = delete;
  Checksum128Maker& operator=(const Checksum128Maker&) = delete;

  void Update(absl::string_view bytes);
  Digest128 Finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace seedfed

#endif  // SEEDFED_COMMON_BASE_CHECKSUM_H_
