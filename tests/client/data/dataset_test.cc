#include "client/data/dataset.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "tests/client/data/temp_folder.h"

namespace seedfed {
namespace {

using testing::ElementsAre;

std::vector<float> RowOf(const Dataset& dataset, size_t example) {
  std::vector<float> row(dataset.features());
  dataset.Row(example, row);
  return row;
}

Dataset Images() {
  return Dataset::FromImages("IMAGES", "LABELS", 1, 2, {0, 255, 51, 102, 1, 2}, {3, 0, 9}).value();
}

Dataset Table() {
  return Dataset::FromTable("TABLE", 2, {1.5f, -2.0f, 0.0f, 8.0f}, {1, 0}, 0.5f).value();
}

TEST(Dataset, Images_AreScaledToOne) {
  const Dataset dataset = Images();
  EXPECT_EQ(dataset.examples(), 3u);
  EXPECT_EQ(dataset.features(), 2u);
  EXPECT_EQ(dataset.label(2), 9u);
  EXPECT_THAT(dataset.labels(), ElementsAre(3, 0, 9));
  EXPECT_THAT(RowOf(dataset, 0), ElementsAre(0.0f, 1.0f));
  EXPECT_THAT(RowOf(dataset, 1), ElementsAre(51 * (1.0f / 255), 102 * (1.0f / 255)));
}

TEST(Dataset, Table_IsScaledAsAsked) {
  const Dataset dataset = Table();
  EXPECT_EQ(dataset.examples(), 2u);
  EXPECT_THAT(RowOf(dataset, 0), ElementsAre(0.75f, -1.0f));
  EXPECT_THAT(RowOf(dataset, 1), ElementsAre(0.0f, 4.0f));
}

TEST(Dataset, Normalisation_IsSubtractedAndDivided) {
  Dataset images = Images();
  ASSERT_TRUE(images.set_normalisation(0.25f, 0.5f).ok());
  EXPECT_THAT(RowOf(images, 0), ElementsAre(-0.5f, 1.5f));
  Dataset table = Table();
  ASSERT_TRUE(table.set_normalisation(1.0f, 2.0f).ok());
  EXPECT_THAT(RowOf(table, 0), ElementsAre(-0.125f, -1.0f));
}

TEST(Dataset, ImpossibleNormalisation_IsRefusedAndChangesNothing) {
  Dataset dataset = Images();
  const float infinity = std::numeric_limits<float>::infinity();
  const float nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(Sentence(dataset.set_normalisation(0, 0)),
            "normalisation stddev 0 is not a positive finite number");
  EXPECT_EQ(Sentence(dataset.set_normalisation(0, -2)),
            "normalisation stddev -2 is not a positive finite number");
  EXPECT_FALSE(dataset.set_normalisation(0, nan).ok());
  EXPECT_FALSE(dataset.set_normalisation(0, infinity).ok());
  EXPECT_FALSE(dataset.set_normalisation(0, std::numeric_limits<float>::denorm_min()).ok());
  EXPECT_EQ(Sentence(dataset.set_normalisation(infinity, 1)),
            "normalisation mean inf is not a finite number");
  EXPECT_FALSE(dataset.set_normalisation(nan, 1).ok());
  EXPECT_THAT(RowOf(dataset, 0), ElementsAre(0.0f, 1.0f));
}

TEST(Dataset, Select_CopiesRowsLabelsAndNormalisation) {
  Dataset images = Images();
  ASSERT_TRUE(images.set_normalisation(1, 1).ok());
  const std::vector<uint32_t> indices = {2, 0, 2};
  const Dataset selected = images.Select(indices);
  EXPECT_THAT(selected.labels(), ElementsAre(9, 3, 9));
  EXPECT_EQ(RowOf(selected, 0), RowOf(images, 2));
  EXPECT_EQ(RowOf(selected, 1), RowOf(images, 0));
  EXPECT_EQ(RowOf(selected, 2), RowOf(images, 2));

  Dataset table = Table();
  ASSERT_TRUE(table.set_normalisation(1, 2).ok());
  const std::vector<uint32_t> last = {1};
  const Dataset one = table.Select(last);
  EXPECT_THAT(one.labels(), ElementsAre(0));
  EXPECT_EQ(RowOf(one, 0), RowOf(table, 1));
  EXPECT_EQ(table.Select({}).examples(), 0u);
}

TEST(Dataset, Select_CanBeNormalisedAnew) {
  const std::vector<uint32_t> indices = {0};
  Dataset selected = Images().Select(indices);
  ASSERT_TRUE(selected.set_normalisation(1, 1).ok());
  EXPECT_THAT(RowOf(selected, 0), ElementsAre(-1.0f, 0.0f));
}

TEST(Dataset, PartsThatDoNotFit_AreRefused) {
  EXPECT_EQ(Sentence(Dataset::FromImages("IMAGES", "LABELS", 1, 2, {1, 2, 3, 4}, {0, 1, 2})),
            "IMAGES has 2 images but LABELS has 3 labels");
  EXPECT_EQ(Sentence(Dataset::FromImages("IMAGES", "LABELS", 1, 2, {1, 2, 3}, {0})),
            "IMAGES has 3 pixels, not a multiple of the image size 1x2");
  EXPECT_EQ(Sentence(Dataset::FromImages("IMAGES", "LABELS", 1, 2, {}, {})),
            "IMAGES holds no images");
  EXPECT_EQ(Sentence(Dataset::FromImages("IMAGES", "LABELS", 0, 2, {1}, {1})),
            "IMAGES holds no images");
  EXPECT_EQ(Sentence(Dataset::FromTable("TABLE", 2, {1, 2, 3}, {0})),
            "TABLE has 3 values, not 2 for each of its 1 labels");
  EXPECT_EQ(Sentence(Dataset::FromTable("TABLE", 2, {}, {})), "TABLE holds no examples");
  EXPECT_EQ(Sentence(Dataset::FromTable("TABLE", 0, {}, {1})), "TABLE holds no examples");
}

TEST(Dataset, ImpossibleScale_IsRefused) {
  EXPECT_EQ(Sentence(Dataset::FromTable("TABLE", 1, {1}, {0}, 0.0f)),
            "scale 0 of TABLE is not a finite number other than 0");
  EXPECT_FALSE(
      Dataset::FromTable("TABLE", 1, {1}, {0}, std::numeric_limits<float>::quiet_NaN()).ok());
}

TEST(Dataset, CheckAgainstModel_AcceptsWhatFits) {
  EXPECT_TRUE(Images().CheckAgainstModel(2, 10).ok());
  EXPECT_TRUE(Table().CheckAgainstModel(2, 2).ok());
}

TEST(Dataset, CheckAgainstModel_NamesSizes) {
  const Dataset images =
      Dataset::FromImages("IMAGES", "LABELS", 28, 28, std::vector<uint8_t>(784), {0}).value();
  EXPECT_EQ(Sentence(images.CheckAgainstModel(400, 10)),
            "image size 28x28 = 784 of IMAGES does not match the model's 400 inputs");
  EXPECT_EQ(Sentence(Table().CheckAgainstModel(784, 10)),
            "2 features per example of TABLE do not match the model's 784 inputs");
}

TEST(Dataset, CheckAgainstModel_NamesLabelAndExample) {
  EXPECT_EQ(Sentence(Images().CheckAgainstModel(2, 9)),
            "label 9 of example 2 in LABELS is out of range: the model has 9 classes (0 to 8)");
  EXPECT_EQ(Sentence(Table().CheckAgainstModel(2, 1)),
            "label 1 of example 0 in TABLE is out of range: the model has 1 classes (0 to 0)");
}

}  // namespace
}  // namespace seedfed
