#include "cli/inspect/update_report.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "cli/layout/text_table.h"
#include "common/base/bytes.h"
#include "common/base/status.h"
#include "common/codec/dense.h"
#include "common/codec/ensemble_word.h"
#include "common/codec/word.h"
#include "common/terminal/text.h"

namespace seedfed {
namespace {

using nlohmann::ordered_json;
using Align = TextTable::Align;

// Keeps the first reason why an update is not valid.
void Refuse(const absl::Status& reason, absl::string_view unit, size_t layer, uint64_t number,
            absl::Status& first) {
  if (reason.ok() || !first.ok()) return;
  first = absl::InvalidArgumentError(
      absl::StrCat(unit, " ", number, " of layer ", layer, ": ", reason.message()));
}

LayerWords WordLayer(const ModelSpec& spec, size_t number, absl::string_view bytes,
                     absl::Status& first) {
  LayerWords result;
  const size_t per_word = spec.codec == Codec::kEnsemble ? kSubSeeds : 1;
  size_t tiles_left = spec.layers[number].tiles();
  for (uint64_t w = 0; w < bytes.size() / kWordBytes; ++w) {
    const size_t seeds = std::min(tiles_left, per_word);
    tiles_left -= seeds;
    const Word word = LoadWord(bytes.data() + w * kWordBytes);
    Refuse(CountWord(spec.codec, word, seeds, result), "word", number, w, first);
  }
  return result;
}

LayerWords DenseLayer(size_t number, double unit, absl::string_view bytes, absl::Status& first) {
  LayerWords result;
  for (uint64_t w = 0; w < bytes.size() / sizeof(float); ++w) {
    const auto value =
        std::bit_cast<float>(LoadLittleEndian<uint32_t>(bytes.data() + w * sizeof(float)));
    const absl::Status valid = DenseToUnits(value, unit).status();
    Refuse(valid, "weight", number, w, first);
    if (valid.ok()) {
      result.change.Add(value);
    } else {
      ++result.invalid;
    }
  }
  return result;
}

size_t LayerBytes(const ModelSpec& spec, size_t layer) {
  ModelSpec one = spec;
  one.layers = {spec.layers[layer]};
  return one.update_bytes();
}

std::string Range(const Statistics& statistics) {
  return absl::StrFormat("%.4g to %.4g", statistics.min(), statistics.max());
}

std::string LayerTable(const UpdateSummary& summary) {
  const Codec codec = summary.spec.codec;
  TextTable table(std::vector<Align>(9, Align::kRight));
  if (codec == Codec::kDense) {
    table.Row({"layer", "rows", "cols", "invalid", "min", "max", "mean", "std"});
  } else {
    table.Row({"layer", "rows", "cols", "tiles", "words",
               codec == Codec::kSingle ? "invalid" : "exponents", "zero seeds", "r", "mean r"});
  }
  for (size_t l = 0; l < summary.layers.size(); ++l) {
    const LayerSpec& shape = summary.spec.layers[l];
    const LayerWords& words = summary.layers[l];
    std::vector<std::string> cells = {absl::StrCat(l), absl::StrCat(shape.rows),
                                      absl::StrCat(shape.cols)};
    if (codec == Codec::kDense) {
      cells.push_back(WithSeparators(words.invalid));
      for (const double value :
           {words.change.min(), words.change.max(), words.change.mean(), words.change.stddev()}) {
        cells.push_back(absl::StrFormat("%.4g", value));
      }
    } else {
      cells.push_back(WithSeparators(shape.tiles()));
      cells.push_back(WithSeparators(words.words));
      cells.push_back(codec == Codec::kSingle ? WithSeparators(words.invalid)
                                              : Range(words.exponent));
      cells.push_back(WithSeparators(words.zero_seeds));
      cells.push_back(Range(words.r));
      cells.push_back(absl::StrFormat("%.4g", words.r.mean()));
    }
    table.Row(std::move(cells));
  }
  return table.Text();
}

}  // namespace

absl::StatusOr<ModelSpec> SpecOfUpdate(const std::vector<LayerSpec>& layers,
                                       std::optional<Codec> codec, size_t bytes) {
  std::vector<Codec> codecs = {Codec::kEnsemble, Codec::kSingle, Codec::kDense};
  if (codec.has_value()) codecs = {*codec};
  std::vector<std::string> expected;
  for (const Codec candidate : codecs) {
    ModelSpec spec;
    spec.layers = layers;
    spec.codec = candidate;
    SEEDFED_RETURN_IF_ERROR(ValidateSpec(spec));
    if (spec.update_bytes() == bytes) return spec;
    expected.push_back(
        absl::StrCat(spec.update_bytes(), " (", std::string(CodecName(candidate)), ")"));
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "an update of ", DescribeLayers(layers), " with tile ",
      absl::StrJoin(
          layers, ",",
          [](std::string* out, const LayerSpec& layer) { absl::StrAppend(out, layer.tile); }),
      " has ", absl::StrJoin(expected, ", "), " bytes; these are ", bytes));
}

