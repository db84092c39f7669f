#include "client/trainer/mlp.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>

#include "common/base/philox.h"

namespace seedfed {
namespace {

constexpr size_t kInputs = 6, kClasses = 3;

using DoubleMatrix = Eigen::MatrixXd;

// The same network in double precision, one example at a time.
double TwinLoss(std::span<const DoubleMatrix> weights, const Dataset& data,
                std::span<const uint32_t> batch) {
  double sum = 0;
  for (const uint32_t example : batch) {
    std::vector<float> row(data.features());
    data.Row(example, row);
    Eigen::VectorXd x = Eigen::Map<Eigen::VectorXf>(row.data(), row.size()).cast<double>();
    for (size_t l = 0; l < weights.size(); ++l) {
      Eigen::VectorXd with_bias(x.size() + 1);
      with_bias << x, 1;
      x = weights[l] * with_bias;
      if (l + 1 < weights.size()) x = x.cwiseMax(0);
    }
    const double largest = x.maxCoeff();
    sum += largest + std::log((x.array() - largest).exp().sum()) - x(data.label(example));
  }
  return sum / static_cast<double>(batch.size());
}

class MlpTrainerTest : public testing::Test {
 protected:
  Dataset RandomData(size_t examples, float scale = 1) {
    std::vector<float> values(examples * kInputs);
    std::vector<uint32_t> labels(examples);
    for (float& value : values) value = static_cast<float>(2 * random_.Uniform() - 1);
    for (uint32_t& label : labels) label = random_.Below(kClasses);
    return *Dataset::FromTable("table", kInputs, values, labels, scale);
  }

  std::vector<Matrix> RandomWeights(float scale = 1) {
    std::vector<Matrix> weights;
    for (const LayerSpec& layer : layers_) {
      weights.emplace_back(layer.rows, layer.cols);
      for (float& weight : weights.back().reshaped()) {
        weight = scale * static_cast<float>(2 * random_.Uniform() - 1);
      }
    }
    return weights;
  }

  std::vector<DoubleMatrix> Double(const std::vector<Matrix>& weights) const {
    std::vector<DoubleMatrix> made;
    for (const Matrix& layer : weights) made.push_back(layer.cast<double>());
    return made;
  }

  static std::vector<uint32_t> FirstExamples(size_t count) {
    std::vector<uint32_t> batch(count);
    std::iota(batch.begin(), batch.end(), 0U);
    return batch;
  }

  std::unique_ptr<MlpTrainer> MakeTrainer(const Dataset& data, size_t threads = 1) const {
    return *MlpTrainer::Create(layers_, data.Select(FirstExamples(data.examples())), threads);
  }

