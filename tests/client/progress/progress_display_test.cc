#include "client/progress/progress_display.h"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>

#include "absl/strings/match.h"
#include "absl/time/clock.h"
#include "tests/common/pipe_output.h"

namespace seedfed {
namespace {

class ProgressDisplayTest : public ::testing::Test {
 protected:
  // Until the terminal has got `text`, at most ten seconds.
  bool Shows(const std::string& text) {
    for (int i = 0; i < 1000 && !absl::StrContains(written_, text); ++i) {
      absl::SleepFor(absl::Milliseconds(10));
      written_ += pipe_.Take();
    }
    return absl::StrContains(written_, text);
  }

  PipeOutput pipe_;
  std::string written_;
  std::atomic<size_t> columns_ = 80;
  Screen screen_{.live = true, .columns = [this] { return columns_.load(); }};
  std::shared_ptr<StatusLine> out_ = std::make_shared<StatusLine>(pipe_.fd(), true);
};

TEST_F(ProgressDisplayTest, Progress_IsShownAndRemovedAtTheEnd) {
  {
    ProgressDisplay display(out_, screen_, SystemClock());
    EXPECT_TRUE(Shows("\r\x1b[Kconnecting"));
    display.Set({.activity = Activity::kSending, .round = 4});
    EXPECT_TRUE(Shows("\r\x1b[K round 4 sending"));
  }
  written_ = pipe_.Take();
  EXPECT_EQ(written_, "\r\x1b[K");
}

TEST_F(ProgressDisplayTest, NarrowerTerminal_RedrawsWithoutNews) {
  ProgressDisplay display(out_, screen_, SystemClock());
  display.Set({.activity = Activity::kWaitingForRound, .round = 4});
  EXPECT_TRUE(Shows("\r\x1b[K round 4 waiting for the round"));
  columns_ = 12;
  written_.clear();
  EXPECT_TRUE(Shows("\r\x1b[K round 4 wa"));
  written_.clear();
  out_->Print("a line\n");
  EXPECT_TRUE(Shows("\r\x1b[Ka line\n round 4 wa"));
}

}  // namespace
}  // namespace seedfed
