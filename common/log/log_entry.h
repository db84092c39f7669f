#ifndef SEEDFED_COMMON_LOG_LOG_ENTRY_H_
#define SEEDFED_COMMON_LOG_LOG_ENTRY_H_

#include <cstdint>
#include <optional>
#include <string>

namespace seedfed {

enum class LogLevel { kDebug, kInfo, kWarning, kError };

// What a line is about, as fields of a JSON line; empty ones are left out.
struct LogFields {
  std::optional<uint32_t> round;
  std::string client;  // its id
  std::string kind;    // of event: "round_complete"
  std::string reason;  // of a refusal

  friend bool operator==(const LogFields&, const LogFields&) = default;
};

// One line of a log. Texts may hold anything, also what strangers sent.
struct LogEntry {
  LogLevel level = LogLevel::kInfo;
  LogFields fields;
  std::string text;

  friend bool operator==(const LogEntry&, const LogEntry&) = default;
};

}  // namespace seedfed

#endif  // SEEDFED_COMMON_LOG_LOG_ENTRY_H_
