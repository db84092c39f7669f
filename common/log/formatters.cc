#include "common/log/formatters.h"

#include <spdlog/pattern_formatter.h>

#include <nlohmann/json.hpp>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/terminal/printable.h"

namespace seedfed {
namespace {

thread_local const LogFields* current_fields = nullptr;

void Append(const std::string& text, spdlog::memory_buf_t& out) {
  out.append(text.data(), text.data() + text.size());
}

std::string Payload(const spdlog::details::log_msg& message) {
  return {message.payload.data(), message.payload.size()};
}

class PrintablePayload final : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm&,
              spdlog::memory_buf_t& out) override {
    Append(Printable(Payload(message)), out);
  }

  std::unique_ptr<custom_flag_formatter> clone() const override {
    return std::make_unique<PrintablePayload>();
  }
};

class JsonFormatter final : public spdlog::formatter {
 public:
  void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override {
    nlohmann::ordered_json line;
    line["time"] = absl::FormatTime("%Y-%m-%d%ET%H:%M:%E3SZ", absl::FromChrono(message.time),
                                    absl::UTCTimeZone());
    const spdlog::string_view_t level = spdlog::level::to_string_view(message.level);
    line["level"] = std::string(level.data(), level.size());
    line["message"] = Payload(message);
    if (current_fields != nullptr) {
      const LogFields& fields = *current_fields;
      if (fields.round) line["round"] = *fields.round;
      if (!fields.client.empty()) line["client"] = fields.client;
      if (!fields.kind.empty()) line["kind"] = fields.kind;
      if (!fields.reason.empty()) line["reason"] = fields.reason;
    }
    constexpr bool kAscii = true;
    Append(line.dump(-1, ' ', kAscii, nlohmann::ordered_json::error_handler_t::replace) + "\n",
           out);
  }

  std::unique_ptr<formatter> clone() const override { return std::make_unique<JsonFormatter>(); }
};

}  // namespace

ScopedLogFields::ScopedLogFields(const LogFields& fields) { current_fields = &fields; }

ScopedLogFields::~ScopedLogFields() { current_fields = nullptr; }

std::unique_ptr<spdlog::formatter> MakeTextFormatter() {
  auto formatter = std::make_unique<spdlog::pattern_formatter>();
  formatter->add_flag<PrintablePayload>('*').set_pattern("%Y-%m-%d %H:%M:%S.%e %^%l%$ %*");
  return formatter;
}

std::unique_ptr<spdlog::formatter> MakeJsonFormatter() { return std::make_unique<JsonFormatter>(); }

}  // namespace seedfed
