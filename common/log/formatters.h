#ifndef SEEDFED_COMMON_LOG_FORMATTERS_H_
#define SEEDFED_COMMON_LOG_FORMATTERS_H_

#include <spdlog/formatter.h>

#include <memory>

#include "common/log/log_entry.h"

namespace seedfed {

// The fields of what this thread logs while it lives: spdlog's messages have none of their own.
class ScopedLogFields {
 public:
  // `fields` must outlive this.
  explicit ScopedLogFields(const LogFields& fields);
  ~ScopedLogFields();
  ScopedLogFields(const ScopedLogFields&) = delete;
  ScopedLogFields& operator=(const ScopedLogFields&) = delete;
};

// The two formats of log.h. They run on the thread that logs.
std::unique_ptr<spdlog::formatter> MakeTextFormatter();
std::unique_ptr<spdlog::formatter> MakeJsonFormatter();

}  // namespace seedfed

#endif  // SEEDFED_COMMON_LOG_FORMATTERS_H_
