// A federation below the wire: ten clients, the server's mean and the model, on Fashion-MNIST.

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "client/core/local_round.h"
#include "client/core/seed_optimiser.h"
#include "client/data/idx.h"
#include "client/data/shard.h"
#include "client/trainer/mlp.h"
#include "common/model/model.h"
#include "server/aggregation/weighted_mean.h"

namespace seedfed {
namespace {

constexpr char kFolder[] = "/usr/share/datasets/fashion-mnist";
constexpr uint32_t kClients = 10;

struct Setting {
  std::string name;
  Codec codec;
  Mode mode;
  uint32_t tile;
  double learning_rate;
  double floor;  // accuracy after round 5, about a point below what was measured
};

class FederatedTrainingTest : public testing::TestWithParam<Setting> {
 protected:
  static absl::StatusOr<Dataset> Load(Split split, const TrainingPlan& plan) {
    absl::StatusOr<Dataset> data = LoadIdxFolder(kFolder, split);
    if (data.ok()) {
      const absl::Status normalised = data->set_normalisation(
          static_cast<float>(plan.input_mean), static_cast<float>(plan.input_stddev));
      if (!normalised.ok()) return normalised;
    }
    return data;
  }
};

TEST_P(FederatedTrainingTest, FiveRounds_ReachTheFloor) {
  const FederationKey key = *FederationKey::Parse("1");
  const ModelSpec spec{.layers = *MlpLayers("784-256-128-10", {&GetParam().tile, 1}),
                       .codec = GetParam().codec,
                       .mode = GetParam().mode};
  const TrainingPlan plan{.learning_rate = std::vector<double>(3, GetParam().learning_rate)};
  const auto train = Load(Split::kTrain, plan);
  auto test = Load(Split::kTest, plan);
  ASSERT_TRUE(train.ok() && test.ok()) << train.status() << test.status();

  std::vector<std::unique_ptr<MlpTrainer>> clients;
  for (uint32_t c = 0; c < kClients; ++c) {
    const auto shard = IidShard(train->examples(), kClients, c, key.SubKey(Purpose::kSharding));
    ASSERT_TRUE(shard.ok()) << shard.status();
    auto trainer = MlpTrainer::Create(spec.layers, train->Select(*shard));
    ASSERT_TRUE(trainer.ok()) << trainer.status();
    clients.push_back(*std::move(trainer));
  }
  const auto evaluator = MlpTrainer::Create(spec.layers, *std::move(test));
  ASSERT_TRUE(evaluator.ok()) << evaluator.status();
  auto model = Model::Create(spec, key);
  ASSERT_TRUE(model.ok()) << model.status();

  for (uint32_t round = 1; round <= 5; ++round) {
    WeightedMean mean(spec.coordinates());
    for (uint32_t c = 0; c < kClients; ++c) {
      const auto update = TrainRound(*model, plan, key, c, *clients[c], nullptr);
      ASSERT_TRUE(update.ok()) << update.status();
      const auto coordinates = model->codec().Decode(update->words, round);
      ASSERT_TRUE(coordinates.ok()) << coordinates.status();
      ASSERT_TRUE(mean.Add(c, *coordinates, update->examples));
    }
    const std::string words =
        model->codec().Encode(mean.Result(), round, {key.SubKey(Purpose::kDitherDown), 0});
    ASSERT_TRUE(model->Apply(round, words).ok());
  }
  const auto evaluation = (*evaluator)->Evaluate(DenseWeights(*model));
  ASSERT_TRUE(evaluation.ok()) << evaluation.status();
  RecordProperty("accuracy", std::to_string(evaluation->accuracy));
  EXPECT_GT(evaluation->accuracy, GetParam().floor);
  EXPECT_LT(evaluation->accuracy, GetParam().floor + 0.04);
}

INSTANTIATE_TEST_SUITE_P(
    Settings, FederatedTrainingTest,
    testing::Values(Setting{"Ensemble8", Codec::kEnsemble, Mode::kRolling, 8, 0.1, 0.82},
                    Setting{"Ensemble32", Codec::kEnsemble, Mode::kRolling, 32, 0.3, 0.78},
                    Setting{"Single32", Codec::kSingle, Mode::kRolling, 32, 0.2, 0.78},
                    Setting{"Dense", Codec::kDense, Mode::kRolling, 8, 0.001, 0.825}),
    [](const testing::TestParamInfo<Setting>& setting) { return setting.param.name; });

}  // namespace
}  // namespace seedfed
