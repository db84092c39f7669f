#include "cli/simulate/text.h"

#include <gtest/gtest.h>

#include <limits>

namespace seedfed {
namespace {

TEST(WithSeparators, AnyNumber_GroupsOfThreeDigits) {
  EXPECT_EQ(WithSeparators(0), "0");
  EXPECT_EQ(WithSeparators(999), "999");
  EXPECT_EQ(WithSeparators(1000), "1,000");
  EXPECT_EQ(WithSeparators(940584), "940,584");
  EXPECT_EQ(WithSeparators(std::numeric_limits<uint64_t>::max()), "18,446,744,073,709,551,615");
}

TEST(ByteCount, AnyNumber_OneDecimalInTheUnitThatFits) {
  EXPECT_EQ(ByteCount(0), "0 B");
  EXPECT_EQ(ByteCount(999), "999 B");
  EXPECT_EQ(ByteCount(1000), "1.0 kB");
  EXPECT_EQ(ByteCount(240960), "241.0 kB");
  EXPECT_EQ(ByteCount(999949), "999.9 kB");
  EXPECT_EQ(ByteCount(999950), "1.0 MB");
  EXPECT_EQ(ByteCount(1'128'700'800), "1.1 GB");
  EXPECT_EQ(ByteCount(std::numeric_limits<uint64_t>::max()), "18446.7 PB");
}

TEST(ClockText, AnyDuration_HoursOnlyWhenThereAreSome) {
  EXPECT_EQ(ClockText(absl::Seconds(-3)), "0:00");
  EXPECT_EQ(ClockText(absl::Seconds(7.9)), "0:07");
  EXPECT_EQ(ClockText(absl::Seconds(151)), "2:31");
  EXPECT_EQ(ClockText(absl::Seconds(3751)), "1:02:31");
}

TEST(DurationText, AnyDuration_TwoUnitsAtMost) {
  EXPECT_EQ(DurationText(absl::Seconds(-3)), "0.0 s");
  EXPECT_EQ(DurationText(absl::Seconds(7.26)), "7.3 s");
  EXPECT_EQ(DurationText(absl::Seconds(59.96)), "1 min 0 s");
  EXPECT_EQ(DurationText(absl::Seconds(151.4)), "2 min 31 s");
  EXPECT_EQ(DurationText(absl::Seconds(3751)), "1 h 2 min");
}

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
