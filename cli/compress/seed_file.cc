#include "cli/compress/seed_file.h"

#include <algorithm>
#include <array>
#include <bit>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/bytes.h"
#include "common/base/hash.h"
#include "common/base/status.h"
#include "common/codec/ensemble_word.h"
#include "common/codec/word.h"

namespace seedfed {
namespace {

constexpr size_t kFixedBytes = 56;
constexpr uint64_t kScaleBytes = sizeof(double);

void AppendText(absl::string_view text, std::string& out) {
  AppendLittleEndian(static_cast<uint32_t>(text.size()), out);
  absl::StrAppend(&out, text);
}

// Takes numbers and texts from the front of a header.
class Parts {
 public:
  explicit Parts(absl::string_view bytes) : rest_(bytes) {}

  template <typename T>
  std::optional<T> Number() {
    if (rest_.size() < sizeof(T)) return std::nullopt;
    const T value = LoadLittleEndian<T>(rest_.data());
    rest_.remove_prefix(sizeof(T));
    return value;
  }

  std::optional<std::string> Text() {
    const std::optional<uint32_t> length = Number<uint32_t>();
    if (!length.has_value() || *length > rest_.size()) return std::nullopt;
    std::string text(rest_.substr(0, *length));
    rest_.remove_prefix(*length);
    return text;
  }

  bool empty() const { return rest_.empty(); }

 private:
  absl::string_view rest_;
};

absl::Status Damaged() {
  return absl::InvalidArgumentError("the header is damaged: its parts do not fill it");
}

absl::StatusOr<SeedTensor> ParseTensor(Parts& parts) {
  SeedTensor tensor;
  std::optional<std::string> name = parts.Text();
  const std::optional<uint32_t> dtype = parts.Number<uint32_t>();
  const std::optional<uint32_t> tile = parts.Number<uint32_t>();
  const std::optional<uint32_t> dimensions = parts.Number<uint32_t>();
  if (!name.has_value() || !dtype.has_value() || !tile.has_value() || !dimensions.has_value()) {
    return Damaged();
  }
  tensor.info.name = *std::move(name);
  if (*dtype < 1 || *dtype > 4) {
    return absl::InvalidArgumentError(absl::StrCat("tensor ", Quoted(tensor.info.name),
                                                   " has the dtype number ", *dtype,
                                                   "; expected 1 to 4"));
  }
  tensor.info.dtype = static_cast<DType>(*dtype);
  if (*tile != 0 && (*tile < 4 || *tile > 256 || !std::has_single_bit(*tile))) {
    return absl::InvalidArgumentError(absl::StrCat("tensor ", Quoted(tensor.info.name),
                                                   " has the tile side ", *tile,
                                                   "; expected 0 or a power of two from 4 to 256"));
  }
  tensor.tile = *tile;
  for (uint32_t d = 0; d < *dimensions; ++d) {
    const std::optional<uint64_t> size = parts.Number<uint64_t>();
    if (!size.has_value()) return Damaged();
    tensor.info.shape.push_back(*size);
  }
  SEEDFED_RETURN_IF_ERROR(CheckTensor(tensor.info));
  if (tensor.tile_row_bytes() > kMostTileRowBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("a tile row of tensor ", Quoted(tensor.info.name), " has ",
                     tensor.tile_row_bytes(), " bytes; expected at most ", kMostTileRowBytes));
  }
  return tensor;
}

// The header behind magic, version and length.
absl::StatusOr<SeedFileHeader> ParseHeader(absl::string_view bytes) {
  SeedFileHeader header;
  const auto codec = LoadLittleEndian<uint32_t>(bytes.data() + 20);
  if (codec != static_cast<uint32_t>(Codec::kEnsemble) &&
      codec != static_cast<uint32_t>(Codec::kSingle)) {
    return absl::InvalidArgumentError(
        absl::StrCat("the codec number is ", codec, "; expected 1 (ensemble) or 2 (single)"));
  }
  header.codec = static_cast<Codec>(codec);
  header.phase_bits = LoadLittleEndian<uint32_t>(bytes.data() + 24);
  if (header.phase_bits != 2 && header.phase_bits != 4) {
    return absl::InvalidArgumentError(
        absl::StrCat("phase bits is ", header.phase_bits, "; expected 2 or 4"));
  }
  header.codes = LoadLittleEndian<uint32_t>(bytes.data() + 28);
  if (header.codes < 1 || header.codes > kMostCodes) {
    return absl::InvalidArgumentError(
        absl::StrCat("the number of codes is ", header.codes, "; expected 1 to ", kMostCodes));
  }
  SEEDFED_ASSIGN_OR_RETURN(header.key, FederationKey::FromBytes(bytes.substr(32, 16)));
  const auto tensors = LoadLittleEndian<uint32_t>(bytes.data() + 48);
  const auto pairs = LoadLittleEndian<uint32_t>(bytes.data() + 52);
  Parts rest(bytes.substr(kFixedBytes));
  std::set<std::string> names;
  for (uint32_t i = 0; i < tensors; ++i) {
    SEEDFED_ASSIGN_OR_RETURN(SeedTensor tensor, ParseTensor(rest));
    if (!names.insert(tensor.info.name).second) {
      return absl::InvalidArgumentError(
          absl::StrCat("the tensor ", Quoted(tensor.info.name), " stands twice"));
    }
    header.tensors.push_back(std::move(tensor));
  }
  for (uint32_t i = 0; i < pairs; ++i) {
    std::optional<std::string> key = rest.Text();
    std::optional<std::string> value = rest.Text();
    if (!key.has_value() || !value.has_value()) return Damaged();
    if (!IsUtf8(*key) || !IsUtf8(*value)) {
      return absl::InvalidArgumentError("the metadata is not UTF-8");
    }
    header.metadata[*std::move(key)] = *std::move(value);
  }
  if (!rest.empty()) return Damaged();
  return header;
}

}  // namespace

