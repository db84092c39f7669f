#include "cli/tensor_files/npy.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/bytes.h"
#include "common/base/status.h"

namespace seedfed {
namespace {

constexpr size_t kAlignment = 64;
// Far more than the shape of any array takes.
constexpr uint32_t kMostHeaderBytes = 1 << 20;

std::optional<DType> ParseDescription(absl::string_view text) {
  if (text == "<f2" || text == "=f2") return DType::kF16;
  if (text == "<f4" || text == "=f4") return DType::kF32;
  if (text == "<f8" || text == "=f8") return DType::kF64;
  return std::nullopt;
}

absl::StatusOr<std::string> Description(const TensorInfo& tensor) {
  switch (tensor.dtype) {
    case DType::kF16:
      return "<f2";
    case DType::kF32:
      return "<f4";
    case DType::kF64:
      return "<f8";
    case DType::kBF16:
      break;
  }
  return absl::InvalidArgumentError(
      absl::StrCat("tensor ", Quoted(tensor.name),
                   " is BF16, which NumPy files cannot hold; write a .safetensors file"));
}

class NpyReader final : public TensorReader {
 public:
  NpyReader(std::unique_ptr<InputFile> file, NpyHeader header)
      : file_(std::move(file)), header_(std::move(header)) {
    tensors_.push_back({"arr_0", header_.dtype, header_.shape});
  }

  const std::vector<TensorInfo>& tensors() const override { return tensors_; }
  const Metadata& metadata() const override { return metadata_; }
  absl::string_view format() const override { return "npy"; }

  absl::Status Select(size_t) override {
    values_.emplace(header_, std::make_unique<FileByteReader>(*file_, header_.bytes));
    return absl::OkStatus();
  }
  absl::Status Read(std::span<char> out) override { return values_->Read(out); }

