#include "cli/reproduce/training_experiment.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "cli/reproduce/png.h"
#include "cli/reproduce/streams.h"
#include "cli/reproduce/targets.h"
#include "common/base/check.h"
#include "common/pattern/poincare_matrix.h"
#include "common/pattern/radial.h"

namespace seedfed {
namespace {

constexpr std::array<size_t, 4> kShownEpochs = {0, 100, 200, 1000};
constexpr std::array<double, 4> kPublishedRmse = {0.49976, 0.00142, 0.00001, 2.86e-8};
constexpr double kPublishedR = 0.7072;
constexpr double kPublishedTheta = 0.2928;
constexpr double kPublishedProbe = 1e-3;
constexpr int kRandomStarts = 6;
constexpr uint32_t kPictureZoom = 16;

struct Start {
  std::string name;
  float r = 0;
  float theta = 0;
};

struct Run {
  std::vector<double> curve;
  double r = 0;
  double theta = 0;
  absl::Duration time;
};

PoincareMatrix MatrixAt(const Start& start) {
  absl::StatusOr<PoincareMatrix> matrix =
      PoincareMatrix::Create(start.r, start.theta, kTargetSide, kTargetSide);
  SEEDFED_CHECK(matrix.ok());
  return *std::move(matrix);
}

Run Train(PoincareMatrix& matrix, const Target& target, const AdamOptions& options,
          const Clock& clock) {
  const absl::Duration begin = clock.Monotonic();
  absl::StatusOr<std::vector<double>> curve = matrix.TrainWithAdam(target.weights, options);
  const absl::Duration end = clock.Monotonic();
  SEEDFED_CHECK(curve.ok());
  return {*std::move(curve), matrix.r(), matrix.theta(), end - begin};
}

// What a search over all published starts finds: r from 0.8 to 1, theta from -0.5 to 0.5.
struct StartSearch {
  double most_rmse = 0;  // before the first step
  Start most;
  double nearest_distance = std::numeric_limits<double>::infinity();
  Start nearest;  // passes the published RMSE of epochs 100 and 200 most closely
};

StartSearch SearchStarts(const Target& target, const Clock& clock) {
  StartSearch found;
  for (int a = 0; a <= 20; ++a) {
    for (int b = 0; b <= 100; ++b) {
      const Start start = {"", 0.8F + 0.01F * static_cast<float>(a),
                           -0.5F + 0.01F * static_cast<float>(b)};
      PoincareMatrix matrix = MatrixAt(start);
      const Run run = Train(matrix, target, {.epochs = 200}, clock);
      if (run.curve[0] > found.most_rmse) {
        found.most_rmse = run.curve[0];
        found.most = start;
      }
      // The second figure is published to one digit only.
      const double distance = std::fabs(std::log(run.curve[100] / kPublishedRmse[1])) +
                              0.1 * std::fabs(std::log(run.curve[200] / kPublishedRmse[2]));
      if (distance < found.nearest_distance) {
        found.nearest_distance = distance;
        found.nearest = start;
      }
    }
  }
  found.nearest.name = "nearest to published";
  return found;
}

std::vector<Start> AllStarts(const Start& nearest, uint64_t seed) {
  std::vector<Start> starts = {nearest,
                               {"corner", 0.8F, -0.5F},
                               {"corner", 0.8F, 0.5F},
                               {"corner", 1.0F, -0.5F},
                               {"corner", 1.0F, 0.5F}};
  PhiloxStream random = ExperimentStream(seed, ExperimentPart::kTrainingStarts);
  for (int n = 0; n < kRandomStarts; ++n) {
    const absl::StatusOr<PoincareMatrix> matrix =
        PoincareMatrix::RandomStart(kTargetSide, kTargetSide, random);
    SEEDFED_CHECK(matrix.ok());
    starts.push_back({"random", matrix->r(), matrix->theta()});
  }
  return starts;
}

// Rounded as the published figures are.
Cell RmseCell(double rmse, size_t epoch_index) {
  if (epoch_index == 3) return {absl::StrFormat("%.2e", rmse), rmse};
  return FixedCell(rmse, 5);
}

ResultTable CurveTable(std::span<const Start> starts, std::span<const Run> runs) {
  ResultTable table;
  table.name = "training_curve";
  table.title =
      "Training one 16-byte word, 32 x 32 target max(0, 1 - dist/1.414), Adam lr 0.01, analytic "
      "gradient";
  table.columns = {{"start", "start", false}, {"start_r", "r"},    {"start_theta", "theta"},
                   {"rmse_0", "RMSE at 0"},   {"rmse_100", "100"}, {"rmse_200", "200"},
                   {"rmse_1000", "1,000"},    {"r", "final r"},    {"theta", "final theta"},
                   {"milliseconds", "ms"}};
  std::vector<Cell> published = {TextCell("published"), {}, {}};
  for (size_t i = 0; i < kShownEpochs.size(); ++i) {
    published.push_back(RmseCell(kPublishedRmse[i], i));
  }
  published.push_back(FixedCell(kPublishedR, 4));
  published.push_back(FixedCell(kPublishedTheta, 4));
  published.push_back({});
  table.rows.push_back(std::move(published));
  for (size_t n = 0; n < starts.size(); ++n) {
    std::vector<Cell> row = {TextCell(starts[n].name), FixedCell(starts[n].r, 3),
                             FixedCell(starts[n].theta, 3)};
    for (size_t i = 0; i < kShownEpochs.size(); ++i) {
      row.push_back(RmseCell(runs[n].curve[kShownEpochs[i]], i));
    }
    row.push_back(FixedCell(runs[n].r, 4));
    row.push_back(FixedCell(runs[n].theta, 4));
    row.push_back(FixedCell(absl::ToDoubleMilliseconds(runs[n].time), 2));
    table.rows.push_back(std::move(row));
  }
  return table;
}

void AddCurveNotes(const StartSearch& search, std::span<const Run> runs, ResultTable& table) {
  const double most_final =
      std::max_element(runs.begin(), runs.end(), [](const Run& a, const Run& b) {
        return a.curve.back() < b.curve.back();
      })->curve.back();
  std::vector<absl::Duration> times;
  for (const Run& run : runs) times.push_back(run.time);
  std::nth_element(times.begin(), times.begin() + times.size() / 2, times.end());
  const double zero =
      RmseOf(RadialTarget().weights, std::vector<float>(size_t{kTargetSide} * kTargetSide, 0.0F));
  table.notes = {
      absl::StrFormat(
          "The largest final RMSE is %.2e (published 2.86e-08): all starts end next to the exact "
          "solution r = 1/1.414, theta = 1 - r, up to the rounding to binary32.",
          most_final),
      absl::StrFormat(
          "The published 0.49976 at epoch 0 belongs to no start in the published range: the "
          "largest RMSE there is %.5f, at r %.2f, theta %.2f, and a matrix of zeros has %.5f. How "
          "it was measured is not known to us.",
          search.most_rmse, search.most.r, search.most.theta, zero),
      "The figures at epochs 100 and 200 depend on the start: those from low theta pass them "
      "later, "
      "those from theta near 0.3 earlier. The start named nearest passes the published ones.",
      "r and theta are binary64 during training, so that steps below half a unit in the last place "
      "are "
      "not lost, and rounded to the word's binary32 for every RMSE shown.",
      absl::StrFormat("1,000 epochs take %.2f ms (median of these starts, on this machine).",
                      absl::ToDoubleMilliseconds(times[times.size() / 2]))};
}

// How far the numerical gradient is from the analytic one over a grid of r in [0.1, 1) and theta in
// [-0.5, 0.5).
struct Agreement {
  int points = 0;
  int smooth_points = 0;  // where no weight is within a probe of 0 or 1
  double smooth = 0;      // largest difference there
  double anywhere = 0;    // and at all points
};

bool IsSmooth(const PoincareMatrix& matrix, std::span<const float> distances, double probe) {
  return std::none_of(distances.begin(), distances.end(), [&](float dist) {
    const double weight = matrix.r() * (1.0 - dist) + matrix.theta();
    return std::min(std::fabs(weight), std::fabs(weight - 1)) <= probe;
  });
}

Agreement CompareGradients(const Target& target, double probe) {
  const std::vector<float> distances = RadialDistances(kTargetSide, kTargetSide);
  Agreement agreement;
  for (int a = 0; a <= 36; ++a) {
    for (int b = 0; b <= 100; ++b) {
      const PoincareMatrix matrix = MatrixAt(
          {"", 0.1F + 0.025F * static_cast<float>(a), -0.5F + 0.01F * static_cast<float>(b)});
      const RadialGradient analytic = matrix.Gradient(target.weights, GradientMethod::kAnalytic);
      const RadialGradient numerical =
          matrix.Gradient(target.weights, GradientMethod::kNumerical, probe);
      const double difference = std::max(std::fabs(analytic.r - numerical.r),
                                         std::fabs(analytic.theta - numerical.theta));
      ++agreement.points;
      agreement.anywhere = std::max(agreement.anywhere, difference);
      if (!IsSmooth(matrix, distances, probe)) continue;
      ++agreement.smooth_points;
      agreement.smooth = std::max(agreement.smooth, difference);
    }
  }
  return agreement;
}

std::vector<Cell> GradientRow(absl::string_view name, std::span<const Start> starts,
                              const Target& target, const AdamOptions& options,
                              const Clock& clock) {
  Run worst;
  double most = -1;
  absl::Duration time;
  for (const Start& start : starts) {
    PoincareMatrix matrix = MatrixAt(start);
    Run run = Train(matrix, target, options, clock);
    time += run.time;
    if (run.curve.back() <= most) continue;
    most = run.curve.back();
    worst = std::move(run);
  }
  std::vector<Cell> row = {TextCell(name)};
  if (options.gradient == GradientMethod::kAnalytic) {
    row.insert(row.end(), {{}, {}, {}, {}, {}});
  } else {
    const Agreement agreement = CompareGradients(target, options.probe);
    row.push_back(GeneralCell(options.probe, 1));
    row.push_back(CountCell(static_cast<uint64_t>(agreement.points)));
    row.push_back(CountCell(static_cast<uint64_t>(agreement.smooth_points)));
    row.push_back(GeneralCell(agreement.smooth, 2));
    row.push_back(GeneralCell(agreement.anywhere, 2));
  }
  row.push_back({absl::StrFormat("%.2e", most), most});
  row.push_back(FixedCell(worst.r, 4));
  row.push_back(FixedCell(worst.theta, 4));
  row.push_back(
      FixedCell(absl::ToDoubleMilliseconds(time) / static_cast<double>(starts.size()), 2));
  return row;
}

ResultTable GradientTable(std::span<const Start> starts, const Target& target, const Clock& clock) {
  ResultTable table;
  table.name = "training_gradients";
  table.title = "Analytic and numerical gradients: largest difference, and where training ends";
  table.columns = {{"gradient", "gradient", false},
                   {"probe", "probe"},
                   {"points", "points"},
                   {"smooth_points", "of them smooth"},
                   {"difference_smooth", "difference there"},
                   {"difference_anywhere", "anywhere"},
                   {"final_rmse", "final RMSE"},
                   {"r", "final r"},
                   {"theta", "final theta"},
                   {"milliseconds", "ms"}};
  table.rows.push_back(GradientRow("analytic", starts, target, {}, clock));
  for (const double probe : {kPublishedProbe, 1e-4, 1e-5}) {
    const AdamOptions options = {.gradient = GradientMethod::kNumerical, .probe = probe};
    table.rows.push_back(GradientRow("numerical", starts, target, options, clock));
  }
  table.notes = {
      "A point (r, theta) is smooth where no weight is within a probe of 0 or 1. There the two "
      "agree "
      "to rounding, far below 1e-4.",
      "Elsewhere a probe steps over the bend of the clamp and the central difference is off by up "
      "to "
      "the share of the weights at the bend. That is the numerical method's error, not the "
      "analytic one's; it falls with the probe.",
      "With the published probe 1e-3 numerical training ends about 1e-06 from the target: the four "
      "corners have dist 1.41421 > 1.414, their weights rest at the clamp, and the probe lifts "
      "them. The published 2.86e-08 needs a smaller probe, or corners that are not clamped.",
      "Final figures are those of the start with the largest final RMSE; times are means per run."};
  return table;
}

std::vector<NamedPicture> Pictures(const Target& target, const PoincareMatrix& learned) {
  const std::vector<float> weights = learned.ContinuousWeights();
  std::vector<float> error;
  for (size_t i = 0; i < weights.size(); ++i) {
    error.push_back(std::fabs(weights[i] - target.weights[i]));
  }
  const float most = std::max(*std::max_element(error.begin(), error.end()), 1e-30F);
  const auto png = [&](std::span<const float> matrix, float white) {
    return MatrixPng(matrix, target.rows, target.cols, kPictureZoom, 0, white);
  };
  return {{"radial-target.png", png(target.weights, 1)},
          {"radial-learned.png", png(weights, 1)},
          {"radial-error.png", png(error, most)}};
}

}  // namespace

Results RunTrainingExperiment(uint64_t seed, const Clock& clock) {
  const Target target = RadialTarget();
  const StartSearch search = SearchStarts(target, clock);
  const std::vector<Start> starts = AllStarts(search.nearest, seed);
  std::vector<Run> runs;
  PoincareMatrix learned = MatrixAt(starts.front());
  for (const Start& start : starts) {
    PoincareMatrix matrix = MatrixAt(start);
    runs.push_back(Train(matrix, target, {}, clock));
    learned = matrix;
  }
  Results results;
  results.tables.push_back(CurveTable(starts, runs));
  AddCurveNotes(search, runs, results.tables.back());
  results.tables.push_back(GradientTable(starts, target, clock));
  results.pictures = Pictures(target, learned);
  return results;
}

}  // namespace seedfed
