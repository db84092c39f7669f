#include "client/driver/local_data.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/client/driver/example_data.h"
#include "tests/common/model/example_models.h"

namespace seedfed {
namespace {

Membership ExampleMembership() {
  Membership membership;
  membership.key = ExampleKey();
  membership.model = ExampleEnsemble();
  membership.plan.input_mean = 0.5;
  membership.plan.input_stddev = 0.25;
  return membership;
}

TEST(LoadData, NothingThere_NamesThePath) {
  EXPECT_EQ(LoadData(IdxFolderSource{"/no/such/folder"}, ClientRole::kTrain).status(),
            absl::NotFoundError("/no/such/folder does not exist"));
  EXPECT_EQ(LoadData(CsvSource{"/no/such/table.csv", "label"}, ClientRole::kTrain).status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(
      LoadData(IdxFilesSource{"/no/images", "/no/labels"}, ClientRole::kTrain).status().code(),
      absl::StatusCode::kNotFound);
}

TEST(CheckWantedModel, NothingWanted_TakesAny) {
  EXPECT_TRUE(CheckWantedModel({}, ExampleEnsemble()).ok());
}

TEST(CheckWantedModel, SameSizesWithOtherTiles_IsTaken) {
  const std::vector<LayerSpec> wanted = {{13, 21, 64}, {5, 14, 64}};
  EXPECT_TRUE(CheckWantedModel(wanted, ExampleEnsemble()).ok());
}

TEST(CheckWantedModel, OtherSizes_NamesBoth) {
  const std::vector<LayerSpec> wanted = {{12, 21, 8}, {5, 13, 8}};
  EXPECT_EQ(CheckWantedModel(wanted, ExampleEnsemble()),
            absl::InvalidArgumentError(
                "the federation trains the model 20-13-5, --model asks for 20-12-5"));
  EXPECT_FALSE(CheckWantedModel(std::span(wanted).first(1), ExampleEnsemble()).ok());
}

TEST(FitData, NoShard_IsAllOfItNormalised) {
  const absl::StatusOr<Dataset> data =
      FitData(ExampleData(30), ExampleMembership(), ClientRole::kTrain);
  ASSERT_TRUE(data.ok()) << data.status();
  EXPECT_EQ(data->examples(), 30u);
  std::vector<float> row(20);
  data->Row(0, row);
  EXPECT_FLOAT_EQ(row[0], (200.0f / 255 - 0.5f) / 0.25f);
  EXPECT_FLOAT_EQ(row[1], -2.0f);
}

TEST(FitData, Shards_CoverTheDataOnce) {
  for (const double alpha : {0.0, 100.0}) {
    Membership membership = ExampleMembership();
    size_t sum = 0;
    for (uint32_t i = 0; i < 3; ++i) {
      membership.shard = Shard{i, 3, alpha};
      const absl::StatusOr<Dataset> data = FitData(ExampleData(90), membership, ClientRole::kTrain);
      ASSERT_TRUE(data.ok()) << data.status();
      EXPECT_LT(data->examples(), 90u);
      sum += data->examples();
    }
    EXPECT_EQ(sum, 90u) << alpha;
  }
}

TEST(FitData, Evaluator_KeepsEverything) {
  Membership membership = ExampleMembership();
  membership.shard = Shard{0, 3, 0};
  EXPECT_EQ(FitData(ExampleData(30), membership, ClientRole::kEvaluate)->examples(), 30u);
}

TEST(FitData, MoreShardsThanExamples_IsRefused) {
  Membership membership = ExampleMembership();
  membership.shard = Shard{0, 31, 0};
  EXPECT_EQ(FitData(ExampleData(30), membership, ClientRole::kTrain).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(FitData, OtherImageSizeOrClasses_AreRefused) {
  Membership membership = ExampleMembership();
  membership.model.layers[0].cols = 785;
  EXPECT_EQ(FitData(ExampleData(30), membership, ClientRole::kTrain).status().code(),
            absl::StatusCode::kInvalidArgument);
  membership = ExampleMembership();
  membership.model.layers[1].rows = 4;
  EXPECT_EQ(FitData(ExampleData(30), membership, ClientRole::kTrain).status().code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace seedfed
