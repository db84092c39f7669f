#ifndef SEEDFED_CLI_COMPRESS_CODE_SEARCH_H_
#define SEEDFED_CLI_COMPRESS_CODE_SEARCH_H_

#include <Eigen/Core>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <utility>
#include <vector>

namespace seedfed {

// Fits rotation patterns (common/pattern/rotation.h) to tiles of weights. A tile is tile x tile
// values, row-major; at the edge of a matrix only its first `rows` rows and `cols` columns are
// used, and the other values are 0.

// The 2x2 matrix of the normal equations of a code: sums over the used positions of cos^2, cos sin
// and sin^2.
struct NormalMatrix {
  double cc = 0;
  double cs = 0;
  double ss = 0;
};

struct TileFit {
  uint32_t code = 0;
  double u = 0;  // the least-squares point: minimises sum (w - u cos - v sin)^2
  double v = 0;
  double captured = 0;  // by how much the point lowers the sum of squares
};

// The phases of one code over a tile of side `tile`, and what follows from them.
class CodePattern {
 public:
  CodePattern(uint32_t code, uint32_t tile, uint32_t phase_bits);

  NormalMatrix Normal(size_t rows, size_t cols) const;

  // The exact solution of the normal equations, in binary64. Where they have many (all used phases
  // lie on one line), the one nearest to 0.
  TileFit Fit(std::span<const float> values, size_t rows, size_t cols) const;

 private:
  friend class CodeSearch;

  uint32_t code_;
  uint32_t tile_;
  uint32_t phase_bits_;
  std::vector<uint8_t> phases_;
};

// Finds for each tile the code, among 0 to codes - 1, that captures most of its energy. The search
// is in binary32, so between codes that are equal to seven digits the choice may differ from
// machine to machine; the fit for the chosen code does not. Memory: a few MB. Not thread-safe.
class CodeSearch {
 public:
  // tile: a power of two from 4 to 256; codes: 1 to 2^20.
  CodeSearch(uint32_t tile, uint32_t phase_bits, uint32_t codes);

  // The number of tiles that are searched fastest together, at most.
  size_t batch() const { return batch_; }

  // The best fits of fits.size() tiles, which lie one after the other in `tiles`. At most batch().
  void Search(std::span<const float> tiles, size_t rows, size_t cols, std::span<TileFit> fits);

 private:
  // Captured energy as a form of the sums a = sum w cos and b = sum w sin: aa a^2 + ab a b + bb
  // b^2.
  struct EnergyForm {
    float aa, ab, bb;
  };
  struct Chunk {
    uint32_t first = 0;        // code
    Eigen::MatrixXf patterns;  // position x (cos of code 0, sin of code 0, cos of code 1, ...)
    std::map<std::pair<size_t, size_t>, std::vector<EnergyForm>> forms;  // by used rows and columns
  };

  void MakeChunk(uint32_t first, Chunk& chunk) const;
  const std::vector<EnergyForm>& Forms(Chunk& chunk, size_t rows, size_t cols) const;

  const uint32_t tile_;
  const uint32_t phase_bits_;
  const uint32_t codes_;
  size_t batch_;
  uint32_t chunk_codes_;
  std::vector<Chunk> chunks_;  // all of them, or one that is made again and again
  bool keep_chunks_;
  Eigen::MatrixXf normalised_;  // position x tile
  Eigen::MatrixXf sums_;        // tile x column of the patterns
};

}  // namespace seedfed

#endif  // SEEDFED_CLI_COMPRESS_CODE_SEARCH_H_
