#include "client/driver/local_data.h"

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/data/csv.h"
#include "client/data/idx.h"
#include "client/data/shard.h"
#include "common/base/key.h"
#include "common/base/status.h"

namespace seedfed {
namespace {

struct Loader {
  Split split;

  absl::StatusOr<Dataset> operator()(const IdxFolderSource& source) const {
    return LoadIdxFolder(source.folder, split);
  }
  absl::StatusOr<Dataset> operator()(const IdxFilesSource& source) const {
    return LoadIdx(source.images, source.labels);
  }
  absl::StatusOr<Dataset> operator()(const CsvSource& source) const {
    return LoadCsv(source.file, source.label_column);
  }
};

}  // namespace

absl::StatusOr<Dataset> LoadData(const DataSource& source, ClientRole role) {
  return std::visit(Loader{role == ClientRole::kTrain ? Split::kTrain : Split::kTest}, source);
}

absl::Status CheckWantedModel(std::span<const LayerSpec> wanted, const ModelSpec& offered) {
  if (wanted.empty()) return absl::OkStatus();
  bool same = wanted.size() == offered.layers.size();
  for (size_t i = 0; same && i < wanted.size(); ++i) {
    same = wanted[i].rows == offered.layers[i].rows && wanted[i].cols == offered.layers[i].cols;
  }
  if (same) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("the federation trains the model ",
                                                 DescribeLayers(offered.layers),
                                                 ", --model asks for ", DescribeLayers(wanted)));
}

absl::StatusOr<Dataset> FitData(Dataset data, const Membership& membership, ClientRole role) {
  const std::vector<LayerSpec>& layers = membership.model.layers;
  SEEDFED_RETURN_IF_ERROR(data.CheckAgainstModel(layers.front().cols - 1, layers.back().rows));
  SEEDFED_RETURN_IF_ERROR(data.set_normalisation(static_cast<float>(membership.plan.input_mean),
                                                 static_cast<float>(membership.plan.input_stddev)));
  if (!membership.shard || role == ClientRole::kEvaluate) return data;
  const Shard& shard = *membership.shard;
  const PhiloxKey key = membership.key.SubKey(Purpose::kSharding);
  SEEDFED_ASSIGN_OR_RETURN(
      const std::vector<uint32_t> indices,
      shard.alpha == 0 ? IidShard(data.examples(), shard.count, shard.index, key)
                       : DirichletShard(data.labels(), shard.count, shard.index, shard.alpha, key));
  return data.Select(indices);
}

}  // namespace seedfed
