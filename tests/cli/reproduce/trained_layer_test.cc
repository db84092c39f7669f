#include "cli/reproduce/trained_layer.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "gtest/gtest.h"
#include "tests/cli/temp_folder.h"

namespace seedfed {
namespace {

using ::testing::HasSubstr;

std::string BigEndian(uint32_t value) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift);
  return bytes;
}

// Images of one grey per label: darker the higher the label, so that they are easy to tell apart.
void WriteIdx(const TempFolder& folder, const std::string& prefix, uint32_t count) {
  std::string pixels, labels;
  for (uint32_t n = 0; n < count; ++n) {
    const uint32_t label = n % 10;
    labels += static_cast<char>(label);
    pixels += std::string(size_t{28} * 28, static_cast<char>(250 - 25 * label));
  }
  folder.Write(prefix + "-images-idx3-ubyte",
               BigEndian(0x803) + BigEndian(count) + BigEndian(28) + BigEndian(28) + pixels);
  folder.Write(prefix + "-labels-idx1-ubyte", BigEndian(0x801) + BigEndian(count) + labels);
}

TEST(TrainLayer, ASmallDataSet_GivesALayerThatLearned) {
  const TempFolder folder;
  WriteIdx(folder, "train", 200);
  WriteIdx(folder, "t10k", 50);
  PhiloxStream random({1, 2}, 0, 0, 0);
  const auto layer = TrainLayer(folder.path(), random);
  ASSERT_TRUE(layer.ok()) << layer.status();
  EXPECT_EQ(layer->target.name, "Fashion-MNIST layer");
  EXPECT_EQ(layer->target.rows, 32U);
  EXPECT_EQ(layer->target.cols, 32U);
  ASSERT_EQ(layer->target.weights.size(), 1024U);
  EXPECT_GT(layer->accuracy, 0.25);  // chance: 0.1
  EXPECT_NE(*std::min_element(layer->target.weights.begin(), layer->target.weights.end()),
            *std::max_element(layer->target.weights.begin(), layer->target.weights.end()));

  PhiloxStream again({1, 2}, 0, 0, 0);
  EXPECT_EQ(TrainLayer(folder.path(), again)->target.weights, layer->target.weights);
}

TEST(TrainLayer, NoDataSet_IsNamed) {
  const TempFolder folder;
  PhiloxStream random({1, 2}, 0, 0, 0);
  EXPECT_THAT(std::string(TrainLayer(folder / "none", random).status().message()),
              HasSubstr("none"));
  WriteIdx(folder, "train", 20);
  EXPECT_THAT(std::string(TrainLayer(folder.path(), random).status().message()), HasSubstr("t10k"));
}

}  // namespace
}  // namespace seedfed
