#ifndef SEEDFED_COMMON_MODEL_SPEC_H_
#define SEEDFED_COMMON_MODEL_SPEC_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace seedfed {

enum class Codec : uint32_t { kEnsemble = 1, kSingle = 2, kDense = 3 };
enum class Mode : uint32_t { kRolling = 1, kPure = 2 };

absl::StatusOr<Codec> ParseCodec(absl::string_view text);
absl::StatusOr<Mode> ParseMode(absl::string_view text);
absl::string_view CodecName(Codec codec);
absl::string_view ModeName(Mode mode);

// One weight matrix, rows x cols = out x (in + 1), row-major; the last column is the bias. It is
// cut into tiles of tile x tile weights, numbered row-major; tiles at the right and lower edge are
// used in part.
struct LayerSpec {
  uint32_t rows = 0;
  uint32_t cols = 0;
  uint32_t tile = 8;

  size_t weights() const { return size_t{rows} * cols; }
  size_t tile_rows() const { return (size_t{rows} + tile - 1) / tile; }
  size_t tile_cols() const { return (size_t{cols} + tile - 1) / tile; }
  size_t tiles() const { return tile_rows() * tile_cols(); }

  friend bool operator==(const LayerSpec&, const LayerSpec&) = default;
};

// Everything that fixes the meaning of an update's bytes.
struct ModelSpec {
  std::vector<LayerSpec> layers;
  Codec codec = Codec::kEnsemble;
  Mode mode = Mode::kRolling;
  uint32_t phase_bits = 2;
  double gain = 8;

  // The layer's gain, g / sqrt(cols): a weight is LayerGain * (u cos phi + v sin phi).
  double LayerGain(size_t layer) const;

  // The value of 1 in the integer base of the layer, LayerGain * 2^-24.
  double LayerUnit(size_t layer) const;

  size_t weights() const;

  // Length of an update, bytes.
  size_t update_bytes() const;

  // Numbers an update decodes to: two per tile (u, v), or with the dense codec one per weight.
  size_t coordinates() const;

  friend bool operator==(const ModelSpec&, const ModelSpec&) = default;
};

// The most weights that a model may have.
inline constexpr size_t kMaxWeights = size_t{1} << 30;

// InvalidArgument with the first rule that `spec` breaks: 1 to 1,024 layers, sizes 1 to 2^20, at
// most 2^30 weights, tiles a power of two from 4 to 256, 2 or 4 phase bits, gain in [1/16, 1024],
// pure mode only with single words.
absl::Status ValidateSpec(const ModelSpec& spec);

// Layers of a multi-layer perceptron from "784-256-128-10" (inputs, hidden sizes, outputs) and tile
// sides, one for all layers or one per layer.
absl::StatusOr<std::vector<LayerSpec>> MlpLayers(absl::string_view sizes,
                                                 std::span<const uint32_t> tiles);

// "784-256-128-10" for layers that chain, or the matrices' shapes.
std::string DescribeLayers(std::span<const LayerSpec> layers);

// The spec as bytes, the same for equal specs: part of fingerprints and snapshots. Format:
// docs/formats.md.
std::string SpecBytes(const ModelSpec& spec);

// Reads SpecBytes at the start of `bytes` and removes it from there. InvalidArgument when truncated
// or not valid.
absl::StatusOr<ModelSpec> ConsumeSpecBytes(absl::string_view& bytes);

}  // namespace seedfed

#endif  // SEEDFED_COMMON_MODEL_SPEC_H_
