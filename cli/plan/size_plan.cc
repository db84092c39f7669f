#include "cli/plan/size_plan.h"

#include <array>
#include <cmath>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/status.h"
#include "common/codec/ensemble_word.h"
#include "common/codec/word.h"

namespace seedfed {
namespace {

constexpr uint64_t kBytesPerFloat = 4;

absl::StatusOr<std::vector<uint32_t>> ParseTiles(absl::string_view text) {
  std::vector<uint32_t> tiles;
  for (const absl::string_view part : absl::StrSplit(text, ',')) {
    uint32_t tile = 0;
    if (!absl::SimpleAtoi(part, &tile)) {
      return absl::InvalidArgumentError(
          absl::StrCat("--tile ", text, ": '", part, "' is not a number"));
    }
    tiles.push_back(tile);
  }
  return tiles;
}

absl::Status CheckRate(absl::string_view flag, double kbps) {
  if (kbps >= kLeastKbps && kbps <= kMostKbps) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(flag, " is ", kbps, "; expected a rate from 0.001 to 1e9 kbit/s"));
}

absl::StatusOr<std::vector<Codec>> ParseCodecs(const std::string& text) {
  if (text.empty()) return std::vector<Codec>{Codec::kEnsemble, Codec::kSingle, Codec::kDense};
  SEEDFED_ASSIGN_OR_RETURN(const Codec codec, ParseCodec(text));
  return std::vector<Codec>{codec};
}

uint64_t CeilDivide(uint64_t numerator, uint64_t denominator) {
  return numerator / denominator + (numerator % denominator != 0 ? 1 : 0);
}

uint64_t LayerWords(Codec codec, uint64_t tiles) {
  return codec == Codec::kEnsemble ? CeilDivide(tiles, kSubSeeds) : tiles;
}

}  // namespace

absl::StatusOr<uint64_t> ParseWeights(absl::string_view text) {
  absl::string_view number = text;
  double factor = 1;
  if (!number.empty()) {
    constexpr absl::string_view kSuffixes = "kMBT";
    if (const size_t at = kSuffixes.find(number.back()); at != kSuffixes.npos) {
      factor = std::pow(1000.0, static_cast<double>(at + 1));
      number.remove_suffix(1);
    }
  }
  double value = 0;
  const bool plain =
      !number.empty() && number.find_first_not_of("0123456789.eE+") == absl::string_view::npos;
  if (plain && absl::SimpleAtod(number, &value)) {
    value *= factor;
    if (value >= 1 && value <= static_cast<double>(kMostPlannedWeights) &&
        value == std::floor(value)) {
      return static_cast<uint64_t>(value);
    }
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "--params '", text,
      "' is not a whole number of weights from 1 to 1e13, such as 235146, 13e9 or 13B"));
}

absl::StatusOr<PlanRequest> MakePlanRequest(const PlanArguments& arguments) {
  if (arguments.model.empty() == arguments.params.empty()) {
    return absl::InvalidArgumentError(
        "expected either --model (such as 784-256-128-10) or --params (such as 13e9)");
  }
  PlanRequest request;
  SEEDFED_ASSIGN_OR_RETURN(request.tiles, ParseTiles(arguments.tile));
  SEEDFED_ASSIGN_OR_RETURN(request.codecs, ParseCodecs(arguments.codec));
  // What a federation of the same settings would be refused for; without shapes one small layer
  // stands for the model.
  ModelSpec spec;
  spec.phase_bits = arguments.phase_bits;
  if (!arguments.model.empty()) {
    SEEDFED_ASSIGN_OR_RETURN(request.layers, MlpLayers(arguments.model, request.tiles));
    spec.layers = request.layers;
  } else {
    SEEDFED_ASSIGN_OR_RETURN(request.weights, ParseWeights(arguments.params));
    if (request.tiles.size() != 1) {
      return absl::InvalidArgumentError(
          absl::StrCat("--tile ", arguments.tile, " has ", request.tiles.size(),
                       " sides; expected 1 with --params, as the layers are not known"));
    }
    spec.layers = {{1, 2, request.tiles[0]}};
  }
  SEEDFED_RETURN_IF_ERROR(ValidateSpec(spec));
  if (!request.layers.empty()) request.weights = spec.weights();
  SEEDFED_RETURN_IF_ERROR(CheckRate("--nbiot-kbps", arguments.nbiot_kbps));
  if (arguments.link_kbps.has_value()) {
    SEEDFED_RETURN_IF_ERROR(CheckRate("--link", *arguments.link_kbps));
  }
  request.phase_bits = arguments.phase_bits;
  request.clients = arguments.clients;
  request.rounds = arguments.rounds;
  request.nbiot_kbps = arguments.nbiot_kbps;
  request.link_kbps = arguments.link_kbps;
  return request;
}

CodecSizes ComputeSizes(const PlanRequest& request, Codec codec) {
  CodecSizes sizes;
  sizes.codec = codec;
  if (codec == Codec::kDense) {
    sizes.update_bytes = kBytesPerFloat * request.weights;
    sizes.client_memory = 28 * request.weights + 2 * sizes.update_bytes;
    sizes.server_memory = (4 + 16) * request.weights + 2 * sizes.update_bytes;
    return sizes;
  }
  if (request.layers.empty()) {
    const uint64_t side = request.tiles[0];
    sizes.tiles = CeilDivide(request.weights, side * side);
    sizes.words = LayerWords(codec, sizes.tiles);
  }
  for (const LayerSpec& layer : request.layers) {
    sizes.tiles += layer.tiles();
    sizes.words += LayerWords(codec, layer.tiles());
  }
  sizes.update_bytes = sizes.words * kWordBytes;
  sizes.client_memory = 24 * request.weights + 40 * sizes.tiles + 2 * sizes.update_bytes;
  sizes.server_memory = 4 * request.weights + 16 * 2 * sizes.tiles + 2 * sizes.update_bytes;
  return sizes;
}

}  // namespace seedfed