UpdateSummary SummariseUpdate(const ModelSpec& spec, absl::string_view bytes) {
  UpdateSummary summary;
  summary.spec = spec;
  for (size_t l = 0; l < spec.layers.size(); ++l) {
    const absl::string_view part = bytes.substr(0, LayerBytes(spec, l));
    bytes.remove_prefix(part.size());
    summary.layers.push_back(spec.codec == Codec::kDense
                                 ? DenseLayer(l, spec.LayerUnit(l), part, summary.valid)
                                 : WordLayer(spec, l, part, summary.valid));
  }
  return summary;
}

absl::StatusOr<std::string> DigitsOfWord(const ModelSpec& spec, absl::string_view bytes,
                                         uint64_t word) {
  if (spec.codec == Codec::kDense) {
    return absl::InvalidArgumentError("--word needs an update of words; this one is dense");
  }
  const uint64_t words = bytes.size() / kWordBytes;
  if (word >= words) {
    return absl::InvalidArgumentError(
        absl::StrCat("--word ", word, " is not a word of this update; expected 0 to ", words - 1));
  }
  return absl::BytesToHexString(bytes.substr(word * kWordBytes, kWordBytes));
}

std::string UpdateText(const std::string& name, const UpdateSummary& summary) {
  const ModelSpec& spec = summary.spec;
  std::string text = absl::StrCat(
      "Update ", name, ": ", WithSeparators(spec.update_bytes()), " bytes, ",
      std::string(CodecName(spec.codec)), " codec, ", DescribeLayers(spec.layers), "\n",
      summary.valid.ok() ? "Valid" : absl::StrCat("Not valid: ", summary.valid.message()));
  if (spec.codec == Codec::kSingle) {
    absl::StrAppend(&text, "\nRotation codes are not checked: that needs the federation's key");
  }
  absl::StrAppend(&text, "\n\n", LayerTable(summary));
  return text;
}

ordered_json UpdateJson(const std::string& name, const UpdateSummary& summary) {
  const ModelSpec& spec = summary.spec;
  ordered_json layers = ordered_json::array();
  for (size_t l = 0; l < summary.layers.size(); ++l) {
    const LayerSpec& shape = spec.layers[l];
    const LayerWords& words = summary.layers[l];
    ordered_json layer = {{"rows", shape.rows},
                          {"cols", shape.cols},
                          {"tile", shape.tile},
                          {"invalid", words.invalid}};
    if (spec.codec == Codec::kDense) {
      layer["change"] = StatisticsJson(words.change);
    } else {
      layer["tiles"] = shape.tiles();
      layer["words"] = words.words;
      layer["zero_seeds"] = words.zero_seeds;
      layer["r"] = StatisticsJson(words.r);
      if (spec.codec == Codec::kEnsemble) layer["exponent"] = StatisticsJson(words.exponent);
    }
    layers.push_back(std::move(layer));
  }
  return {{"kind", "update"},
          {"file", name},
          {"valid", summary.valid.ok()},
          {"reason", summary.valid.ok() ? ordered_json()
                                        : ordered_json(std::string(summary.valid.message()))},
          {"model", {{"layers", DescribeLayers(spec.layers)}, {"weights", spec.weights()}}},
          {"codec", std::string(CodecName(spec.codec))},
          {"bytes", spec.update_bytes()},
          {"layers", std::move(layers)}};
}

}  // namespace seedfed
