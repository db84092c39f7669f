#include "server/process/event_logger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "common/log/log.h"
#include "tests/common/pipe_output.h"

namespace seedfed {
namespace {

using ::testing::ElementsAre;

using Json = nlohmann::json;

Event Refused(const std::string& id) {
  Event event;
  event.kind = EventKind::kUpdateRefused;
  event.level = Event::Level::kWarning;
  event.text = "update of client " + id + " for round 7 refused: too short";
  event.round = 7;
  event.client = ClientRecord{3, id, false};
  event.details = RefusalReason::kWords;
  return event;
}

Event Accepted() {
  Event event;
  event.kind = EventKind::kUpdateAccepted;
  event.level = Event::Level::kDebug;
  event.text = "update of client left for round 7 accepted";
  event.round = 7;
  event.client = ClientRecord{3, "left", false};
  event.details = UpdateDetails{20, 0.5F, 100};
  return event;
}

Event RoundComplete() {
  Event event;
  event.kind = EventKind::kRoundComplete;
  event.text = "round 7 is complete";
  event.round = 7;
  return event;
}

class EventLoggerTest : public ::testing::Test {
 protected:
  EventLoggerTest() {
    SetUpLog({LogFormat::kJson, "info", false}, std::make_shared<StatusLine>(pipe_.fd(), false));
  }

  std::vector<std::string> Messages() {
    std::vector<std::string> messages;
    std::istringstream lines(pipe_.Take());
    for (std::string line; std::getline(lines, line);) {
      messages.push_back(Json::parse(line)["message"]);
    }
    return messages;
  }

  PipeOutput pipe_;
  boost::asio::io_context io_;
  EventLogger logger_{boost::asio::make_strand(io_.get_executor()),
                      SystemClock(),
                      {.alike = 2, .of_a_kind = 10, .interval = absl::Seconds(1)}};
};

TEST(LogEntryOfEvent, Ids_AreFields) {
  EXPECT_EQ(ToLogEntry(Refused("left")),
            (LogEntry{LogLevel::kWarning,
                      {7, "left", "update_refused", "words"},
                      "update of client left for round 7 refused: too short"}));
  EXPECT_EQ(ToLogEntry(Accepted()), (LogEntry{LogLevel::kDebug,
                                              {7, "left", "update_accepted", ""},
                                              "update of client left for round 7 accepted"}));
  Event none;
  none.kind = EventKind::kResumed;
  EXPECT_EQ(ToLogEntry(none).fields, (LogFields{std::nullopt, "", "resumed", ""}));
}

TEST_F(EventLoggerTest, Rounds_AreNeverHeldBack) {
  for (int i = 0; i < 50; ++i) logger_.Write(RoundComplete());
  EXPECT_EQ(Messages().size(), 50u);
}

TEST_F(EventLoggerTest, LessThanTheLevel_IsNotWritten) {
  logger_.Write(Accepted());
  EXPECT_EQ(Messages().size(), 0u);
}

TEST_F(EventLoggerTest, FloodOfRefusals_IsSummedUpByTheTimer) {
  for (int i = 0; i < 5000; ++i) logger_.Write(Refused("left"));
  const std::string text = "update of client left for round 7 refused: too short";
  EXPECT_THAT(Messages(), ElementsAre(text, text));
  io_.run();  // until nothing is held back
  EXPECT_THAT(Messages(), ElementsAre(text + "; 4,998 more like this in the last 1 s"));
}

TEST_F(EventLoggerTest, Flush_WritesWhatIsHeldBack) {
  for (int i = 0; i < 4; ++i) logger_.Write(Refused("left"));
  EXPECT_EQ(Messages().size(), 2u);
  logger_.Flush();
  EXPECT_EQ(Messages().size(), 1u);
}

}  // namespace
}  // namespace seedfed
