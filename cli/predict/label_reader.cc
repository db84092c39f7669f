#include "cli/predict/label_reader.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/tensor_files/input_file.h"
#include "cli/tensor_files/npy.h"
#include "client/data/byte_source.h"
#include "client/data/idx.h"
#include "common/base/status.h"

namespace seedfed {
namespace {

class IdxLabels final : public LabelReader {
 public:
  IdxLabels(std::unique_ptr<ByteSource> file, const IdxLabelsHeader& header)
      : file_(std::move(file)), count_(header.count), body_(header.Body(*file_)) {}

  uint64_t count() const override { return count_; }
  const std::string& name() const override { return file_->name(); }

  absl::Status Read(std::span<uint32_t> out) override {
    std::vector<uint8_t> bytes(out.size());
    SEEDFED_RETURN_IF_ERROR(body_.Read(bytes));
    std::copy(bytes.begin(), bytes.end(), out.begin());
    return absl::OkStatus();
  }

 private:
  std::unique_ptr<ByteSource> file_;
  const uint64_t count_;
  IdxBody body_;
};

// Whole numbers of `bytes` bytes, little-endian.
struct WholeType {
  size_t bytes;
  bool is_signed;
};

std::optional<WholeType> ParseWholeType(absl::string_view description) {
  if (description.size() != 3 || (description[1] != 'u' && description[1] != 'i')) {
    return std::nullopt;
  }
  const size_t bytes = static_cast<size_t>(description[2] - '0');
  const bool size_known = bytes == 1 || bytes == 2 || bytes == 4 || bytes == 8;
  const bool order_known =
      description[0] == '<' || description[0] == '=' || (description[0] == '|' && bytes == 1);
  if (!size_known || !order_known) return std::nullopt;
  return WholeType{bytes, description[1] == 'i'};
}

class NpyLabels final : public LabelReader {
 public:
  NpyLabels(std::unique_ptr<InputFile> file, uint64_t count, WholeType type, uint64_t start)
      : file_(std::move(file)), count_(count), type_(type), start_(start) {}

  uint64_t count() const override { return count_; }
  const std::string& name() const override { return file_->name(); }

  absl::Status Read(std::span<uint32_t> out) override {
    std::vector<char> bytes(out.size() * type_.bytes);
    SEEDFED_RETURN_IF_ERROR(file_->ReadAt(start_ + next_ * type_.bytes, bytes));
    for (size_t i = 0; i < out.size(); ++i, ++next_) {
      uint64_t value = 0;
      for (size_t b = type_.bytes; b-- > 0;) {
        value = value << 8 | static_cast<uint8_t>(bytes[i * type_.bytes + b]);
      }
      const bool negative = type_.is_signed && (value >> (8 * type_.bytes - 1)) != 0;
      if (negative || value > std::numeric_limits<uint32_t>::max()) {
        return file_->Bad(absl::StrCat("label ", next_, " is ",
                                       negative ? "negative" : absl::StrCat(value),
                                       "; expected a number from 0 to 4294967295"));
      }
      out[i] = static_cast<uint32_t>(value);
    }
    return absl::OkStatus();
  }

 private:
  std::unique_ptr<InputFile> file_;
  const uint64_t count_;
  const WholeType type_;
  const uint64_t start_;
  uint64_t next_ = 0;
};

absl::StatusOr<std::unique_ptr<LabelReader>> OpenNpyLabels(std::unique_ptr<InputFile> file) {
  FileByteReader reader(*file, 0);
  SEEDFED_ASSIGN_OR_RETURN(const NpyPreamble preamble, ReadNpyPreamble(reader, file->name()));
  const std::optional<WholeType> type = ParseWholeType(preamble.dictionary.description);
  if (!type) {
    return file->Bad(absl::StrCat("labels are whole numbers, not of type ",
                                  Quoted(preamble.dictionary.description),
                                  "; expected '|u1' to '<i8'"));
  }
  const std::vector<uint64_t>& shape = preamble.dictionary.shape;
  const TensorInfo array = {"labels", DType::kF64, shape};
  if (const absl::Status valid = CheckTensor(array); !valid.ok()) return file->Bad(valid.message());
  if (shape.empty() || array.elements() != shape[0]) {
    return file->Bad(
        absl::StrCat("labels have the shape ", ShapeText(shape), "; expected n or nx1"));
  }
  SEEDFED_RETURN_IF_ERROR(file->CheckSize(preamble.bytes + shape[0] * type->bytes));
  return std::make_unique<NpyLabels>(std::move(file), shape[0], *type, preamble.bytes);
}

absl::StatusOr<std::unique_ptr<LabelReader>> OpenAny(const std::string& path) {
  SEEDFED_ASSIGN_OR_RETURN(std::unique_ptr<InputFile> file, InputFile::Open(path));
  std::string start(std::min<uint64_t>(file->size(), kNpyMagic.size()), '\0');
  SEEDFED_RETURN_IF_ERROR(file->ReadAt(0, start));
  if (start == kNpyMagic) return OpenNpyLabels(std::move(file));
  SEEDFED_ASSIGN_OR_RETURN(std::unique_ptr<ByteSource> source, OpenFile(path));
  SEEDFED_ASSIGN_OR_RETURN(const IdxLabelsHeader header, ReadIdxLabelsHeader(*source));
  return std::make_unique<IdxLabels>(std::move(source), header);
}

}  // namespace

absl::StatusOr<std::unique_ptr<LabelReader>> OpenLabels(const std::string& path,
                                                        const std::string& examples_name,
                                                        uint64_t examples) {
  if (path.empty()) return nullptr;
  SEEDFED_ASSIGN_OR_RETURN(std::unique_ptr<LabelReader> labels, OpenAny(path));
  if (labels->count() != examples) {
    return absl::InvalidArgumentError(absl::StrCat(examples_name, " has ", examples,
                                                   " examples but ", path, " has ", labels->count(),
                                                   " labels"));
  }
  return labels;
}

}  // namespace seedfed
