#include "client/core/local_round.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>
#include <vector>

#include "client/core/seed_optimiser.h"

namespace seedfed {
namespace {

using testing::Each;
using testing::SizeIs;

// A loss that is linear in the weights: its gradients are always 1. The reported loss is the step's
// number.
class FakeTrainer final : public Trainer {
 public:
  explicit FakeTrainer(size_t examples) : examples_(examples) {}

  size_t examples() const override { return examples_; }

  absl::StatusOr<double> Gradients(std::span<const Matrix>, std::span<const uint32_t> batch,
                                   std::span<Matrix> gradients) override {
    batches.emplace_back(batch.begin(), batch.end());
    for (Matrix& layer : gradients) layer.setOnes();
    if (batches.size() == failing_step) return failure;
    return static_cast<double>(batches.size());
  }

  absl::StatusOr<Evaluation> Evaluate(std::span<const Matrix>) override { return Evaluation{}; }

  std::vector<std::vector<uint32_t>> batches;
  size_t failing_step = 0;
  absl::StatusOr<double> failure = 0;

 private:
  size_t examples_;
};

class TrainRoundTest : public testing::Test {
 protected:
  TrainRoundTest() : model_(MakeModel(Codec::kEnsemble)) {}

  Model MakeModel(Codec codec) const {
    return *Model::Create(
        {.layers = {{.rows = 9, .cols = 11}, {.rows = 3, .cols = 10}}, .codec = codec}, key_);
  }

  absl::StatusOr<LocalUpdate> Train(Trainer& trainer, uint32_t client_number = 0) {
    return TrainRound(model_, plan_, key_, client_number, trainer, nullptr);
  }

  // Completes a round of the model with words that change nothing.
  void PassRound() {
    const std::vector<int32_t> zero(model_.spec().coordinates());
    const uint32_t round = model_.round() + 1;
    ASSERT_TRUE(model_.Apply(round, model_.codec().Encode(zero, round, {})).ok());
  }

  FederationKey key_ = *FederationKey::Parse("12");
  TrainingPlan plan_{.learning_rate = {0.1, 0.1}, .batch = 8, .samples = 100};
  Model model_;
};

TEST_F(TrainRoundTest, ManyExamples_UsesFullBatchesOfTheSamples) {
  FakeTrainer trainer(1000);
  const LocalUpdate update = *Train(trainer);
  EXPECT_THAT(trainer.batches, SizeIs(12));
  EXPECT_THAT(trainer.batches, Each(SizeIs(8)));
  std::set<uint32_t> distinct;
  for (const auto& batch : trainer.batches) distinct.insert(batch.begin(), batch.end());
  EXPECT_THAT(distinct, SizeIs(96));
  EXPECT_LT(*distinct.rbegin(), 1000);
  EXPECT_GT(*distinct.rbegin(), 100);  // drawn from all, not from the first 100
  EXPECT_EQ(update.examples, 96);
  EXPECT_FLOAT_EQ(update.loss, 6.5);  // the mean of 1 to 12
  EXPECT_THAT(update.words, SizeIs(model_.spec().update_bytes()));
}

TEST_F(TrainRoundTest, SamplesZero_UsesAllExamples) {
  plan_.samples = 0;
  FakeTrainer trainer(1000);
  EXPECT_EQ(Train(trainer)->examples, 1000);
  EXPECT_THAT(trainer.batches, SizeIs(125));
}

TEST_F(TrainRoundTest, FewerExamplesThanABatch_TakesOneStepWithAll) {
  FakeTrainer trainer(5);
  EXPECT_EQ(Train(trainer)->examples, 5);
  ASSERT_THAT(trainer.batches, SizeIs(1));
  EXPECT_THAT(trainer.batches[0], testing::UnorderedElementsAre(0, 1, 2, 3, 4));
}

TEST_F(TrainRoundTest, SameArguments_GiveTheSameBytes) {
  FakeTrainer first(1000), second(1000);
  EXPECT_EQ(Train(first)->words, Train(second)->words);
  EXPECT_EQ(first.batches, second.batches);
}

TEST_F(TrainRoundTest, ClientsAndRounds_DrawOtherExamples) {
  FakeTrainer first(1000), other_client(1000), other_round(1000);
  const std::string words = Train(first, 0)->words;
  EXPECT_NE(Train(other_client, 1)->words, words);
  PassRound();
  ASSERT_TRUE(Train(other_round, 0).ok());
  EXPECT_NE(first.batches, other_client.batches);
  EXPECT_NE(first.batches, other_round.batches);
}

TEST_F(TrainRoundTest, LearningRate_DecaysPerRound) {
  model_ = MakeModel(Codec::kDense);
  plan_ = {.learning_rate = {0.01, 0.02}, .learning_rate_decay = 0.5, .batch = 8, .samples = 8};
  for (uint32_t round = 1; round <= 3; ++round) {
    FakeTrainer trainer(8);
    const std::vector<int32_t> changes = *model_.codec().Decode(Train(trainer)->words, round);
    const double factor = std::pow(0.5, round - 1);
    EXPECT_NEAR(changes.front() * model_.spec().LayerUnit(0), -0.01 * factor, 1e-6) << round;
    EXPECT_NEAR(changes.back() * model_.spec().LayerUnit(1), -0.02 * factor, 1e-6) << round;
    PassRound();
  }
}

TEST_F(TrainRoundTest, ModelOfALaterRound_StartsAtItsWeights) {
  FakeTrainer trainer(100);
  const std::string words = Train(trainer)->words;
  const std::vector<Matrix> before = DenseWeights(model_);
  ASSERT_TRUE(model_.Apply(1, words).ok());
  EXPECT_NE(DenseWeights(model_)[0], before[0]);
  EXPECT_TRUE(Train(trainer).ok());
}

TEST_F(TrainRoundTest, Cancelled_StopsBetweenSteps) {
  FakeTrainer trainer(1000);
  const auto update = TrainRound(model_, plan_, key_, 0, trainer,
                                 [&](double) { return trainer.batches.size() == 3; });
  EXPECT_EQ(update.status().code(), absl::StatusCode::kCancelled);
  EXPECT_EQ(update.status().message(), "training for round 1 was cancelled after 3 steps");
  EXPECT_THAT(trainer.batches, SizeIs(3));
}

TEST_F(TrainRoundTest, LossThatIsNotFinite_NamesTheStep) {
  FakeTrainer trainer(1000);
  trainer.failing_step = 4;
  trainer.failure = std::numeric_limits<double>::infinity();
  const absl::Status status = Train(trainer).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInternal);
  EXPECT_EQ(status.message(), "step 4 of round 1: the loss is inf; expected a finite number");
}

TEST_F(TrainRoundTest, TrainersError_KeepsItsCodeAndNamesTheStep) {
  FakeTrainer trainer(1000);
  trainer.failing_step = 2;
  trainer.failure = absl::UnavailableError("the device is gone");
  const absl::Status status = Train(trainer).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(status.message(), "step 2 of round 1: the device is gone");
}

TEST_F(TrainRoundTest, NoExamples_IsAnError) {
  FakeTrainer trainer(0);
  const absl::Status status = Train(trainer).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status.message(), "the client holds 0 examples; expected 1 to 2^32 - 1 to train on");
}

TEST_F(TrainRoundTest, PlanOfAnotherModel_IsAnError) {
  plan_.learning_rate = {0.1};
  FakeTrainer trainer(10);
  EXPECT_EQ(Train(trainer).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(trainer.batches, SizeIs(0));
}

}  // namespace
}  // namespace seedfed
