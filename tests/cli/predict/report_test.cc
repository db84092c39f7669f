#include "cli/predict/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <nlohmann/json.hpp>

#include "tests/cli/predict/example_inputs.h"

namespace seedfed {
namespace {

using testing::HasSubstr;
using testing::Not;

PredictResult Scored() {
  PredictResult result;
  result.examples = 2;
  result.scores.emplace(3);
  result.scores->Add(0, 0, 0.5);
  result.scores->Add(1, 2, 1.5);
  return result;
}

TEST(PredictionTable, MoreThanTheRows_SaysHowMany) {
  constexpr std::array<float, 2> kProbabilities = {0.25f, 0.75f};
  PredictionTable table(2, true);
  for (uint64_t i = 0; i < 5; ++i) {
    Prediction prediction;
    prediction.index = i;
    prediction.predicted_class = 1;
    prediction.label = 0;
    prediction.probabilities = kProbabilities;
    table.Add(prediction);
  }
  EXPECT_EQ(table.Text(5),
            "index  class  probability  label\n"
            "    0      1       0.7500      0\n"
            "    1      1       0.7500      0\n"
            "... 3 more: --rows shows more, --output writes all\n\n");
  EXPECT_EQ(PredictionTable(0, true).Text(5), "");
}

TEST(SummaryText, WithLabels_AccuracyAndClasses) {
  TrainedNetwork network = ExampleNetwork();
  network.round = 7;
  const std::string text = SummaryText(network, DefaultNormalisation(), Scored());
  EXPECT_THAT(text, HasSubstr("2-3, after round 7"));
  EXPECT_THAT(text, HasSubstr("the default; the model's source does not say"));
  EXPECT_THAT(text, HasSubstr("Accuracy  0.5000"));
  EXPECT_THAT(text, HasSubstr("Loss      1.0000"));
  EXPECT_THAT(text, HasSubstr("    1         1          0  0.0000          -\n"));
  EXPECT_THAT(text, HasSubstr("    1  0  0  1\n"));
}

TEST(SummaryText, WithoutLabels_NoScores) {
  PredictResult result;
  result.examples = 1234;
  const std::string text = SummaryText(ExampleNetwork(), {0, 1}, result);
  EXPECT_THAT(text, HasSubstr("1,234"));
  EXPECT_THAT(text, Not(HasSubstr("Accuracy")));
  EXPECT_THAT(text, Not(HasSubstr("default")));
}

TEST(Json, HeadAndEnd_AreMembersOfAnObject) {
  const auto document = nlohmann::json::parse("{" + JsonHead(ExampleNetwork(), {0.5, 2}) + "," +
                                              JsonEnd(Scored()) + "}");
  EXPECT_EQ(document["model"], "2-3");
  EXPECT_TRUE(document["round"].is_null());
  EXPECT_EQ(document["input_stddev"], 2);
  EXPECT_EQ(document["accuracy"], 0.5);
  EXPECT_EQ(document["classes"][2]["predicted"], 1);
  EXPECT_EQ(document["confusion"][1], (nlohmann::json{0, 0, 1}));
  PredictResult unlabelled;
  EXPECT_TRUE(nlohmann::json::parse("{" + JsonEnd(unlabelled) + "}")["accuracy"].is_null());
}

}  // namespace
}  // namespace seedfed
