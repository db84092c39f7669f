#include "cli/compress/tensor_seeds.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cli/tensor_files/values.h"
#include "common/base/bytes.h"
#include "common/base/status.h"
#include "common/codec/ensemble_word.h"
#include "common/codec/single_word.h"

namespace seedfed {
namespace {

constexpr size_t kReadValues = 1 << 13;

// Half of a step: the words' stochastic rounding becomes rounding to nearest.
constexpr SubSeedDither kHalfStep = {.theta = 1U << 31, .r = 1U << 31};

std::string IndexText(const TensorInfo& info, uint64_t number) {
  std::vector<uint64_t> index(info.shape.size());
  for (size_t d = index.size(); d-- > 0;) {
    index[d] = number % info.shape[d];
    number /= info.shape[d];
  }
  return absl::StrCat("[", absl::StrJoin(index, ", "), "]");
}

template <typename T>
absl::Status ReadFiniteValues(TensorReader& reader, const TensorInfo& info, uint64_t done,
                              std::span<T> out) {
  const size_t width = DTypeBytes(info.dtype);
  std::vector<char> bytes(std::min(out.size(), kReadValues) * width);
  for (size_t start = 0; start < out.size(); start += kReadValues) {
    const std::span<T> part = out.subspan(start, std::min(kReadValues, out.size() - start));
    const auto part_bytes = std::span(bytes).first(part.size() * width);
    SEEDFED_RETURN_IF_ERROR(reader.Read(part_bytes));
    DecodeValues(info.dtype, part_bytes, part);
    for (size_t i = 0; i < part.size(); ++i) {
      if (!std::isfinite(part[i])) {
        return absl::InvalidArgumentError(
            absl::StrCat("tensor ", Quoted(info.name), " holds ", part[i], " at ",
                         IndexText(info, done + start + i), "; expected finite numbers"));
      }
    }
  }
  return absl::OkStatus();
}

// Tiles that use the same part of a tile, waiting to be searched together.
struct Waiting {
  std::vector<float> values;
  std::vector<uint64_t> numbers;  // the tiles'
};

class Fitter {
 public:
  Fitter(const SeedTensor& tensor, std::span<const uint32_t> fixed_codes, uint32_t phase_bits,
         CodeSearch& search)
      : tensor_(tensor), fixed_codes_(fixed_codes), phase_bits_(phase_bits), search_(search) {
    seeds_.codes.resize(tensor.tiles());
    seeds_.points.resize(2 * tensor.tiles());
  }

  // `block`: the tile row's values, `rows` x the tensor's columns.
  void AddTileRow(uint64_t tile_row, size_t rows, std::span<const float> block) {
    const size_t side = tensor_.tile;
    const auto matrix_cols = static_cast<size_t>(tensor_.cols());
    for (size_t c = 0; c < tensor_.tile_cols(); ++c) {
      const size_t cols = std::min(side, matrix_cols - c * side);
      Waiting& waiting = waiting_[{rows, cols}];
      const size_t start = waiting.values.size();
      waiting.values.resize(start + side * side, 0.0F);
      for (size_t i = 0; i < rows; ++i) {
        const auto row = block.subspan(i * matrix_cols + c * side, cols);
        std::copy(row.begin(), row.end(),
                  waiting.values.begin() + static_cast<ptrdiff_t>(start + i * side));
        for (const float value : row) seeds_.energy += static_cast<double>(value) * value;
      }
      waiting.numbers.push_back(tile_row * tensor_.tile_cols() + c);
      if (waiting.numbers.size() == search_.batch()) Flush(waiting, rows, cols);
    }
  }

  TensorSeeds Finish() {
    for (auto& [shape, waiting] : waiting_) Flush(waiting, shape.first, shape.second);
    return std::move(seeds_);
  }

 private:
  void Flush(Waiting& waiting, size_t rows, size_t cols) {
    std::vector<TileFit> fits(waiting.numbers.size());
    if (fixed_codes_.empty()) {
      search_.Search(waiting.values, rows, cols, fits);
    } else {
      const size_t positions = size_t{tensor_.tile} * tensor_.tile;
      for (size_t t = 0; t < fits.size(); ++t) {
        const CodePattern pattern(fixed_codes_[waiting.numbers[t]], tensor_.tile, phase_bits_);
        fits[t] =
            pattern.Fit(std::span(waiting.values).subspan(t * positions, positions), rows, cols);
      }
    }
    for (size_t t = 0; t < fits.size(); ++t) {
      const uint64_t number = waiting.numbers[t];
      seeds_.codes[number] = fits[t].code;
      seeds_.points[2 * number] = static_cast<float>(fits[t].u);
      seeds_.points[2 * number + 1] = static_cast<float>(fits[t].v);
    }
    waiting.values.clear();
    waiting.numbers.clear();
  }

