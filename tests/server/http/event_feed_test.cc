#include "server/http/event_feed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "tests/server/http/fake_source.h"

namespace seedfed {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::StartsWith;

// The messages of a stream's text, by event.
std::map<std::string, json> Messages(const std::string& text) {
  std::map<std::string, json> out;
  for (const absl::string_view block :
       absl::StrSplit(absl::string_view(text), "\n\n", absl::SkipEmpty())) {
    const std::vector<std::string> lines = absl::StrSplit(block, '\n');
    if (lines.size() != 2) continue;  // a comment, or `retry`
    EXPECT_THAT(lines[0], StartsWith("event: "));
    EXPECT_THAT(lines[1], StartsWith("data: "));
    out[lines[0].substr(7)] = json::parse(lines[1].substr(6));
  }
  return out;
}

class FakeStream : public EventStream {
 public:
  void Send(std::shared_ptr<const std::string> text) override { texts.push_back(std::move(text)); }
  void End() override { ended = true; }

  std::vector<std::shared_ptr<const std::string>> texts;
  bool ended = false;
};

class EventFeedTest : public ::testing::Test {
 protected:
  void Add(FakeStream& stream) {
    feed_.Add(stream, now_);
    feed_.Sent(stream);
  }

  // Lets time go by; streams that are not in `slow_` take what they get at once.
  void Advance(absl::Duration time, const FakeStream* slow = nullptr) {
    const absl::Duration end = now_ + time;
    while (feed_.WakeTime() <= end) {
      now_ = std::max(now_, feed_.WakeTime());
      feed_.Advance(now_);
      for (FakeStream* stream : {&a_, &b_}) {
        if (stream != slow) feed_.Sent(*stream);
      }
    }
    now_ = end;
  }

  std::map<std::string, json> Last(const FakeStream& stream) {
    return Messages(*stream.texts.back());
  }

