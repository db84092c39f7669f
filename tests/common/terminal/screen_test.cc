#include "common/terminal/screen.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace seedfed {
namespace {

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
