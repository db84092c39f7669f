#include "cli/tensor_files/tensor.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace seedfed {
namespace {

constexpr size_t kMostNameBytes = 65'535;
constexpr size_t kMostDimensions = 32;
constexpr uint64_t kMostElements = uint64_t{1} << 48;

}  // namespace

absl::string_view DTypeName(DType dtype) {
  switch (dtype) {
    case DType::kF16:
      return "F16";
    case DType::kBF16:
      return "BF16";
    case DType::kF32:
      return "F32";
    case DType::kF64:
      return "F64";
  }
  return "unknown";
}

size_t DTypeBytes(DType dtype) {
  switch (dtype) {
    case DType::kF16:
    case DType::kBF16:
      return 2;
    case DType::kF32:
      return 4;
    case DType::kF64:
      return 8;
  }
  return 0;
}

uint64_t TensorInfo::elements() const {
  uint64_t product = 1;
  for (const uint64_t size : shape) product *= size;
  return product;
}

absl::Status CheckTensor(const TensorInfo& tensor) {
  if (tensor.name.size() > kMostNameBytes) {
    return absl::InvalidArgumentError(absl::StrCat("a tensor's name has ", tensor.name.size(),
                                                   " bytes; expected at most ", kMostNameBytes));
  }
  if (!IsUtf8(tensor.name)) {
    return absl::InvalidArgumentError(
        absl::StrCat("the tensor name '", absl::CHexEscape(tensor.name), "' is not UTF-8"));
  }
  if (tensor.shape.size() > kMostDimensions) {
    return absl::InvalidArgumentError(
        absl::StrCat("tensor ", Quoted(tensor.name), " has ", tensor.shape.size(),
                     " dimensions; expected at most ", kMostDimensions));
  }
  uint64_t elements = 1;
  for (const uint64_t size : tensor.shape) {
    if (size == 0) {
      return absl::InvalidArgumentError(absl::StrCat("tensor ", Quoted(tensor.name),
                                                     " has the shape ", ShapeText(tensor.shape),
                                                     ", which holds no values"));
    }
    if (size > kMostElements / elements) {
      return absl::InvalidArgumentError(absl::StrCat("tensor ", Quoted(tensor.name),
                                                     " has the shape ", ShapeText(tensor.shape),
                                                     "; expected at most 2^48 values"));
    }
    elements *= size;
  }
  return absl::OkStatus();
}

std::string ShapeText(std::span<const uint64_t> shape) {
  return shape.empty() ? "scalar" : absl::StrJoin(shape, "x");
}

std::string Quoted(absl::string_view name) {
  return absl::StrCat("'", absl::Utf8SafeCHexEscape(name), "'");
}

bool IsUtf8(absl::string_view text) {
  for (size_t i = 0; i < text.size();) {
    const auto lead = static_cast<uint8_t>(text[i]);
    const size_t length = lead < 0x80   ? 1
                          : lead < 0xc2 ? 0
                          : lead < 0xe0 ? 2
                          : lead < 0xf0 ? 3
                          : lead < 0xf5 ? 4
                                        : 0;
    if (length == 0 || length > text.size() - i) return false;
    uint32_t point = length == 1 ? lead : lead & (0x7fU >> length);
    for (size_t k = 1; k < length; ++k) {
      const auto next = static_cast<uint8_t>(text[i + k]);
      if ((next & 0xc0) != 0x80) return false;
      point = point << 6 | (next & 0x3f);
    }
    const bool overlong = (length == 3 && point < 0x800) || (length == 4 && point < 0x10000);
    const bool surrogate = point >= 0xd800 && point <= 0xdfff;
    if (overlong || surrogate || point > 0x10ffff) return false;
    i += length;
  }
  return true;
}

}  // namespace seedfed
