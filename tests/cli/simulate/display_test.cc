#include "cli/simulate/display.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <sstream>

namespace seedfed {
namespace {

const RoundRecord kRecord = {
    .round = 1, .accuracy = 0.5, .loss = 1.25, .bytes_up = 4051, .bytes_down = 4016, .seconds = 2};
const Progress kProgress = {
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

TEST(Screen, Pipe_NeitherLiveNorColoured) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const Screen screen = ScreenOf(ends[1]);
  EXPECT_FALSE(screen.live);
  EXPECT_FALSE(screen.color);
  EXPECT_EQ(screen.columns(), 80u);
  close(ends[0]);
  close(ends[1]);
}

// The slave side of a new pseudo terminal.
class PseudoTerminal {
 public:
  PseudoTerminal() : master_(posix_openpt(O_RDWR | O_NOCTTY)) {
    grantpt(master_);
    unlockpt(master_);
    slave_ = open(ptsname(master_), O_RDWR | O_NOCTTY);
  }
  ~PseudoTerminal() {
    close(slave_);
    close(master_);
  }
  int slave() const { return slave_; }

  void SetColumns(uint16_t columns) const {
    const winsize size = {.ws_row = 24, .ws_col = columns};
    ioctl(master_, TIOCSWINSZ, &size);
  }

 private:
  int master_;
  int slave_;
};

TEST(Screen, Terminal_LiveColouredAndAsWideAsItIsNow) {
  const PseudoTerminal terminal;
  setenv("TERM", "xterm", 1);
  unsetenv("NO_COLOR");
  terminal.SetColumns(120);
  const Screen screen = ScreenOf(terminal.slave());
  EXPECT_TRUE(screen.live);
  EXPECT_TRUE(screen.color);
  EXPECT_EQ(screen.columns(), 120u);
  terminal.SetColumns(60);
  EXPECT_EQ(screen.columns(), 60u);
  terminal.SetColumns(0);
  EXPECT_EQ(screen.columns(), 80u);
}

TEST(Screen, NoColorSet_LiveWithoutColour) {
  const PseudoTerminal terminal;
  setenv("TERM", "xterm", 1);
  setenv("NO_COLOR", "1", 1);
  const Screen screen = ScreenOf(terminal.slave());
  EXPECT_TRUE(screen.live);
  EXPECT_FALSE(screen.color);
  setenv("NO_COLOR", "", 1);
  EXPECT_TRUE(ScreenOf(terminal.slave()).color);
}

TEST(Screen, DumbTerminal_NotLive) {
  const PseudoTerminal terminal;
  setenv("TERM", "dumb", 1);
  EXPECT_FALSE(ScreenOf(terminal.slave()).live);
}

TEST(Screen, Locale_DecidesTheBarsCharacters) {
  setenv("LC_ALL", "", 1);
  setenv("LC_CTYPE", "", 1);
  setenv("LANG", "C.UTF-8", 1);
  EXPECT_TRUE(ScreenOf(STDOUT_FILENO).utf8);
  setenv("LC_ALL", "C", 1);
  EXPECT_FALSE(ScreenOf(STDOUT_FILENO).utf8);
}

}  // namespace
}  // namespace seedfed