 private:
  std::unique_ptr<InputFile> file_;
  NpyHeader header_;
  std::vector<TensorInfo> tensors_;
  Metadata metadata_;
  std::optional<NpyValues> values_;
};

}  // namespace

absl::StatusOr<NpyPreamble> ReadNpyPreamble(ByteReader& source, absl::string_view where) {
  const auto bad = [where](absl::string_view sentence) {
    return absl::InvalidArgumentError(absl::StrCat(where, ": ", sentence));
  };
  std::array<char, 8> start;  // magic and version
  SEEDFED_RETURN_IF_ERROR(source.Read(start));
  if (absl::string_view(start.data(), kNpyMagic.size()) != kNpyMagic) {
    return bad("not a NumPy array: it does not start with \\x93NUMPY");
  }
  const int major = static_cast<uint8_t>(start[6]), minor = static_cast<uint8_t>(start[7]);
  if (major < 1 || major > 3 || minor != 0) {
    return bad(absl::StrCat("the NumPy header has version ", major, ".", minor,
                            "; expected 1.0, 2.0 or 3.0"));
  }
  std::array<char, 4> length_bytes{};
  const size_t width = major == 1 ? 2 : 4;
  SEEDFED_RETURN_IF_ERROR(source.Read(std::span(length_bytes).first(width)));
  const auto length = LoadLittleEndian<uint32_t>(length_bytes.data());
  if (length > kMostHeaderBytes) {
    return bad(absl::StrCat("the NumPy header has ", length, " bytes; expected at most ",
                            kMostHeaderBytes));
  }
  std::string text(length, '\0');
  SEEDFED_RETURN_IF_ERROR(source.Read(text));
  absl::StatusOr<NpyDictionary> dictionary = ParseNpyDictionary(text);
  if (!dictionary.ok()) return bad(dictionary.status().message());
  return NpyPreamble{*std::move(dictionary), start.size() + width + length};
}

absl::StatusOr<NpyHeader> ReadNpyHeader(ByteReader& source, absl::string_view where) {
  SEEDFED_ASSIGN_OR_RETURN(const NpyPreamble preamble, ReadNpyPreamble(source, where));
  const NpyDictionary& dictionary = preamble.dictionary;
  const std::optional<DType> dtype = ParseDescription(dictionary.description);
  if (!dtype.has_value()) {
    return absl::InvalidArgumentError(absl::StrCat(where, ": the array holds values of type ",
                                                   Quoted(dictionary.description),
                                                   "; expected '<f2', '<f4' or '<f8'"));
  }
  NpyHeader header;
  header.dtype = *dtype;
  header.shape = dictionary.shape;
  // Both orders are the same where there is only one dimension.
  header.fortran_order = dictionary.fortran_order && header.shape.size() > 1;
  header.bytes = preamble.bytes;
  return header;
}

absl::Status CheckNpyTensor(const NpyHeader& header, const TensorInfo& tensor) {
  constexpr uint64_t kMostFortranBytes = uint64_t{1} << 32;
  SEEDFED_RETURN_IF_ERROR(CheckTensor(tensor));
  if (header.fortran_order && tensor.bytes() > kMostFortranBytes) {
    return absl::InvalidArgumentError(absl::StrCat(
        "tensor ", Quoted(tensor.name), " has ", tensor.bytes(),
        " bytes in Fortran order; expected at most ", kMostFortranBytes, ", or C order"));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> NpyHeaderBytes(const TensorInfo& tensor) {
  SEEDFED_ASSIGN_OR_RETURN(const std::string description, Description(tensor));
  std::string shape;
  for (const uint64_t size : tensor.shape) absl::StrAppend(&shape, size, ", ");
  // Python's form: (), (3,), (3, 4).
  if (tensor.shape.size() == 1) shape.pop_back();
  if (tensor.shape.size() > 1) shape.resize(shape.size() - 2);
  std::string text = absl::StrCat("{'descr': '", description,
                                  "', 'fortran_order': False, 'shape': (", shape, "), }");
  constexpr size_t kFixed = 6 + 2 + 2;
  const size_t total = (kFixed + text.size() + 1 + kAlignment - 1) / kAlignment * kAlignment;
  text.resize(total - kFixed - 1, ' ');
  text += '\n';
  // 32 dimensions of at most 15 digits are far from the 65,535 bytes of version 1.0.
  std::string out(kNpyMagic);
  out += '\x01';
  out += '\0';
  AppendLittleEndian(static_cast<uint16_t>(text.size()), out);
  return out + text;
}

absl::Status NpyValues::LoadFortran() {
  uint64_t bytes = DTypeBytes(header_.dtype);
  for (const uint64_t size : header_.shape) bytes *= size;
  fortran_.resize(bytes);
  position_.assign(header_.shape.size(), 0);
  return source_->Read(fortran_);
}

absl::Status NpyValues::Read(std::span<char> out) {
  if (!header_.fortran_order) return source_->Read(out);
  if (fortran_.empty()) SEEDFED_RETURN_IF_ERROR(LoadFortran());
  const size_t width = DTypeBytes(header_.dtype);
  for (size_t done = 0; done < out.size(); done += width) {
    uint64_t place = 0, stride = 1;
    for (size_t d = 0; d < position_.size(); ++d) {
      place += position_[d] * stride;
      stride *= header_.shape[d];
    }
    std::memcpy(out.data() + done, fortran_.data() + place * width, width);
    for (size_t d = position_.size(); d-- > 0;) {
      if (++position_[d] < header_.shape[d]) break;
      position_[d] = 0;
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<TensorReader>> OpenNpy(std::unique_ptr<InputFile> file) {
  FileByteReader source(*file, 0);
  SEEDFED_ASSIGN_OR_RETURN(NpyHeader header, ReadNpyHeader(source, file->name()));
  const TensorInfo tensor = {"arr_0", header.dtype, header.shape};
  if (const absl::Status valid = CheckNpyTensor(header, tensor); !valid.ok()) {
    return file->Bad(valid.message());
  }
  SEEDFED_RETURN_IF_ERROR(file->CheckSize(header.bytes + tensor.bytes()));
  return std::make_unique<NpyReader>(std::move(file), std::move(header));
}

}  // namespace seedfed
