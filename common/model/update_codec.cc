#include "common/model/update_codec.h"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "common/base/bytes.h"
#include "common/base/status.h"
#include "common/codec/dense.h"
#include "common/codec/ensemble_word.h"
#include "common/codec/single_word.h"
#include "common/codec/word.h"
#include "common/kernels/polar_batch.h"
#include "common/kernels/rotate_batch.h"
#include "common/pattern/rotation.h"

namespace seedfed {
namespace {

void DecodeEnsembleLayer(const LayerSpec& layer, const char*& bytes, int32_t*& out) {
  const size_t tiles = layer.tiles();
  for (size_t first = 0; first < tiles; first += kSubSeeds, bytes += kWordBytes) {
    const size_t count = std::min(kSubSeeds, tiles - first);
    DecodeEnsemble(bytes, count, out);
    out += 2 * count;
  }
}

absl::Status DecodeSingleLayer(std::span<const uint32_t> codes, size_t layer, const char*& bytes,
                               int32_t*& out) {
  std::vector<uint32_t> turns(codes.size());
  std::vector<int32_t> x(codes.size()), y(codes.size());
  for (size_t t = 0; t < codes.size(); ++t, bytes += kWordBytes) {
    const absl::StatusOr<Polar> polar = DecodeSinglePolar(LoadWord(bytes), codes[t]);
    if (!polar.ok()) {
      return absl::InvalidArgumentError(absl::StrCat("word ", t, " of layer ", layer + 1,
                                                     " is not valid: ", polar.status().message()));
    }
    turns[t] = polar->turns;
    x[t] = static_cast<int32_t>(polar->r);
  }
  RotateBatch(turns, x, y);
  for (size_t t = 0; t < codes.size(); ++t) {
    *out++ = x[t];
    *out++ = y[t];
  }
  return absl::OkStatus();
}

absl::Status DecodeDenseLayer(const LayerSpec& spec, double unit, size_t layer, const char*& bytes,
                              int32_t*& out) {
  for (size_t i = 0; i < spec.weights(); ++i, bytes += sizeof(float)) {
    const auto units = DenseToUnits(std::bit_cast<float>(LoadLittleEndian<uint32_t>(bytes)), unit);
    if (!units.ok()) {
      return absl::InvalidArgumentError(absl::StrCat("number ", i, " of layer ", layer + 1,
                                                     " is not valid: ", units.status().message()));
    }
    *out++ = *units;
  }
  return absl::OkStatus();
}

void EncodeEnsembleLayer(std::span<const int32_t> coordinates, uint32_t layer, uint32_t round,
                         const Dither& dither, char*& out) {
  const size_t tiles = coordinates.size() / 2;
  PhiloxBlock block{};
  for (size_t first = 0; first < tiles; first += kSubSeeds, out += kWordBytes) {
    const size_t count = std::min(kSubSeeds, tiles - first);
    std::array<Cartesian, kSubSeeds> points;
    std::array<SubSeedDither, kSubSeeds> random;
    for (size_t i = 0; i < count; ++i) {
      const size_t t = first + i;
      points[i] = {coordinates[2 * t], coordinates[2 * t + 1]};
      if (t % 2 == 0) {
        block = Philox4x32({static_cast<uint32_t>(t / 2), layer, round, dither.stream}, dither.key);
      }
      random[i] = {block[2 * (t % 2)], block[2 * (t % 2) + 1]};
    }
    std::array<Polar, kSubSeeds> polar;
    PolarBatch({points.data(), count}, {polar.data(), count});
    StoreWord(EncodeEnsemble(std::span<const Polar>(polar).first(count), {random.data(), count}),
              out);
  }
}

}  // namespace

UpdateCodec::UpdateCodec(ModelSpec spec, const FederationKey& key)
    : spec_(std::move(spec)), codes_key_(key.SubKey(Purpose::kCodes)) {}

std::vector<uint32_t> UpdateCodec::Codes(size_t layer, uint32_t round) const {
  std::vector<uint32_t> codes(spec_.layers[layer].tiles());
  const uint32_t scheduled = spec_.mode == Mode::kPure ? 0 : round;
  TileCodes(codes_key_, scheduled, static_cast<uint32_t>(layer), codes);
  return codes;
}

absl::Status UpdateCodec::CheckLength(absl::string_view bytes) const {
  if (bytes.size() == spec_.update_bytes()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("the update has ", bytes.size(), " bytes; the model's ",
                   std::string(CodecName(spec_.codec)), " update has ", spec_.update_bytes()));
}

absl::Status UpdateCodec::Check(absl::string_view bytes, uint32_t round) const {
  // Any bytes are ensemble words.
  if (spec_.codec == Codec::kEnsemble) return CheckLength(bytes);
  return Decode(bytes, round).status();
}

absl::StatusOr<std::vector<int32_t>> UpdateCodec::Decode(absl::string_view bytes,
                                                         uint32_t round) const {
  std::vector<int32_t> coordinates;
  SEEDFED_RETURN_IF_ERROR(DecodeTo(bytes, round, coordinates));
  return coordinates;
}

absl::Status UpdateCodec::DecodeTo(absl::string_view bytes, uint32_t round,
                                   std::vector<int32_t>& coordinates) const {
  SEEDFED_RETURN_IF_ERROR(CheckLength(bytes));
  coordinates.resize(spec_.coordinates());
  const char* in = bytes.data();
  int32_t* out = coordinates.data();
  for (size_t l = 0; l < spec_.layers.size(); ++l) {
    switch (spec_.codec) {
      case Codec::kEnsemble:
        DecodeEnsembleLayer(spec_.layers[l], in, out);
        break;
      case Codec::kSingle:
        SEEDFED_RETURN_IF_ERROR(DecodeSingleLayer(Codes(l, round), l, in, out));
        break;
      case Codec::kDense:
        SEEDFED_RETURN_IF_ERROR(DecodeDenseLayer(spec_.layers[l], spec_.LayerUnit(l), l, in, out));
        break;
    }
  }
  return absl::OkStatus();
}

std::string UpdateCodec::Encode(std::span<const int32_t> coordinates, uint32_t round,
                                const Dither& dither) const {
  std::string bytes(spec_.update_bytes(), '\0');
  char* out = bytes.data();
  for (size_t l = 0; l < spec_.layers.size(); ++l) {
    const LayerSpec& layer = spec_.layers[l];
    const size_t count = spec_.codec == Codec::kDense ? layer.weights() : 2 * layer.tiles();
    const std::span<const int32_t> part = coordinates.first(count);
    coordinates = coordinates.subspan(count);
    switch (spec_.codec) {
      case Codec::kEnsemble:
        EncodeEnsembleLayer(part, static_cast<uint32_t>(l), round, dither, out);
        break;
      case Codec::kSingle: {
        const std::vector<uint32_t> codes = Codes(l, round);
        for (size_t t = 0; t < codes.size(); ++t, out += kWordBytes) {
          StoreWord(EncodeSingle({part[2 * t], part[2 * t + 1]}, codes[t]), out);
        }
        break;
      }
      case Codec::kDense:
        for (const int32_t units : part) {
          StoreLittleEndian(std::bit_cast<uint32_t>(UnitsToDense(units, spec_.LayerUnit(l))), out);
          out += sizeof(float);
        }
        break;
    }
  }
  return bytes;
}

}  // namespace seedfed
