#include "cli/tensor_files/safetensors.h"

#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/bytes.h"
#include "common/base/status.h"

namespace seedfed {
namespace {

constexpr uint64_t kLengthBytes = 8;

class SafetensorsReader final : public TensorReader {
 public:
  SafetensorsReader(std::unique_ptr<InputFile> file, SafetensorsHeader header, uint64_t data_start)
      : file_(std::move(file)), metadata_(std::move(header.metadata)), next_(0) {
    for (SafetensorsHeader::Tensor& tensor : header.tensors) {
      starts_.push_back(data_start + tensor.begin);
      tensors_.push_back(std::move(tensor.info));
    }
  }

  const std::vector<TensorInfo>& tensors() const override { return tensors_; }
  const Metadata& metadata() const override { return metadata_; }
  absl::string_view format() const override { return "safetensors"; }

  absl::Status Select(size_t index) override {
    next_ = starts_[index];
    return absl::OkStatus();
  }
  absl::Status Read(std::span<char> out) override {
    SEEDFED_RETURN_IF_ERROR(file_->ReadAt(next_, out));
    next_ += out.size();
    return absl::OkStatus();
  }

 private:
  std::unique_ptr<InputFile> file_;
  Metadata metadata_;
  std::vector<TensorInfo> tensors_;
  std::vector<uint64_t> starts_;  // offsets in the file
  uint64_t next_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<TensorReader>> OpenSafetensors(std::unique_ptr<InputFile> file) {
  std::array<char, kLengthBytes> length_bytes;
  SEEDFED_RETURN_IF_ERROR(file->ReadAt(0, length_bytes));
  const auto length = LoadLittleEndian<uint64_t>(length_bytes.data());
  if (length > kMostSafetensorsHeaderBytes) {
    return file->Bad(absl::StrCat("the header has ", length, " bytes; expected at most ",
                                  kMostSafetensorsHeaderBytes));
  }
  if (length > file->size() - kLengthBytes) {
    return file->Bad(absl::StrCat("the file is truncated: its header has ", length,
                                  " bytes, but only ", file->size() - kLengthBytes, " follow"));
  }
  std::string text(length, '\0');
  SEEDFED_RETURN_IF_ERROR(file->ReadAt(kLengthBytes, text));
  const uint64_t start = kLengthBytes + length;
  absl::StatusOr<SafetensorsHeader> header = ParseSafetensorsHeader(text, file->size() - start);
  if (!header.ok()) return file->Bad(header.status().message());
  return std::make_unique<SafetensorsReader>(std::move(file), *std::move(header), start);
}

}  // namespace seedfed
