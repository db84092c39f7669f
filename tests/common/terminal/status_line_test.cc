#include "common/terminal/status_line.h"

#include <gtest/gtest.h>
#include <signal.h>

#include "tests/common/pipe_output.h"

namespace seedfed {
namespace {

TEST(StatusLine, Print_WritesLinesAsTheyAre) {
  PipeOutput pipe;
  StatusLine out(pipe.fd(), true);
  out.Print("one\n");
  EXPECT_EQ(pipe.Take(), "one\n");
}

TEST(StatusLine, Show_ReplacesTheStatus) {
  PipeOutput pipe;
  StatusLine out(pipe.fd(), true);
  out.Show("10 %");
  EXPECT_EQ(pipe.Take(), "\r\x1b[K10 %");
  out.Show("20 %");
  EXPECT_EQ(pipe.Take(), "\r\x1b[K20 %");
  out.Show("20 %");
  EXPECT_EQ(pipe.Take(), "");
}

TEST(StatusLine, LinesWithStatus_GoAboveIt) {
  PipeOutput pipe;
  StatusLine out(pipe.fd(), true);
  out.Show("10 %");
  pipe.Take();
  out.Print("one\n");
  EXPECT_EQ(pipe.Take(), "\r\x1b[Kone\n10 %");
}

TEST(StatusLine, End_RemovesTheStatus) {
  PipeOutput pipe;
  {
    StatusLine out(pipe.fd(), true);
    out.Show("10 %");
    pipe.Take();
  }
  EXPECT_EQ(pipe.Take(), "\r\x1b[K");
}

TEST(StatusLine, NotLive_HasLinesOnly) {
  PipeOutput pipe;
  {
    StatusLine out(pipe.fd(), false);
    out.Show("10 %");
    out.Print("one\n");
  }
  EXPECT_EQ(pipe.Take(), "one\n");
}

TEST(StatusLine, ReaderGone_DropsTheLines) {
  signal(SIGPIPE, SIG_IGN);
  PipeOutput pipe;
  pipe.CloseReader();
  StatusLine out(pipe.fd(), true);
  out.Print("one\n");
  out.Show("10 %");
}

TEST(StatusLine, ClosedDescriptor_DropsTheLines) {
  StatusLine out(-1, false);
  out.Print("one\n");
}

}  // namespace
}  // namespace seedfed
