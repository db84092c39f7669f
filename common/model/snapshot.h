#ifndef SEEDFED_COMMON_MODEL_SNAPSHOT_H_
#define SEEDFED_COMMON_MODEL_SNAPSHOT_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/hash.h"
#include "common/model/spec.h"

namespace seedfed {

inline constexpr absl::string_view kSnapshotMagic = "SEEDSNAP";

// A snapshot's parts, its bytes undamaged. Format: docs/formats.md.
struct SnapshotView {
  uint32_t version = 0;
  uint32_t round = 0;
  Digest256 fingerprint{};
  ModelSpec spec;
  Digest128 checksum{};  // of all bytes before it; they match
  absl::string_view
      payload;  // into the bytes read; rolling: int32 weights, pure: words that are not yet checked
};

// The snapshot of these parts: what ReadSnapshot reads.
std::string SnapshotBytes(uint32_t round, const Digest256& fingerprint, const ModelSpec& spec,
                          absl::string_view payload);

// Reads a snapshot of any model; `bytes` must outlive the result. InvalidArgument when it is none,
// damaged, truncated or of another version.
absl::StatusOr<SnapshotView> ReadSnapshot(absl::string_view bytes);

}  // namespace seedfed

#endif  // SEEDFED_COMMON_MODEL_SNAPSHOT_H_
