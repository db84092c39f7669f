#include "cli/simulate/display.h"

#include <gtest/gtest.h>

#include <sstream>

namespace seedfed {
namespace {

const EvaluatedRound kRecord = {
    .round = 1, .accuracy = 0.5, .loss = 1.25, .bytes_up = 4051, .bytes_down = 4016, .seconds = 2};
const SimulationProgress kProgress = {
    .done = 1, .rounds = 2, .elapsed = absl::Seconds(2), .per_round = absl::Seconds(2)};

TEST(Display, NotLive_PlainLinesOnly) {
  std::ostringstream out;
  Display display(out, {});
  display.Line("hello");
  display.Update(kProgress);
  display.Row(kRecord);
  display.Update(kProgress);
  display.Row(kRecord);
  display.End();
  EXPECT_EQ(out.str(),
            "hello\n"
            " round  test accuracy      loss     bytes up   bytes down   seconds\n"
            "     1         0.5000    1.2500        4,051        4,016      2.00\n"
            "     1         0.5000    1.2500        4,051        4,016      2.00\n");
}

TEST(Display, Live_BarIsClearedBeforeEveryLineAndAtTheEnd) {
  std::ostringstream out;
  Display display(out, {.live = true, .columns = [] { return size_t{30}; }});
  display.Update(kProgress);
  display.Update(kProgress);
  display.Row(kRecord);
  display.Update(kProgress);
  display.End();
  EXPECT_EQ(out.str(),
            "\r\x1b[K round 1/2"
            "\r\x1b[K round 1/2"
            "\r\x1b[K round  test accuracy\n"
            "     1         0.5000\n"
            "\r\x1b[K round 1/2"
            "\r\x1b[K");
}

TEST(Display, LiveWithColour_OnlyHeaderAndBarUseIt) {
  std::ostringstream out;
  Display display(out, {.live = true, .color = true, .columns = [] { return size_t{30}; }});
  display.Line("hello");
  display.Row(kRecord);
  EXPECT_EQ(out.str(), "hello\n\x1b[1m round  test accuracy\x1b[0m\n     1         0.5000\n");
}

TEST(Display, OutputFails_NotOk) {
  std::ostringstream out;
  Display display(out, {});
  EXPECT_TRUE(display.ok());
  out.setstate(std::ios::badbit);
  EXPECT_FALSE(display.ok());
}

}  // namespace
}  // namespace seedfed