uint32_t SeedFileHeader::code_bits() const {
  return codec == Codec::kEnsemble ? static_cast<uint32_t>(std::bit_width(codes - 1)) : 0;
}

uint64_t SeedFileHeader::word_bytes(const SeedTensor& tensor) const {
  const uint64_t per_word = codec == Codec::kEnsemble ? kSubSeeds : 1;
  return (tensor.tiles() + per_word - 1) / per_word * kWordBytes;
}

uint64_t SeedFileHeader::code_bytes(const SeedTensor& tensor) const {
  return (tensor.tiles() * code_bits() + 7) / 8;
}

uint64_t SeedFileHeader::tensor_bytes(const SeedTensor& tensor) const {
  if (tensor.tile == 0) return tensor.info.bytes();
  return kScaleBytes + word_bytes(tensor) + code_bytes(tensor);
}

std::string SeedFileHeaderBytes(const SeedFileHeader& header) {
  std::string out(kSeedFileMagic);
  AppendLittleEndian(kSeedFileVersion, out);
  AppendLittleEndian(uint64_t{0}, out);  // the length, when it is known
  AppendLittleEndian(static_cast<uint32_t>(header.codec), out);
  AppendLittleEndian(header.phase_bits, out);
  AppendLittleEndian(header.codes, out);
  out.append(header.key.bytes().begin(), header.key.bytes().end());
  AppendLittleEndian(static_cast<uint32_t>(header.tensors.size()), out);
  AppendLittleEndian(static_cast<uint32_t>(header.metadata.size()), out);
  for (const SeedTensor& tensor : header.tensors) {
    AppendText(tensor.info.name, out);
    AppendLittleEndian(static_cast<uint32_t>(tensor.info.dtype), out);
    AppendLittleEndian(tensor.tile, out);
    AppendLittleEndian(static_cast<uint32_t>(tensor.info.shape.size()), out);
    for (const uint64_t size : tensor.info.shape) AppendLittleEndian(size, out);
  }
  for (const auto& [key, value] : header.metadata) {
    AppendText(key, out);
    AppendText(value, out);
  }
  StoreLittleEndian(static_cast<uint64_t>(out.size()), out.data() + 12);
  return out;
}

