#include "server/process/event_logger.h"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

#include "common/log/log.h"

namespace seedfed {
namespace {

LogLevel ToLogLevel(Event::Level level) {
  switch (level) {
    case Event::Level::kDebug:
      return LogLevel::kDebug;
    case Event::Level::kInfo:
      return LogLevel::kInfo;
    case Event::Level::kWarning:
      return LogLevel::kWarning;
  }
  return LogLevel::kInfo;
}

// Whether a client makes as many of these as it likes.
bool Repeats(EventKind kind) {
  return kind == EventKind::kClientJoined || kind == EventKind::kUpdateLate ||
         kind == EventKind::kUpdateRefused || kind == EventKind::kCallRefused;
}

void LogAll(const std::vector<LogEntry>& entries) {
  for (const LogEntry& entry : entries) Log(entry);
}

}  // namespace

LogEntry ToLogEntry(const Event& event) {
  LogEntry entry;
  entry.level = ToLogLevel(event.level);
  entry.text = event.text;
  entry.fields.kind = std::string(EventKindName(event.kind));
  if (event.round > 0) entry.fields.round = event.round;
  if (event.client) entry.fields.client = event.client->id;
  if (const auto* reason = std::get_if<RefusalReason>(&event.details)) {
    entry.fields.reason = std::string(RefusalReasonName(*reason));
  }
  return entry;
}

EventLogger::EventLogger(const boost::asio::any_io_executor& executor, const Clock& clock,
                         RepeatLimiter::Limits limits)
    : clock_(clock), limiter_(limits), timer_(executor) {}

void EventLogger::Write(const Event& event) {
  if (!Logs(ToLogLevel(event.level))) return;
  if (!Repeats(event.kind)) return Log(ToLogEntry(event));
  LogAll(limiter_.Pass(ToLogEntry(event), clock_.Monotonic()));
  ArmTimer();
}

void EventLogger::Flush() { LogAll(limiter_.Flush()); }

void EventLogger::ArmTimer() {
  const absl::Duration due = limiter_.NextDue();
  if (armed_ || due == absl::InfiniteDuration()) return;
  armed_ = true;
  timer_.expires_after(
      absl::ToChronoNanoseconds(std::max(due - clock_.Monotonic(), absl::ZeroDuration())));
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    armed_ = false;
    LogAll(limiter_.Due(clock_.Monotonic()));
    ArmTimer();
  });
}

}  // namespace seedfed
