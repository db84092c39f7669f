#ifndef SEEDFED_CLI_ADMIN_EVENT_TEXT_H_
#define SEEDFED_CLI_ADMIN_EVENT_TEXT_H_

#include <string>

#include "absl/time/time.h"
#include "seedfed/v1/admin.pb.h"

namespace seedfed {

// An event as one line with its end, as the server's log has it:
// "2026-11-24 09:21:53.123 info round 21 complete: ...". Control characters become spaces. Pure.
std::string EventText(const v1::Event& event, absl::TimeZone zone);

}  // namespace seedfed

#endif  // SEEDFED_CLI_ADMIN_EVENT_TEXT_H_
