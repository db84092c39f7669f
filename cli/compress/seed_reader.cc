#include "cli/compress/seed_reader.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/compress/seed_file.h"
#include "cli/tensor_files/open.h"
#include "cli/tensor_files/values.h"
#include "common/base/bytes.h"
#include "common/base/status.h"
#include "common/codec/ensemble_word.h"
#include "common/codec/single_word.h"
#include "common/pattern/rotation.h"

namespace seedfed {
namespace {

class SeedReader final : public TensorReader {
 public:
  SeedReader(std::unique_ptr<InputFile> file, LoadedSeedFileHeader loaded)
      : file_(std::move(file)),
        header_(std::move(loaded.header)),
        starts_(std::move(loaded.starts)) {
    for (const SeedTensor& tensor : header_.tensors) tensors_.push_back(tensor.info);
  }

  const std::vector<TensorInfo>& tensors() const override { return tensors_; }
  const Metadata& metadata() const override { return header_.metadata; }
  absl::string_view format() const override { return "seeds"; }

  absl::Status Select(size_t index) override {
    index_ = index;
    block_.clear();
    taken_ = 0;
    next_tile_row_ = 0;
    next_byte_ = starts_[index];
    return tensor().tile == 0 ? absl::OkStatus() : Load();
  }

  absl::Status Read(std::span<char> out) override {
    if (tensor().tile == 0) {
      SEEDFED_RETURN_IF_ERROR(file_->ReadAt(next_byte_, out));
      next_byte_ += out.size();
      return absl::OkStatus();
    }
    while (!out.empty()) {
      if (taken_ == block_.size()) SEEDFED_RETURN_IF_ERROR(ExpandTileRow());
      const size_t part = std::min(out.size(), block_.size() - taken_);
      std::copy_n(block_.data() + taken_, part, out.data());
      taken_ += part;
      out = out.subspan(part);
    }
    return absl::OkStatus();
  }

 private:
  const SeedTensor& tensor() const { return header_.tensors[index_]; }

  absl::Status Bad(absl::string_view sentence) const {
    return file_->Bad(absl::StrCat("tensor ", Quoted(tensor().info.name), ": ", sentence));
  }

  // Scale, words and codes of the selected tensor.
  absl::Status Load() {
    char scale_bytes[sizeof(double)];
    SEEDFED_RETURN_IF_ERROR(file_->ReadAt(next_byte_, scale_bytes));
    scale_ = std::bit_cast<double>(LoadLittleEndian<uint64_t>(scale_bytes));
    if (!(scale_ >= 0) || !std::isfinite(scale_)) {
      return Bad(absl::StrCat("the scale is ", scale_, "; expected a finite number of at least 0"));
    }
    words_.resize(static_cast<size_t>(header_.word_bytes(tensor())));
    SEEDFED_RETURN_IF_ERROR(file_->ReadAt(next_byte_ + sizeof(double), words_));
    codes_.resize(static_cast<size_t>(header_.code_bytes(tensor())));
    SEEDFED_RETURN_IF_ERROR(file_->ReadAt(next_byte_ + sizeof(double) + words_.size(), codes_));
    scheduled_.clear();
    if (header_.codec == Codec::kEnsemble && header_.codes == 1) {
      scheduled_.resize(static_cast<size_t>(tensor().tiles()));
      TileCodes(header_.key.SubKey(Purpose::kCodes), 0, static_cast<uint32_t>(index_), scheduled_);
    }
    return absl::OkStatus();
  }

  struct Tile {
    uint32_t code = 0;
    Seed seed;
  };

