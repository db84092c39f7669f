#include "cli/simulate/text.h"

#include <gtest/gtest.h>

namespace seedfed {
namespace {

TEST(LastErrorLine, LogWithErrors_LastOfThemWithoutMarks) {
  EXPECT_EQ(LastErrorLine("2024-01-31T10:00:00.001 info listening\n"
                          "2024-01-31T10:00:00.002 error cannot write a\n"
                          "2024-01-31T10:00:00.003 error cannot write b: disk full\n"
                          "2024-01-31T10:00:00.004 info stopped\n"),
            "cannot write b: disk full");
  EXPECT_EQ(LastErrorLine("2024-01-31 10:00:00.002 error 10.0.0.1:77 refuses\n"),
            "10.0.0.1:77 refuses");
  EXPECT_EQ(LastErrorLine("[2024-01-31 10:00:00.002] [critical] no store\nmore\n"), "no store");
}

TEST(LastErrorLine, ErrorWithoutMarks_Whole) {
  EXPECT_EQ(LastErrorLine("an Error occurred in [x]\nbye\n"), "an Error occurred in [x]");
}

TEST(LastErrorLine, NoError_Empty) {
  EXPECT_EQ(LastErrorLine("first\n2024-01-31T10:00:00.001 info round 3\n"), "");
  EXPECT_EQ(LastErrorLine(""), "");
}

TEST(LastErrorLine, LineOfMarksOnly_DoesNotVanish) {
  EXPECT_EQ(LastErrorLine("error"), "error");
  EXPECT_EQ(LastErrorLine("[unclosed error"), "[unclosed error");
}

TEST(LastLine, SentenceAfterTheProgramsName_TheSentence) {
  EXPECT_EQ(LastLine("seedfed-server: --tile 7 is not a power of two\n"),
            "--tile 7 is not a power of two");
}

TEST(LastLine, BlankLinesAtTheEnd_Skipped) {
  EXPECT_EQ(LastLine("first\n2024-01-31T10:00:00.001 info round 3\n\n  \n"), "round 3");
}

TEST(LastLine, BlankLog_Empty) {
  EXPECT_EQ(LastLine(""), "");
  EXPECT_EQ(LastLine("\n \n"), "");
}

}  // namespace
}  // namespace seedfed
