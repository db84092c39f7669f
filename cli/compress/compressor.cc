#include "cli/compress/compressor.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "cli/compress/code_search.h"
#include "cli/compress/tensor_seeds.h"
#include "cli/tensor_files/values.h"
#include "common/base/hash.h"
#include "common/base/status.h"
#include "common/pattern/rotation.h"

namespace seedfed {
namespace {

constexpr size_t kCopyValues = 1 << 14;

// An output with the checksum of what was written.
class HashedOutput {
 public:
  explicit HashedOutput(OutputFile& out) : out_(out) {}

  absl::Status Write(absl::string_view bytes) {
    hasher_.Update(bytes);
    return out_.Write({bytes.data(), bytes.size()});
  }

  absl::Status WriteChecksum() { return out_.Write(ToBytes(hasher_.Finish())); }

 private:
  OutputFile& out_;
  Blake2b128Hasher hasher_;
};

// Copies a tensor's values.
absl::StatusOr<double> CopyTensor(TensorReader& reader, size_t index, HashedOutput& out) {
  const TensorInfo& info = reader.tensors()[index];
  const size_t width = DTypeBytes(info.dtype);
  SEEDFED_RETURN_IF_ERROR(reader.Select(index));
  double energy = 0;
  std::vector<double> values;
  std::string bytes;
  for (uint64_t done = 0; done < info.elements(); done += values.size()) {
    values.resize(static_cast<size_t>(std::min<uint64_t>(kCopyValues, info.elements() - done)));
    SEEDFED_RETURN_IF_ERROR(ReadFinite(reader, info, done, values));
    for (const double value : values) energy += value * value;
    bytes.resize(values.size() * width);
    // Exact, as the values come from this type.
    EncodeValues(info.dtype, values, bytes);
    SEEDFED_RETURN_IF_ERROR(out.Write(bytes));
  }
  return energy;
}

}  // namespace

double TensorReport::ratio() const {
  return static_cast<double>(tensor.info.bytes()) / static_cast<double>(bytes_out);
}

double TensorReport::bits_per_weight() const {
  return 8 * static_cast<double>(bytes_out) / static_cast<double>(tensor.info.elements());
}

double TensorReport::rmse() const {
  return std::sqrt(error / static_cast<double>(tensor.info.elements()));
}

double TensorReport::captured() const { return energy > 0 ? 1 - error / energy : 1; }

double TensorReport::gaussian_limit() const {
  return as_values() ? 1 : 1 - std::exp2(-2 * bits_per_weight());
}

uint32_t TileFor(const TensorInfo& info, const SeedFileHeader& header, uint32_t tile) {
  const SeedTensor tiled = {info, tile};
  if (info.shape.size() < 2 || tiled.rows() < tile || tiled.cols() < tile) return 0;
  if (tiled.tile_row_bytes() > kMostTileRowBytes) return 0;
  return header.tensor_bytes(tiled) < info.bytes() ? tile : 0;
}

absl::StatusOr<CompressReport> Compress(TensorReader& reader, const CompressSettings& settings,
                                        OutputFile& out) {
  SeedFileHeader header = {.codec = settings.codec,
                           .phase_bits = settings.phase_bits,
                           .codes = settings.codes,
                           .metadata = reader.metadata()};
  if (settings.codes == 1) header.key = settings.key;
  for (const TensorInfo& info : reader.tensors()) {
    header.tensors.push_back({info, TileFor(info, header, settings.tile)});
  }
  const std::string header_bytes = SeedFileHeaderBytes(header);
  if (header_bytes.size() > kMostSeedHeaderBytes) {
    return absl::InvalidArgumentError(absl::StrCat("the seed file's header would have ",
                                                   header_bytes.size(), " bytes; expected at most ",
                                                   kMostSeedHeaderBytes));
  }
  HashedOutput hashed(out);
  SEEDFED_RETURN_IF_ERROR(hashed.Write(header_bytes));

  CompressReport report;
  report.bytes_in = TotalBytes(reader.tensors());
  CodeSearch search(settings.tile, settings.phase_bits, settings.codes);
  const PhiloxKey codes_key = header.key.SubKey(Purpose::kCodes);
  for (size_t i = 0; i < header.tensors.size(); ++i) {
    const SeedTensor& tensor = header.tensors[i];
    TensorReport row = {.tensor = tensor, .bytes_out = header.tensor_bytes(tensor)};
    if (tensor.tile == 0) {
      SEEDFED_ASSIGN_OR_RETURN(row.energy, CopyTensor(reader, i, hashed));
    } else {
      std::vector<uint32_t> scheduled(settings.codes == 1 ? tensor.tiles() : 0);
      TileCodes(codes_key, 0, static_cast<uint32_t>(i), scheduled);
      SEEDFED_ASSIGN_OR_RETURN(const TensorSeeds seeds, FitTensor(reader, i, tensor, scheduled,
                                                                  settings.phase_bits, search));
      const EncodedTensor encoded = EncodeTensor(header, tensor, seeds);
      SEEDFED_RETURN_IF_ERROR(hashed.Write(encoded.bytes));
      row.energy = encoded.energy;
      row.error = encoded.error;
    }
    report.tensors.push_back(std::move(row));
  }
  SEEDFED_RETURN_IF_ERROR(hashed.WriteChecksum());
  report.bytes_out = out.size();
  header.tensors.clear();
  report.header = std::move(header);
  return report;
}

}  // namespace seedfed