  absl::StatusOr<Tile> TileAt(uint64_t number) const {
    Tile tile;
    if (header_.codec == Codec::kSingle) {
      const Word word = LoadWord(words_.data() + number * kWordBytes);
      tile.code = UnpackPacked64(word.hi).code;
      const absl::StatusOr<Seed> seed = DecodeSingle(word, tile.code);
      if (!seed.ok()) return Bad(absl::StrCat("word ", number, ": ", seed.status().message()));
      tile.seed = *seed;
      return tile;
    }
    const Word word = LoadWord(words_.data() + number / kSubSeeds * kWordBytes);
    tile.seed = DecodeEnsemble(word)[number % kSubSeeds];
    tile.code = scheduled_.empty() ? LoadPackedCode(codes_, header_.code_bits(), number)
                                   : scheduled_[number];
    if (scheduled_.empty() && tile.code >= header_.codes) {
      return Bad(absl::StrCat("the code of tile ", number, " is ", tile.code,
                              "; expected less than ", header_.codes));
    }
    return tile;
  }

  // Makes the next tile row's values the block.
  absl::Status ExpandTileRow() {
    const size_t side = tensor().tile;
    const auto matrix_cols = static_cast<size_t>(tensor().cols());
    const size_t width = DTypeBytes(tensor().info.dtype);
    const auto rows =
        static_cast<size_t>(std::min<uint64_t>(side, tensor().rows() - next_tile_row_ * side));
    block_.resize(rows * matrix_cols * width);
    taken_ = 0;
    const std::span<const PhaseVector> table = PhaseTable(header_.phase_bits);
    std::vector<uint8_t> phases(side * side);
    std::vector<double> values(side);
    std::vector<double> by_phase(table.size());
    for (size_t c = 0; c < tensor().tile_cols(); ++c) {
      SEEDFED_ASSIGN_OR_RETURN(const Tile tile, TileAt(next_tile_row_ * tensor().tile_cols() + c));
      TilePhases(tile.code, header_.phase_bits, phases);
      for (size_t q = 0; q < table.size(); ++q) {
        const int64_t sum =
            int64_t{tile.seed.u} * table[q].cos + int64_t{tile.seed.v} * table[q].sin;
        by_phase[q] = scale_ * (static_cast<double>(sum) * 0x1p-44);
      }
      const size_t cols = std::min(side, matrix_cols - c * side);
      for (size_t i = 0; i < rows; ++i) {
        for (size_t j = 0; j < cols; ++j) values[j] = by_phase[phases[i * side + j]];
        EncodeValues(tensor().info.dtype, std::span(values).first(cols),
                     std::span(block_).subspan((i * matrix_cols + c * side) * width, cols * width));
      }
    }
    ++next_tile_row_;
    return absl::OkStatus();
  }

  std::unique_ptr<InputFile> file_;
  const SeedFileHeader header_;
  const std::vector<uint64_t> starts_;
  std::vector<TensorInfo> tensors_;

  size_t index_ = 0;
  uint64_t next_byte_ = 0;  // in the file, of a tensor stored as it is
  double scale_ = 0;
  std::string words_, codes_;
  std::vector<uint32_t> scheduled_;  // codes that follow from the key
  uint64_t next_tile_row_ = 0;
  std::vector<char> block_;  // expanded values
  size_t taken_ = 0;         // bytes of block_
};

}  // namespace

bool IsSeedFile(const InputFile& file) {
  std::array<char, kSeedFileMagic.size()> start;
  return file.size() >= start.size() && file.ReadAt(0, start).ok() &&
         absl::string_view(start.data(), start.size()) == kSeedFileMagic;
}

absl::StatusOr<std::unique_ptr<TensorReader>> OpenSeedFile(std::unique_ptr<InputFile> file) {
  SEEDFED_ASSIGN_OR_RETURN(LoadedSeedFileHeader loaded, ReadSeedFileHeader(*file));
  SEEDFED_RETURN_IF_ERROR(CheckSeedFileChecksum(*file));
  return std::make_unique<SeedReader>(std::move(file), std::move(loaded));
}

absl::StatusOr<std::unique_ptr<TensorReader>> OpenModelFile(const std::string& path) {
  SEEDFED_ASSIGN_OR_RETURN(std::unique_ptr<InputFile> file, InputFile::Open(path));
  if (IsSeedFile(*file)) return OpenSeedFile(std::move(file));
  return OpenTensors(std::move(file));
}

}  // namespace seedfed
