#ifndef SEEDFED_COMMON_PATTERN_POINCARE_MATRIX_H_
#define SEEDFED_COMMON_PATTERN_POINCARE_MATRIX_H_

#include <cstdint>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/philox.h"
#include "common/codec/single_word.h"
#include "common/codec/word.h"

namespace seedfed {

enum class GradientMethod { kAnalytic, kNumerical };

// A training run; the defaults are those of the original experiment.
struct AdamOptions {
  uint32_t epochs = 1000;       // steps, 0 to kMostEpochs; one step uses the whole target
  double learning_rate = 0.01;  // positive, finite
  GradientMethod gradient = GradientMethod::kAnalytic;
  double probe = 1e-3;  // kNumerical: (loss(p + probe) - loss(p - probe)) / (2 probe); positive
};
inline constexpr uint32_t kMostEpochs = 1'000'000;

// The mean squared error's gradient.
struct RadialGradient {
  double r = 0;
  double theta = 0;
};

// What r and theta can be during training: r stays in [0.1, 1 - 2^-24], theta in
// [-0.5, 0.5 - 2^-24], the last numbers that both halves of a word can tell from their neighbours.
inline constexpr float kLeastTrainedRadius = 0.1F;
inline constexpr float kLargestRadialRadius = 1.0F - 0x1p-24F;
inline constexpr float kLargestRadialTheta = 0.5F - 0x1p-24F;

// A matrix of weights in [0, 1] that is one word and the radial pattern (radial.h). Const functions
// are thread-safe.
class PoincareMatrix {
 public:
  // InvalidArgument when the word is not a valid single word, a side is not 1 to kMaxPatternSide,
  // the matrix has more than 2^26 weights, or theta rounds to half a turn, which would change its
  // sign in the integer half.
  static absl::StatusOr<PoincareMatrix> Create(const Word& word, uint32_t rows, uint32_t cols);

  // The same from r and theta, moved into the ranges of training above; the code is 0.
  // InvalidArgument when r or theta is not finite.
  static absl::StatusOr<PoincareMatrix> Create(float r, float theta, uint32_t rows, uint32_t cols);

  // A start of the original experiment: r uniform in [0.8, 1), theta in [-0.5, 0.5).
  static absl::StatusOr<PoincareMatrix> RandomStart(uint32_t rows, uint32_t cols,
                                                    PhiloxStream& random);

  const Word& word() const { return word_; }
  float r() const { return fields_.r; }
  float theta() const { return fields_.theta; }
  uint32_t rows() const { return rows_; }
  uint32_t cols() const { return cols_; }

  // Inference: the weight from the word's integer half, Q1.30 in [0, 2^30]. row < rows, col < cols.
  int32_t Weight(uint32_t row, uint32_t col) const;

  // Training: the weight from the word's float half, binary32.
  float ContinuousWeight(uint32_t row, uint32_t col) const;

  // All weights of either kind, row-major.
  std::vector<int32_t> Weights() const;
  std::vector<float> ContinuousWeights() const;

  // The root of the mean squared difference of the continuous weights and `target`, row-major, one
  // number per weight.
  double Rmse(std::span<const float> target) const;

  // The gradient at the word's r and theta by either method. A weight that is clamped has the
  // analytic gradient zero.
  RadialGradient Gradient(std::span<const float> target, GradientMethod method,
                          double probe = 1e-3) const;

  // Moves the word towards `target` (row-major) from where it stands, by Adam with beta 0.9 and
  // 0.999, epsilon 1e-8, on the mean squared error. r and theta are kept in binary64 on the way and
  // rounded to the word's binary32 for every figure that is returned: the RMSE before the first
  // step and after each (epochs + 1 numbers). InvalidArgument, and nothing changes, when the target
  // has another size or a number that is not finite, or an option is out of range.
  absl::StatusOr<std::vector<double>> TrainWithAdam(std::span<const float> target,
                                                    const AdamOptions& options);

 private:
  PoincareMatrix(const Word& word, const SingleFields& fields, uint32_t rows, uint32_t cols);

  void SetFields(double r, double theta);
  absl::Status CheckTarget(std::span<const float> target) const;

  Word word_;
  SingleFields fields_;
  uint32_t rows_;
  uint32_t cols_;
  std::vector<float> distances_;
};

}  // namespace seedfed

#endif  // SEEDFED_COMMON_PATTERN_POINCARE_MATRIX_H_
