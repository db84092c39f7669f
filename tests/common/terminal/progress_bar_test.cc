#include "common/terminal/progress_bar.h"

#include <gtest/gtest.h>

#include <sstream>

namespace seedfed {
namespace {

class FakeClock final : public Clock {
 public:
  absl::Time Wall() const override { return absl::UnixEpoch() + Monotonic(); }
  absl::Duration Monotonic() const override { return now; }
  absl::Duration now = absl::Seconds(1000);
};

Screen LiveScreen(size_t columns) {
  return {.live = true, .columns = [columns] { return columns; }};
}

TEST(BarLine, RoomForAll_BarFillsTheRest) {
  EXPECT_EQ(BarLine(" a", 1, 4, " b", 15, {}), " a [##......] b");
  EXPECT_EQ(BarLine(" a", 9, 4, " b", 15, {}), " a [########] b");
}

TEST(BarLine, LessRoom_LeavesOutBarThenTheEnd) {
  EXPECT_EQ(BarLine(" a", 1, 4, " b", 14, {}), " a b");
  EXPECT_EQ(BarLine(" a", 1, 4, " b", 3, {}), " a");
  EXPECT_EQ(BarLine(" a", 1, 4, " b", 1, {}), " ");
}

TEST(ProgressBar, LiveScreen_DrawsBytesAndTimesAndClearsAtTheEnd) {
  std::ostringstream out;
  FakeClock clock;
  {
    ProgressBar bar(out, LiveScreen(80), clock, "compress", 400'000'000);
    clock.now += absl::Seconds(10);
    bar.Update(100'000'000);
  }
  EXPECT_EQ(out.str(),
            "\r\x1b[K compress 100.0 MB of 400.0 MB [#####.................]"
            " 0:10 elapsed, 0:30 left\r\x1b[K");
}

TEST(ProgressBar, ManyUpdates_TenDrawingsASecond) {
  std::ostringstream out;
  FakeClock clock;
  ProgressBar bar(out, LiveScreen(20), clock, "expand", 1000);
  for (int i = 0; i < 1000; ++i) {
    bar.Update(static_cast<uint64_t>(i));
    clock.now += absl::Milliseconds(1);
  }
  size_t drawings = 0;
  for (const char c : out.str()) drawings += c == '\r' ? 1 : 0;
  EXPECT_EQ(drawings, 10u);
}

TEST(ProgressBar, NotLive_NothingIsWritten) {
  std::ostringstream out;
  FakeClock clock;
  {
    ProgressBar bar(out, {}, clock, "compress", 10);
    bar.Update(5);
  }
  EXPECT_EQ(out.str(), "");
}

}  // namespace
}  // namespace seedfed
