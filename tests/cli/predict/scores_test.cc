#include "cli/predict/scores.h"

#include <gtest/gtest.h>

namespace seedfed {
namespace {

TEST(Scores, Predictions_AreCountedByClass) {
  Scores scores(3);
  scores.Add(0, 0, 0.5);
  scores.Add(0, 2, 1.5);
  scores.Add(2, 2, 1);
  EXPECT_EQ(scores.examples(), 3u);
  EXPECT_DOUBLE_EQ(scores.accuracy(), 2.0 / 3);
  EXPECT_DOUBLE_EQ(scores.loss(), 1);
  EXPECT_EQ(scores.classes()[0].examples, 2u);
  EXPECT_EQ(scores.classes()[0].correct, 1u);
  EXPECT_EQ(scores.classes()[2].predicted, 2u);
  EXPECT_EQ(scores.confusion(0, 2), 1u);
  EXPECT_EQ(scores.confusion(2, 0), 0u);
}

TEST(Scores, ManyClasses_NoConfusionMatrix) {
  EXPECT_TRUE(Scores(Scores::kMostConfusion).has_confusion());
  Scores many(Scores::kMostConfusion + 1);
  EXPECT_FALSE(many.has_confusion());
  many.Add(64, 64, 0);
  EXPECT_EQ(many.classes()[64].correct, 1u);
}

}  // namespace
}  // namespace seedfed
