#include "cli/admin/event_text.h"

#include <gtest/gtest.h>

namespace seedfed {
namespace {

TEST(EventText, Event_IsALogLine) {
  v1::Event event;
  event.set_time(1'700'000'000.125);
  event.set_level("warning");
  event.set_text("client c0 sent\nrubbish\x1b[2J");
  EXPECT_EQ(EventText(event, absl::UTCTimeZone()),
            "2023-11-14 22:13:20.125 warning client c0 sent rubbish [2J\n");
}

}  // namespace
}  // namespace seedfed
