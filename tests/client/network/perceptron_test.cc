#include "client/network/perceptron.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

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

TEST(Perceptron, LayersThatDoNotChain_Refused) {
  EXPECT_EQ(Perceptron::Create({}).status().message(),
            "the model has 0 layers; expected at least 1");
  EXPECT_EQ(Perceptron::Create(Layers({{4, 3}, {2, 4}})).status().message(),
            "layer 2 has 4 columns; expected 5, the outputs of layer 1 and the bias");
}

}  // namespace
}  // namespace seedfed
