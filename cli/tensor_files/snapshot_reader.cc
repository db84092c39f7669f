#include "cli/tensor_files/snapshot_reader.h"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/tensor_files/layer_seeds.h"
#include "cli/tensor_files/values.h"
#include "common/base/bytes.h"
#include "common/base/status.h"
#include "common/model/merge.h"
#include "common/model/snapshot.h"

namespace seedfed {
namespace {

constexpr size_t kNoLayer = std::numeric_limits<size_t>::max();

class SnapshotReader final : public TensorReader {
 public:
  SnapshotReader(std::string name, std::string bytes, const SnapshotView& view)
      : name_(std::move(name)), bytes_(std::move(bytes)), spec_(view.spec) {
    // The view is into the bytes that were moved.
    payload_ =
        absl::string_view(bytes_).substr(bytes_.size() - sizeof(Digest128) - view.payload.size());
    for (size_t l = 0; l < spec_.layers.size(); ++l) {
      const uint64_t rows = spec_.layers[l].rows, inputs = spec_.layers[l].cols - 1;
      tensors_.push_back({absl::StrCat("layer.", l, ".weight"), DType::kF32, {rows, inputs}});
      tensors_.push_back({absl::StrCat("layer.", l, ".bias"), DType::kF32, {rows}});
    }
    metadata_["seedfed.round"] = absl::StrCat(view.round);
    metadata_["seedfed.fingerprint"] = ToHex(view.fingerprint);
    metadata_["seedfed.model"] = DescribeLayers(spec_.layers);
  }

  const std::vector<TensorInfo>& tensors() const override { return tensors_; }
  const Metadata& metadata() const override { return metadata_; }
  absl::string_view format() const override { return "snapshot"; }

  absl::Status Select(size_t index) override {
    if (index / 2 != layer_) {
      layer_ = kNoLayer;
      SEEDFED_RETURN_IF_ERROR(spec_.mode == Mode::kPure ? LoadWords(index / 2)
                                                        : LoadBase(index / 2));
      layer_ = index / 2;
    }
    bias_ = index % 2 == 1;
    next_ = 0;
    return absl::OkStatus();
  }

  absl::Status Read(std::span<char> out) override {
    const size_t cols = spec_.layers[layer_].cols;
    const double unit = spec_.LayerUnit(layer_);
    for (size_t done = 0; done < out.size(); done += sizeof(float), ++next_) {
      // The last column of the base is the bias.
      const size_t row = bias_ ? next_ : next_ / (cols - 1);
      const size_t col = bias_ ? cols - 1 : next_ % (cols - 1);
      const double value = base_[row * cols + col] * unit;
      EncodeValues(DType::kF32, {&value, 1}, out.subspan(done, sizeof(float)));
    }
    return absl::OkStatus();
  }

 private:
  absl::Status LoadBase(size_t layer) {
    size_t start = 0;
    for (size_t l = 0; l < layer; ++l) start += spec_.layers[l].weights();
    base_.resize(spec_.layers[layer].weights());
    for (size_t i = 0; i < base_.size(); ++i) {
      base_[i] = static_cast<int32_t>(
          LoadLittleEndian<uint32_t>(payload_.data() + (start + i) * sizeof(int32_t)));
    }
    return absl::OkStatus();
  }

  absl::Status LoadWords(size_t layer) {
    const absl::StatusOr<LayerSeeds> read = ReadLayerSeeds(spec_, layer, payload_);
    if (!read.ok()) {
      return absl::InvalidArgumentError(absl::StrCat(name_, ": ", read.status().message()));
    }
    base_.assign(spec_.layers[layer].weights(), 0);
    MergeSeeds(spec_.layers[layer], spec_.phase_bits, read->codes, read->seeds, base_);
    return absl::OkStatus();
  }

  const std::string name_;
  const std::string bytes_;
  const ModelSpec spec_;
  absl::string_view payload_;
  std::vector<TensorInfo> tensors_;
  Metadata metadata_;
  size_t layer_ = kNoLayer;    // whose base is loaded
  std::vector<int32_t> base_;  // row-major, in units of the layer
  bool bias_ = false;
  size_t next_ = 0;  // value of the selected tensor
};

}  // namespace

absl::StatusOr<std::string> ReadSnapshotFile(const InputFile& file) {
  // A model of the largest size, with room for its layers' list.
  constexpr uint64_t kMostBytes = kMaxWeights * sizeof(int32_t) + (1 << 20);
  if (file.size() > kMostBytes) {
    return file.Bad(
        absl::StrCat("the snapshot has ", file.size(), " bytes; expected at most ", kMostBytes));
  }
  std::string bytes(static_cast<size_t>(file.size()), '\0');
  SEEDFED_RETURN_IF_ERROR(file.ReadAt(0, bytes));
  return bytes;
}

absl::StatusOr<std::unique_ptr<TensorReader>> OpenSnapshot(std::unique_ptr<InputFile> file) {
  SEEDFED_ASSIGN_OR_RETURN(std::string bytes, ReadSnapshotFile(*file));
  return OpenSnapshotBytes(file->name(), std::move(bytes));
}

absl::StatusOr<std::unique_ptr<TensorReader>> OpenSnapshotBytes(std::string name,
                                                                std::string bytes) {
  const absl::StatusOr<SnapshotView> view = ReadSnapshot(bytes);
  if (!view.ok()) {
    return absl::InvalidArgumentError(absl::StrCat(name, ": ", view.status().message()));
  }
  return std::make_unique<SnapshotReader>(std::move(name), std::move(bytes), *view);
}

}  // namespace seedfed
