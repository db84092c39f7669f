#ifndef SEEDFED_COMMON_MODEL_UPDATE_CODEC_H_
#define SEEDFED_COMMON_MODEL_UPDATE_CODEC_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/key.h"
#include "common/model/spec.h"

namespace seedfed {

// What the stochastic rounding of one update is drawn from. The number block of tiles t and t + 1
// (t even) of a layer is Philox(counter = (t / 2, layer, round, stream), key): lanes 0 and 1 are
// theta and r of tile t, lanes 2 and 3 those of t + 1.
struct Dither {
  PhiloxKey key;
  uint32_t stream = 0;  // the client number for an update, 0 for averaged words
};

// An update (all words of all layers) as coordinates: integers that add up. With seeds: u and v
// (Q1.30) of every tile, layer by layer. With the dense codec: every weight's change in units of
// LayerUnit. Coordinates have a size of at most 2^30. Immutable after construction, thread-safe.
class UpdateCodec {
 public:
  // `spec` must be valid.
  UpdateCodec(ModelSpec spec, const FederationKey& key);

  const ModelSpec& spec() const { return spec_; }

  // The coordinates of `bytes`, an update for `round`. InvalidArgument names the first word that is
  // not valid.
  absl::StatusOr<std::vector<int32_t>> Decode(absl::string_view bytes, uint32_t round) const;

  // The same into a vector that is used again and again; after an error it holds anything.
  absl::Status DecodeTo(absl::string_view bytes, uint32_t round,
                        std::vector<int32_t>& coordinates) const;

  // Whether Decode would succeed: its status. Quick for ensemble words, of which any are valid.
  absl::Status Check(absl::string_view bytes, uint32_t round) const;

  // The update nearest to `coordinates`; spec().coordinates() of them. Deterministic.
  std::string Encode(std::span<const int32_t> coordinates, uint32_t round,
                     const Dither& dither) const;

  // The rotation codes of a layer's tiles in `round`.
  std::vector<uint32_t> Codes(size_t layer, uint32_t round) const;

 private:
  absl::Status CheckLength(absl::string_view bytes) const;

  ModelSpec spec_;
  PhiloxKey codes_key_;
};

}  // namespace seedfed

#endif  // SEEDFED_COMMON_MODEL_UPDATE_CODEC_H_
