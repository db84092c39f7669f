#include "cli/predict/predict.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/cli/predict/example_inputs.h"

namespace seedfed {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class FakeExamples final : public ExampleReader {
 public:
  FakeExamples(std::vector<float> values, std::vector<uint32_t> labels, bool labelled = true)
      : values_(std::move(values)), labels_(std::move(labels)), labelled_(labelled) {}

  bool labelled() const override { return labelled_; }
  const std::string& name() const override { return name_; }
  absl::StatusOr<std::optional<Dataset>> Next(size_t most) override {
    const size_t features = values_.size() / labels_.size();
    const size_t count = std::min(most, labels_.size() - next_);
    if (count == 0) return std::nullopt;
    const auto first = static_cast<ptrdiff_t>(next_), last = static_cast<ptrdiff_t>(next_ + count);
    const auto width = static_cast<ptrdiff_t>(features);
    next_ += count;
    return Dataset::FromTable(name_, features,
                              {values_.begin() + first * width, values_.begin() + last * width},
                              {labels_.begin() + first, labels_.begin() + last});
  }

 private:
  const std::string name_ = "x";
  const std::vector<float> values_;
  const std::vector<uint32_t> labels_;
  const bool labelled_;
  size_t next_ = 0;
};

absl::Status Ignore(const Prediction&) { return absl::OkStatus(); }

TEST(Predict, LargestOutput_IsTheClass) {
  FakeExamples examples({5, 1, 0, 3, -4, 0}, {0, 1, 1});
  std::vector<uint32_t> classes;
  std::vector<float> first;
  const PredictResult result =
      Predict(ExampleNetwork(), {0, 1}, examples, [&](const Prediction& prediction) {
        if (classes.empty()) {
          first.assign(prediction.probabilities.begin(), prediction.probabilities.end());
        }
        EXPECT_EQ(prediction.index, classes.size());
        classes.push_back(prediction.predicted_class);
        return absl::OkStatus();
      }).value();
  EXPECT_THAT(classes, ElementsAre(0, 1, 2));
  EXPECT_EQ(result.examples, 3u);
  EXPECT_DOUBLE_EQ(result.scores->accuracy(), 2.0 / 3);
  const double total = std::exp(5.0) + std::exp(1.0) + std::exp(-4.0);
  EXPECT_THAT(first,
              ElementsAre(testing::FloatNear(static_cast<float>(std::exp(5.0) / total), 1e-6f),
                          testing::FloatNear(static_cast<float>(std::exp(1.0) / total), 1e-6f),
                          testing::FloatNear(static_cast<float>(std::exp(-4.0) / total), 1e-6f)));
}

TEST(Predict, Normalisation_ComesBeforeTheNetwork) {
  FakeExamples examples({10, 12}, {0});
  Predict(ExampleNetwork(), {10, 2}, examples, [](const Prediction& prediction) {
    EXPECT_EQ(prediction.predicted_class, 1u);  // the inputs are 0 and 1, the third output is 1 too
    EXPECT_EQ(prediction.probabilities[1], prediction.probabilities[2]);
    return absl::OkStatus();
  }).IgnoreError();
}

TEST(Predict, ManyBatches_AllExamplesOnce) {
  FakeExamples examples(std::vector<float>(2 * 700, 1), std::vector<uint32_t>(700, 0));
  uint64_t seen = 0;
  const auto result =
      Predict(ExampleNetwork(), {0, 1}, examples, [&](const Prediction& prediction) {
        EXPECT_EQ(prediction.index, seen++);
        return absl::OkStatus();
      });
  EXPECT_EQ(result->examples, 700u);
  EXPECT_EQ(seen, 700u);
}

TEST(Predict, NotLabelled_NoScores) {
  FakeExamples examples({1, 2}, {0}, false);
  const auto result = Predict(ExampleNetwork(), {0, 1}, examples, [](const Prediction& prediction) {
    EXPECT_EQ(prediction.label, std::nullopt);
    return absl::OkStatus();
  });
  EXPECT_EQ(result->scores, std::nullopt);
}

TEST(Predict, ExamplesThatDoNotFit_Refused) {
  FakeExamples wide({1, 2, 3}, {0});
  EXPECT_EQ(Predict(ExampleNetwork(), {0, 1}, wide, Ignore).status().message(),
            "3 features per example of x do not match the model's 2 inputs");
  std::vector<uint32_t> labels(300, 0);
  labels[299] = 3;
  FakeExamples unknown(std::vector<float>(600, 1), labels);
  EXPECT_EQ(Predict(ExampleNetwork(), {0, 1}, unknown, Ignore).status().message(),
            "label 3 of example 299 of x is out of range: the model has 3 classes (0 to 2)");
}

TEST(Predict, OutputsThatOverflow_Refused) {
  TrainedNetwork network = ExampleNetwork();
  network.weights[0](0, 0) = 1e30f;
  FakeExamples examples({1e30f, 0}, {0});
  EXPECT_THAT(std::string(Predict(network, {0, 1}, examples, Ignore).status().message()),
              HasSubstr("outputs for example 0 of x are not finite"));
}

TEST(Predict, ErrorOfTheReceiver_EndsTheRun) {
  FakeExamples examples({1, 2, 1, 2}, {0, 0});
  EXPECT_EQ(Predict(ExampleNetwork(), {0, 1}, examples,
                    [](const Prediction&) { return absl::ResourceExhaustedError("full"); })
                .status()
                .message(),
            "full");
}

}  // namespace
}  // namespace seedfed