absl::StatusOr<LoadedSeedFileHeader> ReadSeedFileHeader(const InputFile& file) {
  std::string bytes(kFixedBytes, '\0');
  SEEDFED_RETURN_IF_ERROR(file.ReadAt(0, bytes));
  if (absl::string_view(bytes).substr(0, kSeedFileMagic.size()) != kSeedFileMagic) {
    return file.Bad("not a seed file: it does not start with SEEDFILE");
  }
  const auto version = LoadLittleEndian<uint32_t>(bytes.data() + 8);
  if (version != kSeedFileVersion) {
    return file.Bad(
        absl::StrCat("the seed file has version ", version, "; expected ", kSeedFileVersion));
  }
  const auto length = LoadLittleEndian<uint64_t>(bytes.data() + 12);
  if (length < kFixedBytes || length > kMostSeedHeaderBytes) {
    return file.Bad(absl::StrCat("the header has ", length, " bytes; expected ", kFixedBytes,
                                 " to ", kMostSeedHeaderBytes));
  }
  if (length > file.size()) {
    return file.Bad(absl::StrCat("the file is truncated: its header has ", length,
                                 " bytes, the whole file ", file.size()));
  }
  bytes.resize(static_cast<size_t>(length));
  SEEDFED_RETURN_IF_ERROR(file.ReadAt(0, bytes));
  absl::StatusOr<SeedFileHeader> header = ParseHeader(bytes);
  if (!header.ok()) return file.Bad(header.status().message());

  LoadedSeedFileHeader loaded;
  loaded.header = *std::move(header);
  uint64_t end = length;
  for (const SeedTensor& tensor : loaded.header.tensors) {
    loaded.starts.push_back(end);
    end += loaded.header.tensor_bytes(tensor);
    // A tensor has less than 2^56 bytes, so this stops before the sum overflows.
    if (end > file.size()) {
      return file.Bad(absl::StrCat("the file is truncated: it ends after ", file.size(),
                                   " bytes, in tensor ", Quoted(tensor.info.name)));
    }
  }
  SEEDFED_RETURN_IF_ERROR(file.CheckSize(end + kSeedFileChecksumBytes));
  return loaded;
}

absl::Status CheckSeedFileChecksum(const InputFile& file) {
  Blake2b128Hasher hasher;
  std::array<char, 1 << 16> buffer;
  uint64_t offset = 0;
  uint64_t left = file.size() - std::min<uint64_t>(file.size(), kSeedFileChecksumBytes);
  while (left > 0) {
    const auto part =
        std::span(buffer).first(static_cast<size_t>(std::min<uint64_t>(left, buffer.size())));
    SEEDFED_RETURN_IF_ERROR(file.ReadAt(offset, part));
    hasher.Update({part.data(), part.size()});
    offset += part.size();
    left -= part.size();
  }
  std::array<char, kSeedFileChecksumBytes> expected;
  SEEDFED_RETURN_IF_ERROR(file.ReadAt(offset, expected));
  if (ToBytes(hasher.Finish()) != std::string(expected.begin(), expected.end())) {
    return file.Bad("the seed file is damaged: its checksum does not match");
  }
  return absl::OkStatus();
}

uint32_t LoadPackedCode(absl::string_view bytes, uint32_t bits, uint64_t index) {
  const uint64_t start = index * bits;
  uint64_t window = 0;
  for (uint64_t i = 0; i < 4 && start / 8 + i < bytes.size(); ++i) {
    window |= uint64_t{static_cast<uint8_t>(bytes[start / 8 + i])} << (8 * i);
  }
  return static_cast<uint32_t>(window >> (start % 8)) & ((1U << bits) - 1);
}

std::string PackCodes(const std::vector<uint32_t>& codes, uint32_t bits) {
  std::string out;
  out.reserve((codes.size() * bits + 7) / 8);
  uint64_t window = 0;
  uint32_t filled = 0;
  for (const uint32_t code : codes) {
    window |= uint64_t{code} << filled;
    for (filled += bits; filled >= 8; filled -= 8, window >>= 8) {
      out += static_cast<char>(window & 0xff);
    }
  }
  if (filled > 0) out += static_cast<char>(window & 0xff);
  return out;
}

}  // namespace seedfed