  FakeSource source_;
  EventFeed feed_{source_};
  FakeStream a_, b_;
  absl::Duration now_ = absl::Seconds(100);
};

TEST_F(EventFeedTest, NewStream_GetsTheStatusAtOnce) {
  source_.CompleteRounds(7);
  source_.Log("old");
  Add(a_);
  ASSERT_EQ(a_.texts.size(), 1u);
  EXPECT_THAT(*a_.texts[0], StartsWith("retry: 1000\n\nevent: status\ndata: {"));
  EXPECT_EQ(Last(a_).at("status").at("round"), 7);
  EXPECT_EQ(Last(a_).size(), 1u);
}

TEST_F(EventFeedTest, NoStream_NothingIsComputedOrDue) {
  source_.CompleteRounds(1);
  EXPECT_EQ(feed_.WakeTime(), absl::InfiniteDuration());
  feed_.Advance(now_);
  EXPECT_EQ(source_.statuses_made(), 0);
  Add(a_);
  feed_.Remove(a_);
  source_.CompleteRounds(1);
  EXPECT_EQ(feed_.WakeTime(), absl::InfiniteDuration());
}

TEST_F(EventFeedTest, NothingChanges_OnlyAHeartbeat) {
  Add(a_);
  Advance(absl::Seconds(14));
  EXPECT_EQ(a_.texts.size(), 1u);
  Advance(absl::Seconds(2));
  ASSERT_EQ(a_.texts.size(), 2u);
  EXPECT_EQ(*a_.texts[1], ":\n\n");
  Advance(absl::Seconds(30));
  EXPECT_EQ(a_.texts.size(), 4u);
  EXPECT_EQ(source_.statuses_made(), 1);
}

TEST_F(EventFeedTest, FirstChange_IsSentAtOnceAndManyAtMostFourTimesASecond) {
  Add(a_);
  Advance(absl::Seconds(1));
  source_.CompleteRounds(1);
  EXPECT_LE(feed_.WakeTime(), now_);
  const size_t before = a_.texts.size();
  for (int i = 0; i < 1000; ++i) {
    source_.CompleteRounds(1);
    Advance(absl::Milliseconds(2));
  }
  EXPECT_LE(a_.texts.size() - before, 9u);
  EXPECT_GE(a_.texts.size() - before, 8u);
}

TEST_F(EventFeedTest, ChangesBetweenTexts_AreTheRoundsAndEventsSince) {
  Add(a_);
  source_.CompleteRounds(2);
  source_.Log("first");
  source_.Log("detail", "debug");
  Advance(absl::Milliseconds(100));
  auto last = Last(a_);
  EXPECT_EQ(last.at("status").at("round"), 2);
  EXPECT_EQ(last.at("rounds").at("round"), json({1, 2}));
  EXPECT_EQ(last.at("rounds").at("stride"), 1);
  EXPECT_EQ(last.at("log").at("events").size(), 1u);
  EXPECT_EQ(last.at("log").at("events").at(0).at("text"), "first");
  source_.Log("second");
  Advance(absl::Seconds(1));
  last = Last(a_);
  EXPECT_FALSE(last.contains("rounds"));
  EXPECT_EQ(last.at("log").at("events").at(0).at("text"), "second");
  source_.CompleteRounds(1);
  Advance(absl::Seconds(1));
  last = Last(a_);
  EXPECT_EQ(last.at("rounds").at("round"), json({3}));
  EXPECT_FALSE(last.contains("log"));
}

TEST_F(EventFeedTest, EvaluationOfARoundThatWasSent_FollowsInItsOwnColumns) {
  Add(a_);
  source_.CompleteRounds(2);
  Advance(absl::Seconds(1));
  source_.Evaluate(1);
  source_.Evaluate(2);
  Advance(absl::Seconds(1));
  const auto last = Last(a_);
  EXPECT_EQ(last.at("rounds").at("round"), json::array());
  EXPECT_EQ(last.at("rounds").at("evaluated_round"), json({1, 2}));
  EXPECT_EQ(last.at("rounds").at("accuracy"), json({0.5, 0.5}));
}

TEST_F(EventFeedTest, ManyRoundsAndEvents_AreThinnedOut) {
  Add(a_);
  source_.CompleteRounds(1001);
  for (int i = 1; i <= 80; ++i) source_.Log(std::to_string(i));
  Advance(absl::Milliseconds(1));
  const auto last = Last(a_);
  EXPECT_EQ(last.at("rounds").at("round").size(), 167u);
  EXPECT_EQ(last.at("rounds").at("stride"), 6);
  EXPECT_EQ(last.at("rounds").at("round").back(), 1001);
  EXPECT_EQ(source_.points_, 200u);
  const json& events = last.at("log").at("events");
  EXPECT_EQ(events.size(), 50u);
  EXPECT_EQ(events.back().at("text"), "80");
}

TEST_F(EventFeedTest, StreamsThatAreEquallyFar_ShareOneText) {
  Add(a_);
  Add(b_);
  const int before = source_.statuses_made();
  source_.CompleteRounds(1);
  Advance(absl::Milliseconds(1));
  EXPECT_EQ(a_.texts.back(), b_.texts.back());
  EXPECT_EQ(source_.statuses_made(), before + 1);
}

TEST_F(EventFeedTest, LaterStream_GetsOnlyWhatCompletedAfterItCame) {
  Add(a_);
  source_.CompleteRounds(1);
  Advance(absl::Milliseconds(1));
  source_.CompleteRounds(1);
  Add(b_);
  source_.CompleteRounds(1);
  Advance(absl::Seconds(1));
  EXPECT_EQ(Last(a_).at("rounds").at("round"), json({2, 3}));
  EXPECT_EQ(Last(b_).at("rounds").at("round"), json({3}));
}

TEST_F(EventFeedTest, SlowStream_IsPassedOverAndThenGetsAllItMissedAtOnce) {
  Add(a_);
  Add(b_);
  for (int i = 0; i < 100; ++i) {
    source_.CompleteRounds(1);
    Advance(absl::Seconds(1), &b_);
  }
  EXPECT_GE(a_.texts.size(), 100u);
  EXPECT_EQ(b_.texts.size(), 2u);
  EXPECT_EQ(Last(b_).at("rounds").at("round"), json({1}));
  feed_.Sent(b_);
  Advance(absl::Seconds(1));
  EXPECT_EQ(b_.texts.size(), 3u);
  EXPECT_EQ(Last(b_).at("rounds").at("round").size(), 99u);
  EXPECT_EQ(Last(b_).at("status").at("round"), 100);
}

TEST_F(EventFeedTest, End_TellsTheLastChangeAndEndsEveryStream) {
  Add(a_);
  Add(b_);
  source_.CompleteRounds(1);
  Advance(absl::Milliseconds(1));
  source_.CompleteRounds(1);
  feed_.End();
  EXPECT_EQ(Last(a_).at("rounds").at("round"), json({2}));
  EXPECT_TRUE(a_.ended && b_.ended);
  EXPECT_EQ(feed_.streams(), 0u);
  EXPECT_EQ(feed_.WakeTime(), absl::InfiniteDuration());
}

}  // namespace
}  // namespace seedfed
