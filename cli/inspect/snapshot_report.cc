#include "cli/inspect/snapshot_report.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "cli/inspect/word_statistics.h"
#include "cli/inspect/word_view.h"
#include "cli/layout/text_table.h"
#include "common/base/bytes.h"
#include "common/base/checksum.h"
#include "common/base/status.h"
#include "common/model/merge.h"
#include "common/terminal/text.h"

namespace seedfed {
namespace {

using nlohmann::ordered_json;
using Align = TextTable::Align;

// Rolling mode: the payload is the base itself.
void SummariseBase(SnapshotSummary& summary) {
  const ModelSpec& spec = summary.view.spec;
  summary.base_checksum = Checksum128(summary.view.payload);
  const char* at = summary.view.payload.data();
  for (size_t l = 0; l < spec.layers.size(); ++l) {
    const double unit = spec.LayerUnit(l);
    Statistics& weights = summary.weights.emplace_back();
    for (size_t i = 0; i < spec.layers[l].weights(); ++i, at += sizeof(int32_t)) {
      weights.Add(static_cast<int32_t>(LoadLittleEndian<uint32_t>(at)) * unit);
    }
  }
}

// Pure mode: the base is what the words expand to.
absl::Status SummariseSeeds(SnapshotSummary& summary) {
  const ModelSpec& spec = summary.view.spec;
  const char* at = summary.view.payload.data();
  Checksum128Maker checksum;
  for (size_t l = 0; l < spec.layers.size(); ++l) {
    std::vector<uint32_t> codes;
    std::vector<int32_t> seeds;
    for (size_t t = 0; t < spec.layers[l].tiles(); ++t, at += kWordBytes) {
      const SingleView view = ViewSingle(LoadWord(at));
      if (!view.valid.ok()) {
        return absl::InvalidArgumentError(
            absl::StrCat("word ", t, " of layer ", l, ": ", view.valid.message()));
      }
      codes.push_back(view.hi.fields.code);
      seeds.push_back(view.point.u);
      seeds.push_back(view.point.v);
    }
    std::vector<int32_t> base(spec.layers[l].weights());
    MergeSeeds(spec.layers[l], spec.phase_bits, codes, seeds, base);
    const double unit = spec.LayerUnit(l);
    Statistics& weights = summary.weights.emplace_back();
    std::string bytes;
    for (const int32_t weight : base) {
      weights.Add(weight * unit);
      AppendLittleEndian(static_cast<uint32_t>(weight), bytes);
    }
    checksum.Update(bytes);
  }
  summary.base_checksum = checksum.Finish();
  return absl::OkStatus();
}

std::string Tiles(const ModelSpec& spec) {
  bool same = true;
  for (const LayerSpec& layer : spec.layers) same &= layer.tile == spec.layers[0].tile;
  if (same) return absl::StrCat(spec.layers[0].tile);
  return absl::StrJoin(spec.layers, ",", [](std::string* out, const LayerSpec& layer) {
    absl::StrAppend(out, layer.tile);
  });
}

}  // namespace

absl::StatusOr<SnapshotSummary> SummariseSnapshot(absl::string_view bytes) {
  SnapshotSummary summary;
  SEEDFED_ASSIGN_OR_RETURN(summary.view, ReadSnapshot(bytes));
  if (summary.view.spec.mode == Mode::kPure) {
    SEEDFED_RETURN_IF_ERROR(SummariseSeeds(summary));
  } else {
    SummariseBase(summary);
  }
  return summary;
}

std::string ModelText(const ModelSpec& spec) {
  return absl::StrCat(DescribeLayers(spec.layers), ", ", WithSeparators(spec.weights()),
                      " weights, ", std::string(CodecName(spec.codec)), " codec, ",
                      std::string(ModeName(spec.mode)), " mode, tile ", Tiles(spec), ", ",
                      spec.phase_bits, " phase bits, gain ", spec.gain);
}

ordered_json ModelJson(const ModelSpec& spec) {
  return {{"layers", DescribeLayers(spec.layers)},
          {"weights", spec.weights()},
          {"tile", Tiles(spec)},
          {"codec", std::string(CodecName(spec.codec))},
          {"mode", std::string(ModeName(spec.mode))},
          {"gain", spec.gain},
          {"phase_bits", spec.phase_bits},
          {"update_bytes", spec.update_bytes()}};
}

std::string SnapshotText(const std::string& name, const SnapshotSummary& summary) {
  const SnapshotView& view = summary.view;
  TextTable head({Align::kLeft, Align::kLeft});
  head.Row({"Snapshot", name});
  head.Row({"Version", absl::StrCat(view.version)});
  head.Row({"Round", absl::StrCat(view.round)});
  head.Row({"Model", ModelText(view.spec)});
  head.Row({"Fingerprint", ToHex(view.fingerprint)});
  head.Row({"Base checksum", ToHex(summary.base_checksum)});
  head.Row({"File checksum", absl::StrCat(ToHex(view.checksum), ", matches")});
  TextTable table(std::vector<Align>(9, Align::kRight));
  table.Row({"layer", "rows", "cols", "tile", "tiles", "min", "max", "mean", "std"});
  for (size_t l = 0; l < summary.weights.size(); ++l) {
    const LayerSpec& layer = view.spec.layers[l];
    const Statistics& weights = summary.weights[l];
    table.Row({absl::StrCat(l), absl::StrCat(layer.rows), absl::StrCat(layer.cols),
               absl::StrCat(layer.tile), WithSeparators(layer.tiles()),
               absl::StrFormat("%.5f", weights.min()), absl::StrFormat("%.5f", weights.max()),
               absl::StrFormat("%.6f", weights.mean()), absl::StrFormat("%.6f", weights.stddev())});
  }
  return absl::StrCat(head.Text(), "\nWeights\n", table.Text());
}

ordered_json SnapshotJson(const std::string& name, const SnapshotSummary& summary) {
  const SnapshotView& view = summary.view;
  ordered_json layers = ordered_json::array();
  for (size_t l = 0; l < summary.weights.size(); ++l) {
    const LayerSpec& shape = view.spec.layers[l];
    ordered_json layer = {
        {"rows", shape.rows}, {"cols", shape.cols}, {"tile", shape.tile}, {"tiles", shape.tiles()}};
    layer.update(StatisticsJson(summary.weights[l]));
    layers.push_back(std::move(layer));
  }
  return {{"kind", "snapshot"},
          {"file", name},
          {"version", view.version},
          {"round", view.round},
          {"fingerprint", ToHex(view.fingerprint)},
          {"checksum", ToHex(view.checksum)},
          {"checksum_valid", true},
          {"base_checksum", ToHex(summary.base_checksum)},
          {"model", ModelJson(view.spec)},
          {"layers", std::move(layers)}};
}

}  // namespace seedfed
