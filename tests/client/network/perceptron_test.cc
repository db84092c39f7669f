#include "client/network/perceptron.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "common/base/philox.h"
#include "common/model/merge.h"

namespace seedfed {
namespace {

using testing::ElementsAre;

std::vector<LayerSpec> Layers(std::vector<std::pair<uint32_t, uint32_t>> shapes) {
  std::vector<LayerSpec> layers;
  for (const auto& [rows, cols] : shapes) layers.push_back({rows, cols, 8});
  return layers;
}

TEST(Perceptron, TwoLayers_ReluBetweenThemOnly) {
  Perceptron network = Perceptron::Create(Layers({{2, 3}, {2, 3}})).value();
  EXPECT_EQ(network.inputs(), 2u);
  EXPECT_EQ(network.classes(), 2u);
  std::vector<Matrix> weights(2, Matrix(2, 3));
  weights[0] << 1, 0, 0.5f, 0, -1, 0;  // x + 0.5, -y
  weights[1] << 1, 1, 0, -2, 0, 0;
  network.Reserve(2);
  network.Input(0)[0] = 1;
  network.Input(0)[1] = 2;  // hidden: 1.5, max(0, -2)
  network.Input(1)[0] = -3;
  network.Input(1)[1] = -4;  // hidden: 0, 4
  network.Run(weights, 2);
  EXPECT_THAT(network.Output(0), ElementsAre(1.5f, -3.0f));
  EXPECT_THAT(network.Output(1), ElementsAre(4.0f, 0.0f));
}

TEST(Perceptron, SmallerBatch_KeepsTheRoom) {
  Perceptron network = Perceptron::Create(Layers({{1, 2}})).value();
  const std::vector<Matrix> weights = {(Matrix(1, 2) << 2, 1).finished()};
  network.Reserve(3);
  const float* room = network.Input(0).data();
  network.Reserve(1);
  EXPECT_EQ(network.Input(0).data(), room);
  network.Input(0)[0] = 5;
  network.Run(weights, 1);
  EXPECT_THAT(network.Output(0), ElementsAre(11.0f));
}

TEST(Perceptron, LayersAsSeeds_NearThoseAsWeights) {
  const std::vector<LayerSpec> layers = {{20, 31, 8}, {9, 21, 4}};
  Perceptron network = Perceptron::Create(layers).value();
  std::vector<SeedMatrix> seeds;
  std::vector<Matrix> weights;
  PhiloxStream random({6, 6}, 0, 0, 0);
  constexpr float kGain = 0.5f;
  for (const LayerSpec& layer : layers) {
    std::vector<uint32_t> codes(layer.tiles());
    for (uint32_t& code : codes) code = random.Below(1 << 20);
    std::vector<int32_t> points(2 * layer.tiles());
    for (int32_t& point : points) point = static_cast<int32_t>(random.Next()) >> 2;
    seeds.emplace_back(layer, 2, kGain, codes, points);
    std::vector<int32_t> units(layer.weights());  // of kGain * 2^-24
    MergeSeeds(layer, 2, codes, points, units);
    Matrix& made = weights.emplace_back(layer.rows, layer.cols);
    for (size_t i = 0; i < units.size(); ++i) {
      made.data()[i] = static_cast<float>(units[i]) * kGain * 0x1p-24f;
    }
  }
  network.Reserve(3);
  for (size_t i = 0; i < 3; ++i) {
    for (float& value : network.Input(i)) value = static_cast<float>(random.Uniform());
  }
  network.Run(weights, 3);
  const Matrix expected = network.outputs();
  network.Run(seeds, 3);
  EXPECT_GT(expected.cwiseAbs().maxCoeff(), 0.1f);
  EXPECT_LT((network.outputs() - expected).cwiseAbs().maxCoeff(), 1e-5f);
}

TEST(Perceptron, LayersThatDoNotChain_Refused) {
  EXPECT_EQ(Perceptron::Create({}).status().message(),
            "the model has 0 layers; expected at least 1");
  EXPECT_EQ(Perceptron::Create(Layers({{4, 3}, {2, 4}})).status().message(),
            "layer 2 has 4 columns; expected 5, the outputs of layer 1 and the bias");
}

}  // namespace
}  // namespace seedfed
