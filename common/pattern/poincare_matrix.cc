#include "common/pattern/poincare_matrix.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "common/base/status.h"
#include "common/pattern/radial.h"

namespace seedfed {
namespace {

constexpr uint64_t kMostWeights = uint64_t{1} << 26;
constexpr size_t kLanes = 8;  // independent sums, so that the compiler can use vectors

// One sum per lane.
using Lanes = std::array<double, kLanes>;

double Sum(const Lanes& lanes) {
  double sum = 0;
  for (double lane : lanes) sum += lane;
  return sum;
}

// Calls add(lane, index) for every index below `count`.
template <typename Add>
void ForEachInLanes(size_t count, const Add& add) {
  size_t first = 0;
  for (; first + kLanes <= count; first += kLanes) {
    for (size_t lane = 0; lane < kLanes; ++lane) add(lane, first + lane);
  }
  for (size_t lane = 0; first + lane < count; ++lane) add(lane, first + lane);
}

double Loss(double r, double theta, std::span<const float> distances,
            std::span<const float> target) {
  Lanes squares{};
  ForEachInLanes(target.size(), [&](size_t lane, size_t i) {
    const double weight = std::min(std::max(r - r * distances[i] + theta, 0.0), 1.0);
    const double error = weight - target[i];
    squares[lane] += error * error;
  });
  return Sum(squares) / static_cast<double>(target.size());
}

double RmseOf(float r, float theta, std::span<const float> distances,
              std::span<const float> target) {
  Lanes squares{};
  ForEachInLanes(target.size(), [&](size_t lane, size_t i) {
    const float error = ContinuousRadialWeight(r, theta, distances[i]) - target[i];
    squares[lane] += static_cast<double>(error) * error;
  });
  return std::sqrt(Sum(squares) / static_cast<double>(target.size()));
}

RadialGradient AnalyticGradient(double r, double theta, std::span<const float> distances,
                                std::span<const float> target) {
  Lanes by_r{}, by_theta{};
  ForEachInLanes(target.size(), [&](size_t lane, size_t i) {
    const double slope = 1.0 - distances[i];
    const double weight = r * slope + theta;
    const double error = weight > 0 && weight < 1 ? weight - target[i] : 0.0;
    by_r[lane] += error * slope;
    by_theta[lane] += error;
  });
  const double factor = 2 / static_cast<double>(target.size());
  return {factor * Sum(by_r), factor * Sum(by_theta)};
}

RadialGradient NumericalGradient(double r, double theta, std::span<const float> distances,
                                 std::span<const float> target, double probe) {
  const auto loss = [&](double dr, double dtheta) {
    return Loss(r + dr, theta + dtheta, distances, target);
  };
  return {(loss(probe, 0) - loss(-probe, 0)) / (2 * probe),
          (loss(0, probe) - loss(0, -probe)) / (2 * probe)};
}

RadialGradient GradientAt(double r, double theta, std::span<const float> distances,
                          std::span<const float> target, GradientMethod method, double probe) {
  if (method == GradientMethod::kAnalytic) return AnalyticGradient(r, theta, distances, target);
  return NumericalGradient(r, theta, distances, target, probe);
}

// Adam on one number. Source: Kingma, Ba, "Adam: a method for stochastic optimization", 2015,
// algorithm 1.
class ScalarAdam {
 public:
  explicit ScalarAdam(double learning_rate) : learning_rate_(learning_rate) {}

  double Step(double gradient) {
    mean_ = kBeta1 * mean_ + (1 - kBeta1) * gradient;
    square_ = kBeta2 * square_ + (1 - kBeta2) * gradient * gradient;
    power1_ *= kBeta1;
    power2_ *= kBeta2;
    return -learning_rate_ * (mean_ / (1 - power1_)) /
           (std::sqrt(square_ / (1 - power2_)) + kEpsilon);
  }

 private:
  static constexpr double kBeta1 = 0.9;
  static constexpr double kBeta2 = 0.999;
  static constexpr double kEpsilon = 1e-8;

  double learning_rate_;
  double mean_ = 0;
  double square_ = 0;
  double power1_ = 1;
  double power2_ = 1;
};

double ClampRadius(double r) {
  return std::clamp<double>(r, kLeastTrainedRadius, kLargestRadialRadius);
}

double ClampTheta(double theta) { return std::clamp<double>(theta, -0.5, kLargestRadialTheta); }

absl::Status CheckSide(const char* name, uint32_t side) {
  if (side >= 1 && side <= kMaxPatternSide) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("the matrix has ", side, " ", name, "; expected 1 to ", kMaxPatternSide));
}

absl::Status CheckShape(uint32_t rows, uint32_t cols) {
  SEEDFED_RETURN_IF_ERROR(CheckSide("rows", rows));
  SEEDFED_RETURN_IF_ERROR(CheckSide("columns", cols));
  if (uint64_t{rows} * cols <= kMostWeights) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("the matrix has ", uint64_t{rows} * cols,
                                                 " weights; expected at most ", kMostWeights));
}

absl::Status CheckOptions(const AdamOptions& options) {
  if (options.epochs > kMostEpochs) {
    return absl::InvalidArgumentError(
        absl::StrCat("epochs is ", options.epochs, "; expected at most ", kMostEpochs));
  }
  if (!(options.learning_rate > 0 && std::isfinite(options.learning_rate))) {
    return absl::InvalidArgumentError(absl::StrCat("the learning rate is ", options.learning_rate,
                                                   "; expected a positive number"));
  }
  if (!(options.probe > 0 && std::isfinite(options.probe))) {
    return absl::InvalidArgumentError(absl::StrCat("the probe of the numerical gradient is ",
                                                   options.probe, "; expected a positive number"));
  }
  return absl::OkStatus();
}

}  // namespace

