#ifndef SEEDFED_COMMON_LOG_LOG_H_
#define SEEDFED_COMMON_LOG_LOG_H_

#include <memory>
#include <string>

#include "common/log/log_entry.h"
#include "common/log/log_format.h"
#include "common/terminal/status_line.h"

namespace seedfed {

struct LogOptions {
  LogFormat format = LogFormat::kText;
  std::string level = "info";  // least severe: debug, info, warning, error or off
  bool color = false;          // of the level, in text
};

// Makes spdlog's default logger write to `out`, one line an entry:
//   text   2026-05-04 13:02:11.042 info round 7 is complete: ...                      (local time)
//   json
//   {"time":"2026-05-04T11:02:11.042Z","level":"info","message":"...","round":7,"client":"..","kind":"..","reason":".."}
// In text, control characters are escaped (Printable). JSON is plain ASCII, valid for any message;
// bytes that are not UTF-8 become U+FFFD. To be called before other threads log.
void SetUpLog(const LogOptions& options, std::shared_ptr<StatusLine> out);

// Whether a line of this level would be written. Thread-safe.
bool Logs(LogLevel level);

// Logs an entry with its fields through spdlog's default logger. Thread-safe.
void Log(const LogEntry& entry);

}  // namespace seedfed

#endif  // SEEDFED_COMMON_LOG_LOG_H_
