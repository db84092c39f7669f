#include "cli/predict/npy_reader.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/predict/label_reader.h"
#include "cli/tensor_files/input_file.h"
#include "cli/tensor_files/npy.h"
#include "cli/tensor_files/values.h"
#include "common/base/status.h"

namespace seedfed {
namespace {

// An array of examples: how it lies in the file.
struct Layout {
  uint64_t count = 0;
  uint32_t rows = 0, columns = 0;  // of an image; a row of numbers: 1 x inputs
  std::optional<DType> dtype;      // absent: bytes
  uint64_t start = 0;              // of the first value in the file

  size_t features() const { return size_t{rows} * columns; }
  uint64_t example_bytes() const { return features() * (dtype ? DTypeBytes(*dtype) : 1); }
};

class NpyExamples final : public ExampleReader {
 public:
  NpyExamples(std::unique_ptr<InputFile> file, const Layout& layout,
              std::unique_ptr<LabelReader> labels)
      : file_(std::move(file)), layout_(layout), labels_(std::move(labels)) {}

  bool labelled() const override { return labels_ != nullptr; }
  const std::string& name() const override { return file_->name(); }

  absl::StatusOr<std::optional<Dataset>> Next(size_t most) override {
    const auto examples = static_cast<size_t>(std::min<uint64_t>(most, layout_.count - next_));
    if (examples == 0) return std::nullopt;
    std::vector<char> bytes(examples * layout_.example_bytes());
    SEEDFED_RETURN_IF_ERROR(file_->ReadAt(layout_.start + next_ * layout_.example_bytes(), bytes));
    std::vector<uint32_t> labels(examples);
    if (labelled()) SEEDFED_RETURN_IF_ERROR(labels_->Read(labels));
    const std::string& labels_name = labelled() ? labels_->name() : name();
    next_ += examples;
    if (!layout_.dtype) {
      return Dataset::FromImages(name(), labels_name, layout_.rows, layout_.columns,
                                 std::vector<uint8_t>(bytes.begin(), bytes.end()),
                                 std::move(labels));
    }
    std::vector<float> values(examples * layout_.features());
    DecodeValues(*layout_.dtype, bytes, std::span(values));
    SEEDFED_RETURN_IF_ERROR(CheckFinite(values));
    return Dataset::FromTable(name(), layout_.features(), std::move(values), std::move(labels));
  }

 private:
  // `values` are those before example next_.
  absl::Status CheckFinite(const std::vector<float>& values) const {
    const auto bad = std::find_if(values.begin(), values.end(),
                                  [](float value) { return !std::isfinite(value); });
    if (bad == values.end()) return absl::OkStatus();
    const auto at = static_cast<size_t>(bad - values.begin());
    const uint64_t first = next_ - values.size() / layout_.features();
    return file_->Bad(absl::StrCat("value ", at % layout_.features(), " of example ",
                                   first + at / layout_.features(), " is ", *bad,
                                   " as a 32-bit float; expected a finite number"));
  }

  std::unique_ptr<InputFile> file_;
  const Layout layout_;
  std::unique_ptr<LabelReader> labels_;  // null: none
  uint64_t next_ = 0;                    // example
};

absl::StatusOr<std::optional<DType>> ParseType(const InputFile& file,
                                               const std::string& description) {
  if (description == "|u1") return std::nullopt;
  if (description == "<f2") return DType::kF16;
  if (description == "<f4") return DType::kF32;
  if (description == "<f8") return DType::kF64;
  return file.Bad(absl::StrCat("the array holds values of type ", Quoted(description),
                               "; expected '|u1', '<f2', '<f4' or '<f8'"));
}

absl::StatusOr<Layout> ReadLayout(const InputFile& file) {
  FileByteReader reader(file, 0);
  SEEDFED_ASSIGN_OR_RETURN(const NpyPreamble preamble, ReadNpyPreamble(reader, file.name()));
  const std::vector<uint64_t>& shape = preamble.dictionary.shape;
  Layout layout;
  SEEDFED_ASSIGN_OR_RETURN(layout.dtype, ParseType(file, preamble.dictionary.description));
  // Its largest type bounds what is computed below.
  if (const absl::Status valid = CheckTensor({"examples", DType::kF64, shape}); !valid.ok()) {
    return file.Bad(valid.message());
  }
  constexpr uint64_t kMostSide = std::numeric_limits<uint32_t>::max();
  if (shape.size() < 2 || shape.size() > 3 || shape[1] > kMostSide || shape.back() > kMostSide) {
    return file.Bad(absl::StrCat("the array has the shape ", ShapeText(shape),
                                 "; expected examples x inputs, or examples x height x width"));
  }
  if (preamble.dictionary.fortran_order) {
    return file.Bad(
        "the array is in Fortran order; expected C order, which numpy.ascontiguousarray makes");
  }
  layout.count = shape[0];
  layout.rows = shape.size() == 3 ? static_cast<uint32_t>(shape[1]) : 1;
  layout.columns = static_cast<uint32_t>(shape.back());
  layout.start = preamble.bytes;
  SEEDFED_RETURN_IF_ERROR(file.CheckSize(layout.start + layout.count * layout.example_bytes()));
  return layout;
}

}  // namespace

absl::StatusOr<std::unique_ptr<ExampleReader>> OpenNpyExamples(const std::string& path,
                                                               const std::string& labels) {
  SEEDFED_ASSIGN_OR_RETURN(std::unique_ptr<InputFile> file, InputFile::Open(path));
  SEEDFED_ASSIGN_OR_RETURN(const Layout layout, ReadLayout(*file));
  SEEDFED_ASSIGN_OR_RETURN(std::unique_ptr<LabelReader> label_reader,
                           OpenLabels(labels, path, layout.count));
  return std::make_unique<NpyExamples>(std::move(file), layout, std::move(label_reader));
}

}  // namespace seedfed
