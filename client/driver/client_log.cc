#include "client/driver/client_log.h"

#include <utility>
#include <vector>

#include "common/log/log.h"

namespace seedfed {
namespace {

constexpr RepeatLimiter::Limits kConnectionLimits = {
    .alike = 12, .of_a_kind = 12, .interval = absl::Seconds(60)};

LogLevel ToLogLevel(SessionNote::Level level) {
  switch (level) {
    case SessionNote::Level::kWarning:
      return LogLevel::kWarning;
    case SessionNote::Level::kError:
      return LogLevel::kError;
    default:
      return LogLevel::kInfo;
  }
}

void Write(const std::vector<LogEntry>& entries) {
  for (const LogEntry& entry : entries) Log(entry);
}

}  // namespace

ClientLog::ClientLog(std::string id, const Clock& clock)
    : id_(std::move(id)), clock_(clock), limiter_(kConnectionLimits) {}

ClientLog::~ClientLog() { Write(limiter_.Flush()); }

void ClientLog::Note(const SessionNote& note) {
  LogEntry entry;
  entry.level = ToLogLevel(note.level);
  entry.fields.client = id_;
  entry.text = note.text;
  if (!note.connection) return Log(entry);
  entry.fields.kind = "connection";
  Write(limiter_.Pass(std::move(entry), clock_.Monotonic()));
}

void ClientLog::Info(std::string text, std::optional<uint32_t> round) {
  LogEntry entry;
  entry.fields.client = id_;
  entry.fields.round = round;
  entry.text = std::move(text);
  Log(entry);
}

void ClientLog::CatchUp() {
  if (limiter_.NextDue() < absl::InfiniteDuration()) Write(limiter_.Due(clock_.Monotonic()));
}

}  // namespace seedfed
