#ifndef SEEDFED_COMMON_LOG_LOG_FORMAT_H_
#define SEEDFED_COMMON_LOG_LOG_FORMAT_H_

#include <optional>

#include "absl/strings/string_view.h"

namespace seedfed {

enum class LogFormat { kText, kJson };

// "text" or "json".
inline std::optional<LogFormat> ParseLogFormat(absl::string_view name) {
  if (name == "text") return LogFormat::kText;
  if (name == "json") return LogFormat::kJson;
  return std::nullopt;
}

}  // namespace seedfed

#endif  // SEEDFED_COMMON_LOG_LOG_FORMAT_H_