PoincareMatrix::PoincareMatrix(const Word& word, const SingleFields& fields, uint32_t rows,
                               uint32_t cols)
    : word_(word),
      fields_(fields),
      rows_(rows),
      cols_(cols),
      distances_(RadialDistances(rows, cols)) {}

absl::StatusOr<PoincareMatrix> PoincareMatrix::Create(const Word& word, uint32_t rows,
                                                      uint32_t cols) {
  SEEDFED_RETURN_IF_ERROR(CheckShape(rows, cols));
  SEEDFED_ASSIGN_OR_RETURN(const SingleFields fields, UnpackSingle(word));
  if (fields.theta > 0 && UnpackPacked64(word.hi).theta == 1U << 23) {
    return absl::InvalidArgumentError(
        absl::StrCat("theta is ", fields.theta, ", which the integer half reads as -0.5; expected ",
                     "a number in [-0.5, 0.5 - 2^-24]"));
  }
  return PoincareMatrix(word, fields, rows, cols);
}

absl::StatusOr<PoincareMatrix> PoincareMatrix::Create(float r, float theta, uint32_t rows,
                                                      uint32_t cols) {
  SEEDFED_RETURN_IF_ERROR(CheckShape(rows, cols));
  if (!std::isfinite(r) || !std::isfinite(theta)) {
    return absl::InvalidArgumentError(
        absl::StrCat("r is ", r, " and theta is ", theta, "; expected finite numbers"));
  }
  PoincareMatrix matrix({}, {}, rows, cols);
  matrix.SetFields(r, theta);
  return matrix;
}

absl::StatusOr<PoincareMatrix> PoincareMatrix::RandomStart(uint32_t rows, uint32_t cols,
                                                           PhiloxStream& random) {
  const double r = 0.8 + 0.2 * random.Uniform();
  const double theta = random.Uniform() - 0.5;
  return Create(static_cast<float>(r), static_cast<float>(theta), rows, cols);
}

int32_t PoincareMatrix::Weight(uint32_t row, uint32_t col) const {
  return RadialWeight(UnpackPacked64(word_.hi), row, col, rows_, cols_);
}

float PoincareMatrix::ContinuousWeight(uint32_t row, uint32_t col) const {
  return ContinuousRadialWeight(fields_.r, fields_.theta, distances_[size_t{row} * cols_ + col]);
}

std::vector<int32_t> PoincareMatrix::Weights() const {
  std::vector<int32_t> weights;
  weights.reserve(distances_.size());
  for (uint32_t row = 0; row < rows_; ++row) {
    for (uint32_t col = 0; col < cols_; ++col) weights.push_back(Weight(row, col));
  }
  return weights;
}

std::vector<float> PoincareMatrix::ContinuousWeights() const {
  std::vector<float> weights;
  weights.reserve(distances_.size());
  for (float dist : distances_) {
    weights.push_back(ContinuousRadialWeight(fields_.r, fields_.theta, dist));
  }
  return weights;
}

double PoincareMatrix::Rmse(std::span<const float> target) const {
  return RmseOf(fields_.r, fields_.theta, distances_, target);
}

RadialGradient PoincareMatrix::Gradient(std::span<const float> target, GradientMethod method,
                                        double probe) const {
  return GradientAt(fields_.r, fields_.theta, distances_, target, method, probe);
}

absl::StatusOr<std::vector<double>> PoincareMatrix::TrainWithAdam(std::span<const float> target,
                                                                  const AdamOptions& options) {
  SEEDFED_RETURN_IF_ERROR(CheckTarget(target));
  SEEDFED_RETURN_IF_ERROR(CheckOptions(options));
  std::vector<double> curve = {Rmse(target)};
  curve.reserve(size_t{options.epochs} + 1);
  ScalarAdam adam_r(options.learning_rate), adam_theta(options.learning_rate);
  double r = fields_.r;
  double theta = fields_.theta;
  for (uint32_t epoch = 0; epoch < options.epochs; ++epoch) {
    const RadialGradient gradient =
        GradientAt(r, theta, distances_, target, options.gradient, options.probe);
    r = ClampRadius(r + adam_r.Step(gradient.r));
    theta = ClampTheta(theta + adam_theta.Step(gradient.theta));
    curve.push_back(RmseOf(static_cast<float>(r), static_cast<float>(theta), distances_, target));
  }
  if (options.epochs > 0) SetFields(r, theta);
  return curve;
}

void PoincareMatrix::SetFields(double r, double theta) {
  fields_.r = static_cast<float>(ClampRadius(r));
  fields_.theta = static_cast<float>(ClampTheta(theta));
  word_ = PackSingle(fields_);
}

absl::Status PoincareMatrix::CheckTarget(std::span<const float> target) const {
  if (target.size() != distances_.size()) {
    return absl::InvalidArgumentError(
        absl::StrCat("the target has ", target.size(), " weights; expected ", rows_, " x ", cols_));
  }
  const auto bad =
      std::find_if_not(target.begin(), target.end(), [](float w) { return std::isfinite(w); });
  if (bad == target.end()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      "weight ", bad - target.begin(), " of the target is ", *bad, "; expected a finite number"));
}

}  // namespace seedfed
