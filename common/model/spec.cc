#include "common/model/spec.h"

#include <bit>
#include <cmath>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/base/bytes.h"
#include "common/base/status.h"
#include "common/codec/ensemble_word.h"
#include "common/codec/word.h"

namespace seedfed {
namespace {

constexpr uint32_t kSpecVersion = 1;
constexpr uint32_t kMaxSize = 1U << 20;
constexpr size_t kMaxLayers = 1024;

absl::Status ValidateLayer(const LayerSpec& layer, size_t number) {
  if (layer.rows < 1 || layer.rows > kMaxSize) {
    return absl::InvalidArgumentError(
        absl::StrCat("layer ", number, " has ", layer.rows, " outputs; expected 1 to ", kMaxSize));
  }
  if (layer.cols < 2 || layer.cols > kMaxSize) {
    return absl::InvalidArgumentError(absl::StrCat("layer ", number, " has ", layer.cols,
                                                   " columns (inputs and bias); expected 2 to ",
                                                   kMaxSize));
  }
  if (layer.tile < 4 || layer.tile > 256 || !std::has_single_bit(layer.tile)) {
    return absl::InvalidArgumentError(absl::StrCat("tile side ", layer.tile, " of layer ", number,
                                                   " is not 4, 8, 16, 32, 64, 128 or 256"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Codec> ParseCodec(absl::string_view text) {
  for (const Codec codec : {Codec::kEnsemble, Codec::kSingle, Codec::kDense}) {
    if (text == CodecName(codec)) return codec;
  }
  return absl::InvalidArgumentError(
      absl::StrCat("codec '", text, "' is not ensemble, single or dense"));
}

absl::StatusOr<Mode> ParseMode(absl::string_view text) {
  for (const Mode mode : {Mode::kRolling, Mode::kPure}) {
    if (text == ModeName(mode)) return mode;
  }
  return absl::InvalidArgumentError(absl::StrCat("mode '", text, "' is not rolling or pure"));
}

absl::string_view CodecName(Codec codec) {
  switch (codec) {
    case Codec::kEnsemble:
      return "ensemble";
    case Codec::kSingle:
      return "single";
    case Codec::kDense:
      return "dense";
  }
  return "unknown";
}

absl::string_view ModeName(Mode mode) { return mode == Mode::kRolling ? "rolling" : "pure"; }

double ModelSpec::LayerGain(size_t layer) const {
  return gain / std::sqrt(static_cast<double>(layers[layer].cols));
}

double ModelSpec::LayerUnit(size_t layer) const { return LayerGain(layer) * 0x1p-24; }

size_t ModelSpec::weights() const {
  size_t sum = 0;
  for (const LayerSpec& layer : layers) sum += layer.weights();
  return sum;
}

size_t ModelSpec::update_bytes() const {
  size_t sum = 0;
  for (const LayerSpec& layer : layers) {
    switch (codec) {
      case Codec::kEnsemble:
        sum += (layer.tiles() + kSubSeeds - 1) / kSubSeeds * kWordBytes;
        break;
      case Codec::kSingle:
        sum += layer.tiles() * kWordBytes;
        break;
      case Codec::kDense:
        sum += layer.weights() * sizeof(float);
        break;
    }
  }
  return sum;
}

size_t ModelSpec::coordinates() const {
  if (codec == Codec::kDense) return weights();
  size_t sum = 0;
  for (const LayerSpec& layer : layers) sum += 2 * layer.tiles();
  return sum;
}

absl::Status ValidateSpec(const ModelSpec& spec) {
  if (spec.layers.empty() || spec.layers.size() > kMaxLayers) {
    return absl::InvalidArgumentError(
        absl::StrCat("the model has ", spec.layers.size(), " layers; expected 1 to ", kMaxLayers));
  }
  for (size_t i = 0; i < spec.layers.size(); ++i) {
    SEEDFED_RETURN_IF_ERROR(ValidateLayer(spec.layers[i], i + 1));
  }
  if (spec.weights() > kMaxWeights) {
    return absl::InvalidArgumentError(
        absl::StrCat("the model has ", spec.weights(), " weights; expected at most ", kMaxWeights));
  }
  if (CodecName(spec.codec) == "unknown") {
    return absl::InvalidArgumentError(
        absl::StrCat("codec number ", static_cast<uint32_t>(spec.codec),
                     " is not 1 (ensemble), 2 (single) or 3 (dense)"));
  }
  if (spec.mode != Mode::kRolling && spec.mode != Mode::kPure) {
    return absl::InvalidArgumentError(absl::StrCat("mode number ", static_cast<uint32_t>(spec.mode),
                                                   " is not 1 (rolling) or 2 (pure)"));
  }
  if (spec.phase_bits != 2 && spec.phase_bits != 4) {
    return absl::InvalidArgumentError(
        absl::StrCat("phase bits is ", spec.phase_bits, "; expected 2 or 4"));
  }
  if (!(spec.gain >= 0.0625 && spec.gain <= 1024)) {
    return absl::InvalidArgumentError(
        absl::StrCat("gain is ", spec.gain, "; expected a number from 0.0625 to 1024"));
  }
  if (spec.mode == Mode::kPure && spec.codec != Codec::kSingle) {
    return absl::InvalidArgumentError(absl::StrCat(
        "mode pure needs codec single (a seed that persists needs its precision), not ",
        std::string(CodecName(spec.codec))));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<LayerSpec>> MlpLayers(absl::string_view sizes,
                                                 std::span<const uint32_t> tiles) {
  std::vector<uint32_t> numbers;
  for (const absl::string_view part : absl::StrSplit(sizes, '-')) {
    uint32_t number = 0;
    if (!absl::SimpleAtoi(part, &number) || number < 1 || number >= kMaxSize) {
      return absl::InvalidArgumentError(absl::StrCat(
          "model '", sizes, "': '", part, "' is not a layer size from 1 to ", kMaxSize - 1));
    }
    numbers.push_back(number);
  }
  if (numbers.size() < 2) {
    return absl::InvalidArgumentError(
        absl::StrCat("model '", sizes, "' is not a list of sizes such as 784-256-128-10"));
  }
  const size_t layers = numbers.size() - 1;
  if (tiles.size() != 1 && tiles.size() != layers) {
    return absl::InvalidArgumentError(absl::StrCat("tile has ", tiles.size(), " sides for ", layers,
                                                   " layers; expected 1 or ", layers));
  }
  std::vector<LayerSpec> result(layers);
  for (size_t i = 0; i < layers; ++i) {
    result[i] = {numbers[i + 1], numbers[i] + 1, tiles.size() == 1 ? tiles[0] : tiles[i]};
  }
  return result;
}

std::string DescribeLayers(std::span<const LayerSpec> layers) {
  bool chained = !layers.empty();
  for (size_t i = 1; i < layers.size(); ++i) chained &= layers[i].cols == layers[i - 1].rows + 1;
  if (!chained) {
    return absl::StrJoin(layers, ",", [](std::string* out, const LayerSpec& layer) {
      absl::StrAppend(out, layer.rows, "x", layer.cols);
    });
  }
  std::string text = absl::StrCat(layers[0].cols - 1);
  for (const LayerSpec& layer : layers) absl::StrAppend(&text, "-", layer.rows);
  return text;
}

std::string SpecBytes(const ModelSpec& spec) {
  std::string out;
  AppendLittleEndian(kSpecVersion, out);
  AppendLittleEndian(static_cast<uint32_t>(spec.codec), out);
  AppendLittleEndian(static_cast<uint32_t>(spec.mode), out);
  AppendLittleEndian(spec.phase_bits, out);
  AppendLittleEndian(std::bit_cast<uint64_t>(spec.gain), out);
  AppendLittleEndian(static_cast<uint32_t>(spec.layers.size()), out);
  for (const LayerSpec& layer : spec.layers) {
    AppendLittleEndian(layer.rows, out);
    AppendLittleEndian(layer.cols, out);
    AppendLittleEndian(layer.tile, out);
  }
  return out;
}

absl::StatusOr<ModelSpec> ConsumeSpecBytes(absl::string_view& bytes) {
  constexpr size_t kFixedBytes = 28, kLayerBytes = 12;
  const auto truncated = [&] {
    return absl::InvalidArgumentError("the model specification is truncated");
  };
  if (bytes.size() < kFixedBytes) return truncated();
  const char* p = bytes.data();
  if (const auto version = LoadLittleEndian<uint32_t>(p); version != kSpecVersion) {
    return absl::InvalidArgumentError(
        absl::StrCat("the model specification has version ", version, "; expected ", kSpecVersion));
  }
  ModelSpec spec;
  spec.codec = static_cast<Codec>(LoadLittleEndian<uint32_t>(p + 4));
  spec.mode = static_cast<Mode>(LoadLittleEndian<uint32_t>(p + 8));
  spec.phase_bits = LoadLittleEndian<uint32_t>(p + 12);
  spec.gain = std::bit_cast<double>(LoadLittleEndian<uint64_t>(p + 16));
  const size_t layers = LoadLittleEndian<uint32_t>(p + 24);
  if (layers > kMaxLayers || bytes.size() < kFixedBytes + layers * kLayerBytes) return truncated();
  for (size_t i = 0; i < layers; ++i) {
    const char* q = p + kFixedBytes + i * kLayerBytes;
    spec.layers.push_back({LoadLittleEndian<uint32_t>(q), LoadLittleEndian<uint32_t>(q + 4),
                           LoadLittleEndian<uint32_t>(q + 8)});
  }
  SEEDFED_RETURN_IF_ERROR(ValidateSpec(spec));
  bytes.remove_prefix(kFixedBytes + layers * kLayerBytes);
  return spec;
}

}  // namespace seedfed
