#include "common/log/log.h"

#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>

#include <mutex>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/log/formatters.h"

namespace seedfed {
namespace {

absl::string_view ColorOf(spdlog::level::level_enum level) {
  switch (level) {
    case spdlog::level::info:
      return "\x1b[32m";
    case spdlog::level::warn:
      return "\x1b[33m";
    case spdlog::level::err:
    case spdlog::level::critical:
      return "\x1b[31m";
    default:
      return "\x1b[36m";
  }
}

class StatusLineSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  StatusLineSink(std::shared_ptr<StatusLine> out, bool color)
      : out_(std::move(out)), color_(color) {}

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t buffer;
    formatter_->format(message, buffer);
    const absl::string_view line(buffer.data(), buffer.size());
    const size_t begin = message.color_range_start;
    const size_t end = message.color_range_end;
    if (!color_ || end <= begin) return out_->Print(line);
    out_->Print(absl::StrCat(line.substr(0, begin), ColorOf(message.level),
                             line.substr(begin, end - begin), "\x1b[0m", line.substr(end)));
  }

  void flush_() override {}

 private:
  const std::shared_ptr<StatusLine> out_;
  const bool color_;
};

spdlog::level::level_enum ToSpdlog(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarning:
      return spdlog::level::warn;
    case LogLevel::kError:
      return spdlog::level::err;
  }
  return spdlog::level::info;
}

}  // namespace

void SetUpLog(const LogOptions& options, std::shared_ptr<StatusLine> out) {
  const bool json = options.format == LogFormat::kJson;
  auto logger = std::make_shared<spdlog::logger>(
      "seedfed", std::make_shared<StatusLineSink>(std::move(out), options.color && !json));
  logger->set_formatter(json ? MakeJsonFormatter() : MakeTextFormatter());
  logger->set_level(spdlog::level::from_str(options.level));
  spdlog::set_default_logger(std::move(logger));
}

bool Logs(LogLevel level) { return spdlog::should_log(ToSpdlog(level)); }

void Log(const LogEntry& entry) {
  const ScopedLogFields fields(entry.fields);
  spdlog::default_logger_raw()->log(ToSpdlog(entry.level),
                                    spdlog::string_view_t(entry.text.data(), entry.text.size()));
}

}  // namespace seedfed