  const SeedTensor& tensor_;
  std::span<const uint32_t> fixed_codes_;
  const uint32_t phase_bits_;
  CodeSearch& search_;
  std::map<std::pair<size_t, size_t>, Waiting> waiting_;  // by used rows and columns
  TensorSeeds seeds_;
};

// The largest distance of a point from 0: the radius that the words' unit disk stands for.
double Scale(std::span<const float> points) {
  double largest = 0;
  for (size_t i = 0; i < points.size(); i += 2) {
    largest = std::max(largest, std::hypot(double{points[i]}, double{points[i + 1]}));
  }
  return largest;
}

Seed ToSeed(double u, double v, double scale) {
  if (scale == 0) return {};
  constexpr double kUnit = 0x1p30;
  return {static_cast<int32_t>(std::llrint(u / scale * kUnit)),
          static_cast<int32_t>(std::llrint(v / scale * kUnit))};
}

}  // namespace

absl::StatusOr<TensorSeeds> FitTensor(TensorReader& reader, size_t index, const SeedTensor& tensor,
                                      std::span<const uint32_t> fixed_codes, uint32_t phase_bits,
                                      CodeSearch& search) {
  SEEDFED_RETURN_IF_ERROR(reader.Select(index));
  Fitter fitter(tensor, fixed_codes, phase_bits, search);
  std::vector<float> block;
  for (uint64_t r = 0; r < tensor.tile_rows(); ++r) {
    const uint64_t first = r * tensor.tile;
    const auto rows = static_cast<size_t>(std::min<uint64_t>(tensor.tile, tensor.rows() - first));
    block.resize(rows * static_cast<size_t>(tensor.cols()));
    SEEDFED_RETURN_IF_ERROR(ReadFinite(reader, tensor.info, first * tensor.cols(), block));
    fitter.AddTileRow(r, rows, block);
  }
  return fitter.Finish();
}

EncodedTensor EncodeTensor(const SeedFileHeader& header, const SeedTensor& tensor,
                           const TensorSeeds& seeds) {
  EncodedTensor encoded = {.energy = seeds.energy, .error = seeds.energy};
  const double scale = Scale(seeds.points);
  encoded.bytes.reserve(static_cast<size_t>(header.tensor_bytes(tensor)));
  AppendLittleEndian(std::bit_cast<uint64_t>(scale), encoded.bytes);
  const size_t per_word = header.codec == Codec::kEnsemble ? kSubSeeds : 1;
  const size_t tiles = seeds.codes.size();
  std::array<Seed, kSubSeeds> points, decoded;
  std::array<SubSeedDither, kSubSeeds> dither;
  dither.fill(kHalfStep);
  for (size_t first = 0; first < tiles; first += per_word) {
    const size_t count = std::min(per_word, tiles - first);
    for (size_t i = 0; i < count; ++i) {
      const size_t t = first + i;
      points[i] = ToSeed(seeds.points[2 * t], seeds.points[2 * t + 1], scale);
    }
    Word word;
    if (header.codec == Codec::kEnsemble) {
      word = EncodeEnsemble(std::span(points).first(count), dither);
      decoded = DecodeEnsemble(word);
    } else {
      word = EncodeSingle(points[0], seeds.codes[first]);
      decoded[0] = DecodeSingle(word, seeds.codes[first]).value_or(Seed{});
    }
    char word_bytes[kWordBytes];
    StoreWord(word, word_bytes);
    encoded.bytes.append(word_bytes, kWordBytes);

    for (size_t i = 0; i < count; ++i) {
      const size_t t = first + i;
      const uint64_t row = t / tensor.tile_cols() * tensor.tile;
      const uint64_t col = t % tensor.tile_cols() * tensor.tile;
      const NormalMatrix normal =
          CodePattern(seeds.codes[t], tensor.tile, header.phase_bits)
              .Normal(static_cast<size_t>(std::min<uint64_t>(tensor.tile, tensor.rows() - row)),
                      static_cast<size_t>(std::min<uint64_t>(tensor.tile, tensor.cols() - col)));
      // With z the exact point and z' the word's, the tile's error is
      // |w|^2 - z^T N z + (z' - z)^T N (z' - z).
      const auto square = [&normal](double u, double v) {
        return normal.cc * u * u + 2 * normal.cs * u * v + normal.ss * v * v;
      };
      const double u = seeds.points[2 * t], v = seeds.points[2 * t + 1];
      encoded.error +=
          square(decoded[i].u * scale * 0x1p-30 - u, decoded[i].v * scale * 0x1p-30 - v) -
          square(u, v);
    }
  }
  encoded.error = std::max(0.0, encoded.error);
  if (header.code_bits() > 0) encoded.bytes += PackCodes(seeds.codes, header.code_bits());
  return encoded;
}

absl::Status ReadFinite(TensorReader& reader, const TensorInfo& info, uint64_t done,
                        std::span<float> out) {
  return ReadFiniteValues(reader, info, done, out);
}

absl::Status ReadFinite(TensorReader& reader, const TensorInfo& info, uint64_t done,
                        std::span<double> out) {
  return ReadFiniteValues(reader, info, done, out);
}

}  // namespace seedfed
