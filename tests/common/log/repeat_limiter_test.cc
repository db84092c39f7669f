#include "common/log/repeat_limiter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

namespace seedfed {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

LogEntry Refusal(const std::string& client, const std::string& reason = "not_valid",
                 uint32_t round = 1) {
  return {LogLevel::kWarning,
          {round, client, "update_refused", reason},
          absl::StrCat(client, ": ", reason)};
}

std::vector<std::string> Texts(const std::vector<LogEntry>& entries) {
  std::vector<std::string> texts;
  for (const LogEntry& entry : entries) texts.push_back(entry.text);
  return texts;
}

class RepeatLimiterTest : public ::testing::Test {
 protected:
  std::vector<std::string> Pass(const LogEntry& entry) { return Texts(limiter_.Pass(entry, now_)); }
  std::vector<std::string> Due() { return Texts(limiter_.Due(now_)); }

  RepeatLimiter limiter_{{.alike = 2, .of_a_kind = 4, .interval = absl::Seconds(10)}};
  absl::Duration now_ = absl::Seconds(1000);
};

TEST_F(RepeatLimiterTest, Few_Pass) {
  EXPECT_THAT(limiter_.Pass(Refusal("a"), now_), ElementsAre(Refusal("a")));
  EXPECT_THAT(Pass(Refusal("a")), ElementsAre("a: not_valid"));
  EXPECT_EQ(limiter_.NextDue(), absl::InfiniteDuration());
  now_ += absl::Seconds(60);
  EXPECT_THAT(Due(), IsEmpty());
}

TEST_F(RepeatLimiterTest, More_AreSummedUpAtTheEndOfTheInterval) {
  for (int i = 0; i < 2; ++i) EXPECT_THAT(Pass(Refusal("a")), ElementsAre("a: not_valid"));
  for (uint32_t i = 0; i < 1234; ++i) EXPECT_THAT(Pass(Refusal("a", "not_valid", i)), IsEmpty());
  EXPECT_EQ(limiter_.NextDue(), now_ + absl::Seconds(10));
  now_ += absl::Seconds(9);
  EXPECT_THAT(Due(), IsEmpty());
  now_ += absl::Seconds(1);
  const std::vector<LogEntry> due = limiter_.Due(now_);
  EXPECT_THAT(Texts(due), ElementsAre("a: not_valid; 1,234 more like this in the last 10 s"));
  EXPECT_EQ(due[0].fields, Refusal("a", "not_valid", 1233).fields);
  EXPECT_EQ(due[0].level, LogLevel::kWarning);
  EXPECT_EQ(limiter_.NextDue(), absl::InfiniteDuration());
}

TEST_F(RepeatLimiterTest, GoingOn_IsOneLineAnInterval) {
  for (int i = 0; i < 3; ++i) Pass(Refusal("a"));
  for (int interval = 0; interval < 5; ++interval) {
    now_ += absl::Seconds(10);
    Due();
    for (int i = 0; i < 7; ++i) EXPECT_THAT(Pass(Refusal("a")), IsEmpty());
  }
  now_ += absl::Seconds(10);
  EXPECT_THAT(Due(), ElementsAre("a: not_valid; 7 more like this in the last 10 s"));
}

TEST_F(RepeatLimiterTest, OneHeldBack_IsWrittenAsItIs) {
  for (int i = 0; i < 3; ++i) Pass(Refusal("a"));
  now_ += absl::Seconds(10);
  EXPECT_THAT(Due(), ElementsAre("a: not_valid"));
}

TEST_F(RepeatLimiterTest, QuietInterval_IsForgotten) {
  for (int i = 0; i < 3; ++i) Pass(Refusal("a"));
  now_ += absl::Seconds(10);
  Due();
  now_ += absl::Seconds(10);
  EXPECT_THAT(Pass(Refusal("a")), ElementsAre("a: not_valid"));
}

TEST_F(RepeatLimiterTest, EntryAfterTheInterval_BringsTheSummaryFirst) {
  for (int i = 0; i < 4; ++i) Pass(Refusal("a"));
  now_ += absl::Seconds(10);
  EXPECT_THAT(Pass(Refusal("b")),
              ElementsAre("a: not_valid; 2 more like this in the last 10 s", "b: not_valid"));
}

TEST_F(RepeatLimiterTest, OthersClientsReasonsAndKinds_CountForThemselves) {
  for (int i = 0; i < 3; ++i) Pass(Refusal("a"));
  EXPECT_THAT(Pass(Refusal("b")), ElementsAre("b: not_valid"));
  EXPECT_THAT(Pass(Refusal("a", "late")), ElementsAre("a: late"));
  LogEntry other = Refusal("a");
  other.fields.kind = "join_refused";
  EXPECT_THAT(limiter_.Pass(other, now_), ElementsAre(other));
}

TEST_F(RepeatLimiterTest, ManyClients_AreLimitedTogether) {
  size_t written = 0;
  for (int i = 0; i < 100'000; ++i) written += Pass(Refusal(absl::StrCat("c", i))).size();
  EXPECT_EQ(written, 4u);
  now_ += absl::Seconds(10);
  const std::vector<std::string> due = Due();
  ASSERT_EQ(due.size(), 6u);
  EXPECT_EQ(due.back(),
            "99,991 more of other clients in the last 10 s; the last: c99999: not_valid");
}

TEST_F(RepeatLimiterTest, Flush_SaysWhatIsHeldBack) {
  for (int i = 0; i < 4; ++i) Pass(Refusal("a"));
  EXPECT_THAT(Texts(limiter_.Flush()),
              ElementsAre("a: not_valid; 2 more like this in the last 10 s"));
  EXPECT_THAT(limiter_.Flush(), IsEmpty());
}

}  // namespace
}  // namespace seedfed
