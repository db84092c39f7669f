#ifndef SEEDFED_COMMON_MODEL_MODEL_H_
#define SEEDFED_COMMON_MODEL_MODEL_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/hash.h"
#include "common/base/key.h"
#include "common/model/spec.h"
#include "common/model/update_codec.h"

namespace seedfed {

// The shared model: what everyone in the federation computes alike, integer only. Server and
// clients hold one each and apply the same averaged words, so that they hold the same bits. Not
// thread-safe.
class Model {
 public:
  // The model of round 0. InvalidArgument when the spec is not valid.
  static absl::StatusOr<Model> Create(const ModelSpec& spec, const FederationKey& key);

  // The model of a snapshot (SaveSnapshot). InvalidArgument when damaged, truncated or of another
  // spec.
  static absl::StatusOr<Model> FromSnapshot(absl::string_view bytes, const ModelSpec& spec,
                                            const FederationKey& key);

  const ModelSpec& spec() const { return codec_.spec(); }
  const UpdateCodec& codec() const { return codec_; }

  // Rounds applied.
  uint32_t round() const { return round_; }

  // A chain over all averaged words: F(0) = BLAKE2b-256("seedfed.v1.model", SpecBytes, BLAKE2b-128
  // of the base), F(n) = BLAKE2b-256(F(n - 1), n as uint32 little-endian, words of round n).
  const Digest256& fingerprint() const { return fingerprint_; }

  // Checksum128 of the base: all layers' weights as int32 little-endian. Detects memory corruption
  // and wrong arithmetic.
  Digest128 BaseChecksum() const;

  // Integer weights of a layer, row-major, in units of spec().LayerUnit(layer). In pure mode the
  // expanded seeds.
  std::span<const int32_t> base(size_t layer) const { return base_[layer]; }

  // Pure mode: the current seeds (u and v of every tile, all layers). Otherwise empty.
  std::span<const int32_t> seeds() const { return seeds_; }

  // Applies the averaged words of round `round`, which must be round() + 1. InvalidArgument when
  // the words are not valid; then nothing has changed.
  absl::Status Apply(uint32_t round, absl::string_view words);

  // The fingerprint that Apply would lead to.
  Digest256 NextFingerprint(absl::string_view words) const;

  // The whole state as bytes, and their number; format in docs/formats.md.
  std::string SaveSnapshot() const;
  size_t snapshot_bytes() const;

 private:
  Model(const ModelSpec& spec, const FederationKey& key);

  // Pure mode: makes `words`, which decode to `seeds`, the model.
  void SetSeeds(absl::string_view words, std::vector<int32_t> seeds);

  UpdateCodec codec_;
  uint32_t round_ = 0;
  Digest256 fingerprint_{};
  std::vector<std::vector<int32_t>> base_;
  std::vector<int32_t> seeds_;  // pure mode: what words_ decode to
  std::string words_;  // pure mode: the state is the words, as decoding and encoding again may
                       // change a last bit
};

}  // namespace seedfed

#endif  // SEEDFED_COMMON_MODEL_MODEL_H_