  PhiloxStream random_{{5, 6}, 0, 0, 0};
  std::vector<LayerSpec> layers_ = {
      {.rows = 5, .cols = kInputs + 1}, {.rows = 4, .cols = 6}, {.rows = kClasses, .cols = 5}};
};

TEST_F(MlpTrainerTest, Gradients_AreTheCentralDifferences) {
  const Dataset data = RandomData(20);
  const std::vector<Matrix> weights = RandomWeights();
  const std::vector<uint32_t> batch = {3, 17, 4, 0, 19, 11, 8};
  std::vector<Matrix> gradients = RandomWeights();
  const double loss = *MakeTrainer(data)->Gradients(weights, batch, gradients);
  std::vector<DoubleMatrix> twin = Double(weights);
  EXPECT_NEAR(loss, TwinLoss(twin, data, batch), 1e-6);

  constexpr double kStep = 1e-5;
  for (size_t l = 0; l < twin.size(); ++l) {
    EXPECT_GT(gradients[l].cwiseAbs().maxCoeff(), 1e-2) << "layer " << l;
    for (Eigen::Index i = 0; i < twin[l].rows(); ++i) {
      for (Eigen::Index j = 0; j < twin[l].cols(); ++j) {
        const double weight = twin[l](i, j);
        twin[l](i, j) = weight + kStep;
        const double above = TwinLoss(twin, data, batch);
        twin[l](i, j) = weight - kStep;
        const double below = TwinLoss(twin, data, batch);
        twin[l](i, j) = weight;
        ASSERT_NEAR(gradients[l](i, j), (above - below) / (2 * kStep), 1e-6)
            << "layer " << l << ", weight " << i << ", " << j;
      }
    }
  }
}

TEST_F(MlpTrainerTest, BatchesOfOtherSizes_DoNotDisturbEachOther) {
  const Dataset data = RandomData(20);
  const std::vector<Matrix> weights = RandomWeights();
  const std::unique_ptr<MlpTrainer> trainer = MakeTrainer(data);
  std::vector<Matrix> gradients = RandomWeights(), again = RandomWeights();
  for (const size_t size : {7, 3, 20, 1, 7}) {
    const std::vector<uint32_t> batch = FirstExamples(size);
    const double loss = *trainer->Gradients(weights, batch, gradients);
    EXPECT_EQ(loss, *MakeTrainer(data)->Gradients(weights, batch, again));
    for (size_t l = 0; l < weights.size(); ++l) EXPECT_EQ(gradients[l], again[l]);
  }
}

TEST_F(MlpTrainerTest, MoreThreads_GiveTheSameGradientsButForRounding) {
  const Dataset data = RandomData(20);
  const std::vector<Matrix> weights = RandomWeights();
  std::vector<Matrix> expected = RandomWeights(), gradients = RandomWeights();
  for (const size_t size : {20, 7, 1}) {
    const std::vector<uint32_t> batch = FirstExamples(size);
    const double loss = *MakeTrainer(data)->Gradients(weights, batch, expected);
    for (const size_t threads : {2, 3, 8}) {
      const std::unique_ptr<MlpTrainer> trainer = MakeTrainer(data, threads);
      EXPECT_NEAR(*trainer->Gradients(weights, batch, gradients), loss, 1e-6);
      for (size_t l = 0; l < weights.size(); ++l) {
        EXPECT_LT((gradients[l] - expected[l]).cwiseAbs().maxCoeff(), 1e-6) << "layer " << l;
      }
      const std::vector<Matrix> first = gradients;
      for (int i = 0; i < 20; ++i) {
        EXPECT_TRUE(trainer->Gradients(weights, batch, gradients).ok());
        for (size_t l = 0; l < weights.size(); ++l) ASSERT_EQ(gradients[l], first[l]);
      }
    }
  }
}

TEST_F(MlpTrainerTest, MoreThreads_MeasureTheSameToTheLastBit) {
  const Dataset data = RandomData(3 * Perceptron::kBatch + 1);
  const std::vector<Matrix> weights = RandomWeights();
  const Evaluation one = *MakeTrainer(data)->Evaluate(weights);
  for (const size_t threads : {2, 3, 8}) {
    const Evaluation more = *MakeTrainer(data, threads)->Evaluate(weights);
    EXPECT_EQ(more.loss, one.loss);
    EXPECT_EQ(more.accuracy, one.accuracy);
    EXPECT_EQ(more.examples, one.examples);
  }
}

TEST_F(MlpTrainerTest, LargeOutputs_StayFinite) {
  const Dataset data = RandomData(20);
  const std::vector<Matrix> weights = RandomWeights(100);
  std::vector<Matrix> gradients = weights;
  const double loss = *MakeTrainer(data)->Gradients(weights, FirstExamples(20), gradients);
  EXPECT_GT(loss, 1e4);
  EXPECT_NEAR(loss / TwinLoss(Double(weights), data, FirstExamples(20)), 1, 1e-5);
  for (const Matrix& layer : gradients) EXPECT_TRUE(layer.allFinite());
}

TEST_F(MlpTrainerTest, WeightsThatAreNotFinite_AreReported) {
  const std::unique_ptr<MlpTrainer> trainer = MakeTrainer(RandomData(20));
  for (const float value :
       {std::numeric_limits<float>::infinity(), std::numeric_limits<float>::quiet_NaN()}) {
    std::vector<Matrix> weights = RandomWeights(), gradients = weights;
    weights[2](1, 2) = value;
    weights[2](1, 4) = value;  // the bias, so that no example escapes
    const absl::Status status = trainer->Gradients(weights, FirstExamples(4), gradients).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInternal);
    EXPECT_EQ(status.message(), "the loss over 4 examples is nan; expected a finite number");
    EXPECT_EQ(trainer->Evaluate(weights).status().message(),
              "the loss over 20 examples is nan; expected a finite number");
  }
}

TEST_F(MlpTrainerTest, Evaluate_GoesOverAllExamples) {
  const Dataset data = RandomData(700);  // more than two of its batches
  const std::vector<Matrix> weights = RandomWeights();
  const std::unique_ptr<MlpTrainer> trainer = MakeTrainer(data);
  const Evaluation evaluation = *trainer->Evaluate(weights);
  EXPECT_EQ(evaluation.examples, 700);
  EXPECT_NEAR(evaluation.loss, TwinLoss(Double(weights), data, FirstExamples(700)), 1e-6);

  // An example is right when its loss would be lowest under its own label.
  std::vector<double> losses;
  for (uint32_t label = 0; label < kClasses; ++label) {
    const std::vector<uint32_t> labels(700, label);
    std::vector<float> values(700 * kInputs);
    for (size_t i = 0; i < 700; ++i) data.Row(i, std::span(values).subspan(i * kInputs, kInputs));
    const Dataset relabelled = *Dataset::FromTable("table", kInputs, values, labels);
    for (uint32_t i = 0; i < 700; ++i)
      losses.push_back(TwinLoss(Double(weights), relabelled, {&i, 1}));
  }
  size_t correct = 0;
  for (size_t i = 0; i < 700; ++i) {
    const double own = losses[data.label(i) * 700 + i];
    correct += own == std::min({losses[i], losses[700 + i], losses[1400 + i]});
  }
  EXPECT_GT(correct, 0);
  EXPECT_DOUBLE_EQ(evaluation.accuracy, static_cast<double>(correct) / 700);
}

TEST_F(MlpTrainerTest, GradientSteps_LearnTheExamples) {
  const std::unique_ptr<MlpTrainer> trainer = MakeTrainer(RandomData(12));
  std::vector<Matrix> weights = RandomWeights(0.5), gradients = weights;
  const double before = trainer->Evaluate(weights)->loss;
  for (int step = 0; step < 300; ++step) {
    ASSERT_TRUE(trainer->Gradients(weights, FirstExamples(12), gradients).ok());
    for (size_t l = 0; l < weights.size(); ++l) weights[l] -= 0.2f * gradients[l];
  }
  EXPECT_LT(trainer->Evaluate(weights)->loss, before / 2);
}

TEST_F(MlpTrainerTest, LayersThatDoNotChain_AreAnError) {
  layers_[1].cols = 7;
  EXPECT_EQ(MlpTrainer::Create(layers_, RandomData(3)).status().message(),
            "layer 2 has 7 columns; expected 6, the outputs of layer 1 and the bias");
  EXPECT_EQ(MlpTrainer::Create({}, RandomData(3)).status().message(),
            "the model has 0 layers; expected at least 1");
  layers_[1].rows = 0;
  EXPECT_EQ(MlpTrainer::Create(std::span(layers_).subspan(1), RandomData(3)).status().message(),
            "layer 1 is 0x7; expected at least 1x2");
}

TEST_F(MlpTrainerTest, ExamplesOfAnotherShape_AreAnError) {
  layers_[0].cols = 9;
  EXPECT_EQ(MlpTrainer::Create(layers_, RandomData(3)).status().message(),
            "6 features per example of table do not match the model's 8 inputs");
}

TEST_F(MlpTrainerTest, NoExamples_AreAnError) {
  EXPECT_EQ(MlpTrainer::Create(layers_, RandomData(3).Select({})).status().message(),
            "the data set holds no examples");
}

}  // namespace
}  // namespace seedfed
