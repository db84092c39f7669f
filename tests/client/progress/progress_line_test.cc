#include "client/progress/progress_line.h"

#include <gtest/gtest.h>

namespace seedfed {
namespace {

constexpr absl::Duration kNow = absl::Seconds(100);

ClientProgress Training() {
  ClientProgress progress;
  progress.activity = Activity::kTraining;
  progress.round = 7;
  progress.rounds = 12;
  progress.complete = 6;
  progress.part = 0.4399;
  progress.loss = 0.61234;
  progress.bytes = 57'400;
  return progress;
}

std::string Line(const ClientProgress& progress, size_t width = 79) {
  return ProgressLine(progress, kNow, width, {});
}

TEST(ProgressLine, Training_HasAllOfIt) {
  EXPECT_EQ(Line(Training(), 70),
            " round 7 of 12 [#########........] training 43 %, loss 0.6123, 57.4 kB");
}

TEST(ProgressLine, Width_DecidesWhatIsShown) {
  EXPECT_EQ(Line(Training(), 60), " round 7 of 12 [########........] training 43 %, loss 0.6123");
  EXPECT_EQ(Line(Training(), 52), " round 7 of 12 [####....] training 43 %, loss 0.6123");
  EXPECT_EQ(Line(Training(), 50), " round 7 of 12 [##########.........] training 43 %");
  EXPECT_EQ(Line(Training(), 39), " round 7 of 12 [####....] training 43 %");
  EXPECT_EQ(Line(Training(), 38), " round 7 of 12 training 43 %");
  EXPECT_EQ(Line(Training(), 12), " round 7 of ");
  EXPECT_EQ(Line(Training(), 1), " ");
  EXPECT_EQ(Line(Training(), 0), "");
}

TEST(ProgressLine, EveryWidth_IsKeptByEveryActivity) {
  for (int activity = 0; activity <= static_cast<int>(Activity::kReconnecting); ++activity) {
    ClientProgress progress = Training();
    progress.activity = static_cast<Activity>(activity);
    progress.next_try = kNow + absl::Seconds(3);
    for (size_t width = 0; width < 200; ++width) EXPECT_LE(Line(progress, width).size(), width);
  }
}

TEST(ProgressLine, BeforeTheFirstRound_HasNoRound) {
  EXPECT_EQ(Line(ClientProgress{}), "connecting");
}

TEST(ProgressLine, RoundsWithoutEnd_HaveNoBar) {
  ClientProgress progress = Training();
  progress.rounds = 0;
  EXPECT_EQ(Line(progress), " round 7 training 43 %, loss 0.6123, 57.4 kB");
}

TEST(ProgressLine, Reconnecting_CountsDown) {
  ClientProgress progress = Training();
  progress.activity = Activity::kReconnecting;
  progress.rounds = 0;
  progress.loss.reset();
  progress.bytes = 0;
  progress.next_try = kNow + absl::Milliseconds(2100);
  EXPECT_EQ(Line(progress), " round 7 reconnecting in 3 s");
  progress.next_try = kNow;
  EXPECT_EQ(Line(progress), " round 7 reconnecting");
}

TEST(ProgressLine, Evaluator_ShowsAccuracy) {
  ClientProgress progress;
  progress.activity = Activity::kWaitingForRound;
  progress.round = 3;
  progress.rounds = 4;
  progress.complete = 2;
  progress.accuracy = 0.81;
  EXPECT_EQ(Line(progress, 65),
            " round 3 of 4 [#####.....] waiting for the round, accuracy 0.8100");
}

TEST(ProgressLine, AllComplete_FillsTheBar) {
  ClientProgress progress;
  progress.activity = Activity::kSending;
  progress.round = progress.rounds = progress.complete = 4;
  EXPECT_EQ(Line(progress, 36), " round 4 of 4 [############] sending");
}

TEST(ProgressLine, Style_IsTheBars) {
  EXPECT_EQ(ProgressLine(Training(), kNow, 39, {.utf8 = true, .color = true}),
            " round 7 of 12 [\x1b[32m████\x1b[0m░░░░] training 43 %");
}

}  // namespace
}  // namespace seedfed
