#include "client/core/seed_optimiser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

#include "common/base/philox.h"

namespace seedfed {
namespace {

using testing::Each;

Model MakeModel(Codec codec, Mode mode) {
  const ModelSpec spec{
      .layers = {{.rows = 12, .cols = 21, .tile = 8}, {.rows = 5, .cols = 13, .tile = 4}},
      .codec = codec,
      .mode = mode,
      .gain = 4};
  return *Model::Create(spec, *FederationKey::Parse("5"));
}

std::vector<Matrix> Gradients(const Model& model, uint32_t stream) {
  PhiloxStream random({1, 2}, stream, 0, 0);
  std::vector<Matrix> gradients = DenseWeights(model);
  for (Matrix& layer : gradients) {
    for (float& value : layer.reshaped()) value = static_cast<float>(2 * random.Uniform() - 1);
  }
  return gradients;
}

double LargestDifference(std::span<const Matrix> a, std::span<const Matrix> b) {
  double largest = 0;
  for (size_t l = 0; l < a.size(); ++l) {
    largest = std::max<double>(largest, (a[l] - b[l]).cwiseAbs().maxCoeff());
  }
  return largest;
}

TEST(Adam, FirstStep_HasTheSizeOfTheLearningRate) {
  Adam adam(3, 0.25);
  std::vector<float> x = {1, 2, 3};
  adam.Step(std::vector<float>{100, -0.01f, 0}, x);
  EXPECT_FLOAT_EQ(x[0], 0.75);
  EXPECT_FLOAT_EQ(x[1], 2.25);
  EXPECT_FLOAT_EQ(x[2], 3);
}

TEST(Adam, ManySteps_FollowThePublishedRule) {
  constexpr size_t kCount = 37;  // no multiple of a vector's lanes
  Adam adam(kCount, 0.01);
  std::vector<float> x(kCount), g(kCount);
  std::vector<double> twin(kCount), mean(kCount), square(kCount);
  PhiloxStream random({3, 4}, 0, 0, 0);
  for (int step = 1; step <= 60; ++step) {
    for (size_t i = 0; i < kCount; ++i) {
      g[i] = static_cast<float>(random.Uniform() - 0.3);
      mean[i] = 0.9 * mean[i] + 0.1 * g[i];
      square[i] = 0.999 * square[i] + 0.001 * g[i] * g[i];
      twin[i] -= 0.01 * (mean[i] / (1 - std::pow(0.9, step))) /
                 (std::sqrt(square[i] / (1 - std::pow(0.999, step))) + 1e-8);
    }
    adam.Step(g, x);
  }
  for (size_t i = 0; i < kCount; ++i) EXPECT_NEAR(x[i], twin[i], 1e-5);
}

TEST(SeedOptimiser, Start_IsTheModel) {
  for (const Mode mode : {Mode::kRolling, Mode::kPure}) {
    const Model model = MakeModel(Codec::kSingle, mode);
    const SeedOptimiser optimiser(model, std::vector<double>{1, 1});
    EXPECT_LT(LargestDifference(optimiser.weights(), DenseWeights(model)), 1e-6)
        << std::string(ModeName(mode));
  }
}

TEST(SeedOptimiser, RollingStart_HasNoSeeds) {
  const SeedOptimiser optimiser(MakeModel(Codec::kEnsemble, Mode::kRolling),
                                std::vector<double>{1, 1});
  EXPECT_THAT(*optimiser.Coordinates(), Each(0));
}

TEST(SeedOptimiser, PureStart_HasTheModelsSeeds) {
  const Model model = MakeModel(Codec::kSingle, Mode::kPure);
  const std::vector<int32_t> coordinates =
      *SeedOptimiser(model, std::vector<double>{1, 1}).Coordinates();
  ASSERT_EQ(coordinates.size(), model.seeds().size());
  for (size_t i = 0; i < coordinates.size(); ++i) {
    EXPECT_NEAR(coordinates[i], model.seeds()[i], 32);  // half a binary32 unit of a number below 1
  }
}

TEST(SeedOptimiser, LearningRate_IsInUnitsWhereTheDiskHasTheRadiusGain) {
  const Model model = MakeModel(Codec::kEnsemble, Mode::kRolling);
  SeedOptimiser optimiser(model, std::vector<double>{0.1, 0.4});
  optimiser.Step(Gradients(model, 0));
  const std::vector<int32_t> coordinates = *optimiser.Coordinates();
  const size_t first_layer = 2 * model.spec().layers[0].tiles();
  for (size_t i = 0; i < coordinates.size(); ++i) {
    const double expected = (i < first_layer ? 0.1 : 0.4) / model.spec().gain;
    EXPECT_NEAR(std::abs(coordinates[i]) * 0x1p-30, expected, 1e-6);
  }
}

TEST(SeedOptimiser, Steps_LowerALinearLoss) {
  const Model model = MakeModel(Codec::kEnsemble, Mode::kRolling);
  SeedOptimiser optimiser(model, std::vector<double>{0.1, 0.1});
  const std::vector<Matrix> gradients = Gradients(model, 0);
  const auto loss = [&] {
    double sum = 0;
    for (size_t l = 0; l < gradients.size(); ++l) {
      sum += gradients[l].cwiseProduct(optimiser.weights()[l]).sum();
    }
    return sum;
  };
  double before = loss();
  for (int step = 0; step < 5; ++step) {
    optimiser.Step(gradients);
    EXPECT_LT(loss(), before);
    before = loss();
  }
}

TEST(SeedOptimiser, PointThatLeavesTheDisk_IsMovedToItsRim) {
  const Model model = MakeModel(Codec::kEnsemble, Mode::kRolling);
  SeedOptimiser optimiser(model, std::vector<double>{40, 40});
  optimiser.Step(Gradients(model, 0));
  const std::vector<int32_t> coordinates = *optimiser.Coordinates();
  for (size_t i = 0; i < coordinates.size(); i += 2) {
    EXPECT_NEAR(std::hypot(coordinates[i] * 0x1p-30, coordinates[i + 1] * 0x1p-30), 1, 1e-6);
  }
}

TEST(SeedOptimiser, GradientThatIsNotFinite_IsReported) {
  const Model model = MakeModel(Codec::kEnsemble, Mode::kRolling);
  SeedOptimiser optimiser(model, std::vector<double>{0.1, 0.1});
  std::vector<Matrix> gradients = Gradients(model, 0);
  gradients[1](2, 3) = std::numeric_limits<float>::quiet_NaN();
  optimiser.Step(gradients);
  const absl::Status status = optimiser.Coordinates().status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInternal);
  EXPECT_EQ(status.message(), "training left a number of layer 2 at nan; expected a finite one");
}

TEST(DenseOptimiser, LargeChange_IsClampedToTheCoordinateRange) {
  const Model model = MakeModel(Codec::kDense, Mode::kRolling);
  DenseOptimiser optimiser(model, std::vector<double>{1e9, 1e-3});
  std::vector<Matrix> gradients = Gradients(model, 0);
  gradients[0].setOnes();
  optimiser.Step(gradients);
  const std::vector<int32_t> coordinates = *optimiser.Coordinates();
  EXPECT_EQ(coordinates.front(), -(1 << 30));
  EXPECT_NEAR(std::abs(coordinates.back()) * model.spec().LayerUnit(1), 1e-3, 1e-6);
}

TEST(DenseOptimiser, GradientThatIsNotFinite_IsReported) {
  const Model model = MakeModel(Codec::kDense, Mode::kRolling);
  DenseOptimiser optimiser(model, std::vector<double>{1e-3, 1e-3});
  std::vector<Matrix> gradients = Gradients(model, 0);
  gradients[0](0, 0) = std::numeric_limits<float>::infinity();
  optimiser.Step(gradients);
  EXPECT_EQ(optimiser.Coordinates().status().message(),
            "training left a number of layer 1 at nan; expected a finite one");
}

// codec, mode
class MakeOptimiserTest : public testing::TestWithParam<std::pair<Codec, Mode>> {};

TEST_P(MakeOptimiserTest, EncodedRound_LeadsTheModelToTheOptimisersWeights) {
  Model model = MakeModel(GetParam().first, GetParam().second);
  for (uint32_t round = 1; round <= 3; ++round) {
    const std::unique_ptr<LocalOptimiser> optimiser =
        MakeOptimiser(model, std::vector<double>{0.3, 0.2});
    for (uint32_t step = 0; step < 4; ++step) optimiser->Step(Gradients(model, 4 * round + step));
    const std::vector<int32_t> coordinates = *optimiser->Coordinates();
    const std::vector<Matrix> before = DenseWeights(model);
    ASSERT_TRUE(model.Apply(round, model.codec().Encode(coordinates, round, {})).ok());
    const std::vector<Matrix> after = DenseWeights(model);
    EXPECT_LT(LargestDifference(optimiser->weights(), after), 2e-6);
    EXPECT_GT(LargestDifference(before, after), 1e-2);
  }
}

INSTANTIATE_TEST_SUITE_P(ExactCodecs, MakeOptimiserTest,
                         testing::Values(std::pair(Codec::kSingle, Mode::kRolling),
                                         std::pair(Codec::kSingle, Mode::kPure),
                                         std::pair(Codec::kDense, Mode::kRolling)));

}  // namespace
}  // namespace seedfed
