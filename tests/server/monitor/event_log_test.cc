#include "server/monitor/event_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace seedfed {
namespace {

using testing::ElementsAre;

Event Of(Event::Level level, std::string text) {
  return {.kind = EventKind::kUpdateAccepted, .level = level, .text = std::move(text)};
}

std::vector<std::string> Texts(const std::vector<v1::Event>& events) {
  std::vector<std::string> texts;
  for (const v1::Event& event : events) texts.push_back(event.text());
  return texts;
}

TEST(EventLog, After_TheEventsThatFollowInOrder) {
  EventLog log;
  log.Add(Of(Event::Level::kInfo, "a"), absl::UnixEpoch());
  log.Add(Of(Event::Level::kDebug, "b"), absl::UnixEpoch());
  log.Add(Of(Event::Level::kWarning, "c"), absl::UnixEpoch());
  log.Add(Of(Event::Level::kDebug, "d"), absl::UnixEpoch());
  EXPECT_THAT(Texts(log.After(0, 10, true)), ElementsAre("a", "b", "c", "d"));
  EXPECT_THAT(Texts(log.After(0, 10, false)), ElementsAre("a", "c"));
  EXPECT_THAT(Texts(log.After(1, 2, true)), ElementsAre("b", "c"));
  EXPECT_THAT(log.After(4, 10, true), testing::IsEmpty());
  EXPECT_EQ(log.last(), 4U);
}

TEST(EventLog, ManyOfLevelDebug_DoNotPushOutTheOthers) {
  EventLog log(3);
  log.Add(Of(Event::Level::kInfo, "first"), absl::UnixEpoch());
  for (int i = 0; i < 100; ++i) log.Add(Of(Event::Level::kDebug, "x"), absl::UnixEpoch());
  log.Add(Of(Event::Level::kInfo, "last"), absl::UnixEpoch());
  EXPECT_THAT(Texts(log.After(0, 100, true)), ElementsAre("first", "x", "x", "x", "last"));
}

TEST(EventLog, Message_SaysAllThatTheEventSays) {
  EventLog log;
  log.Add({.kind = EventKind::kUpdateRefused,
           .level = Event::Level::kWarning,
           .text = "refused",
           .round = 3,
           .client = ClientRecord{4, "cam-4", false},
           .details = RefusalReason::kWords},
          absl::UnixEpoch() + absl::Milliseconds(1500));
  const v1::Event event = log.After(0, 1, false).at(0);
  EXPECT_EQ(event.id(), 1U);
  EXPECT_EQ(event.time(), 1.5);
  EXPECT_EQ(event.kind(), "update_refused");
  EXPECT_EQ(event.level(), "warning");
  EXPECT_EQ(event.round(), 3U);
  EXPECT_EQ(event.client(), "cam-4");
  EXPECT_EQ(event.reason(), "words");
}

}  // namespace
}  // namespace seedfed
