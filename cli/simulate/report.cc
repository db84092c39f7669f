#include "cli/simulate/report.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/terminal/text.h"

namespace seedfed {
namespace {

using nlohmann::ordered_json;
using std::literals::operator""sv;

constexpr uint64_t kBytesPerFp32 = 4;
// Digits of a fingerprint in the summary, as many as in the server's log.
constexpr size_t kShownFingerprint = 16;

void AppendLine(std::string& text, absl::string_view title, absl::string_view value) {
  absl::StrAppendFormat(&text, "%-17s %s\n", title, value);
}

std::string RatioText(double ratio) {
  if (ratio < 10) return absl::StrFormat("%.1f", ratio);
  return WithSeparators(static_cast<uint64_t>(ratio + 0.5));
}

std::string AccuracyText(const std::vector<EvaluatedRound>& rounds) {
  const EvaluatedRound& last = rounds.back();
  const EvaluatedRound& best = *std::max_element(
      rounds.begin(), rounds.end(),
      [](const EvaluatedRound& a, const EvaluatedRound& b) { return a.accuracy < b.accuracy; });
  std::string text = absl::StrFormat("%.4f after round %u", last.accuracy, last.round);
  if (best.round != last.round) {
    absl::StrAppendFormat(&text, " (highest: %.4f after round %u)", best.accuracy, best.round);
  }
  return text;
}

ordered_json Setting(const ServerOption& option, const std::optional<std::string>& given) {
  const std::string text = given.value_or(option.default_value);
  if (text.empty()) return nullptr;
  if (!option.number) return text;
  const ordered_json number = ordered_json::parse(text, nullptr, /*allow_exceptions=*/false);
  return number.is_number() ? number : ordered_json(text);
}

ordered_json Settings(const SimulateOptions& options) {
  ordered_json settings = {{"rounds", options.rounds},
                           {"clients", options.clients},
                           {"key", options.key},
                           {"model", options.model},
                           {"data", options.data}};
  for (size_t i = 0; i < kServerOptions.size(); ++i) {
    settings[kServerOptions[i].setting] = Setting(kServerOptions[i], options.server_values[i]);
  }
  const auto codec =
      std::find_if(kServerOptions.begin(), kServerOptions.end(),
                   [](const ServerOption& option) { return option.setting == "codec"sv; });
  const bool codec_given = options.server_values[codec - kServerOptions.begin()].has_value();
  if (settings["mode"] == "pure" && !codec_given) settings["codec"] = "single";
  return settings;
}

}  // namespace

Totals ComputeTotals(const RunReport& report) {
  Totals totals;
  uint64_t rounds = 0;
  for (const EvaluatedRound& record : report.rounds) {
    totals.client_up += record.bytes_up;
    totals.client_down += record.bytes_down;
    if (record.round > 0) ++rounds;
  }
  totals.all_up = totals.client_up * report.options.clients;
  totals.all_down = totals.client_down * report.options.clients;
  totals.fedavg = 2 * kBytesPerFp32 * report.weights * rounds * report.options.clients;
  const uint64_t sent = totals.all_up + totals.all_down;
  if (sent > 0) totals.ratio = static_cast<double>(totals.fedavg) / static_cast<double>(sent);
  return totals;
}

std::string SummaryText(const RunReport& report) {
  std::string text;
  if (report.rounds.empty()) {
    AppendLine(text, "Rounds", absl::StrCat("none of ", report.options.rounds, " complete"));
  } else {
    const uint32_t reached = report.rounds.back().round;
    if (reached < report.options.rounds) {
      AppendLine(text, "Rounds", absl::StrCat(reached, " of ", report.options.rounds, " complete"));
    }
    const Totals totals = ComputeTotals(report);
    AppendLine(text, "Test accuracy", AccuracyText(report.rounds));
    AppendLine(
        text, "Per client",
        absl::StrCat(ByteCount(totals.client_up), " up, ", ByteCount(totals.client_down), " down"));
    AppendLine(
        text, "All clients",
        absl::StrCat(ByteCount(totals.all_up + totals.all_down), " both ways, ",
                     report.options.clients, report.options.clients == 1 ? " client" : " clients"));
    AppendLine(text, "FedAvg fp32",
               absl::StrCat(ByteCount(totals.fedavg),
                            " in as many rounds: ", RatioText(totals.ratio), " times as much"));
  }
  AppendLine(text, "Wall time", DurationText(report.wall_time));
  if (!report.model.empty()) {
    AppendLine(text, "Model", report.model);
    // The model of a run that was cut short may be of a round that was not evaluated any more.
    if (!report.rounds.empty() && report.rounds.back().round == report.options.rounds) {
      AppendLine(text, "Fingerprint",
                 report.rounds.back().fingerprint.substr(0, kShownFingerprint));
    }
  }
  AppendLine(text, "Logs", absl::StrCat(report.folder, "/logs"));
  return text;
}

std::string ReportJson(const RunReport& report) {
  ordered_json rounds = ordered_json::array();
  for (const EvaluatedRound& record : report.rounds) {
    rounds.push_back({{"round", record.round},
                      {"accuracy", record.accuracy},
                      {"loss", record.loss},
                      {"bytes_up", record.bytes_up},
                      {"bytes_down", record.bytes_down},
                      {"seconds", record.seconds}});
  }
  const Totals totals = ComputeTotals(report);
  ordered_json document = {{"settings", Settings(report.options)}, {"rounds", std::move(rounds)}};
  if (!report.rounds.empty()) document["accuracy"] = report.rounds.back().accuracy;
  document["bytes_up_total"] = totals.all_up;
  document["bytes_down_total"] = totals.all_down;
  document["fedavg_bytes_total"] = totals.fedavg;
  document["seconds_total"] = absl::ToDoubleSeconds(report.wall_time);
  if (!report.rounds.empty()) {
    document["model_fingerprint"] = report.rounds.back().fingerprint;
    document["base_checksum"] = report.rounds.back().base_checksum;
  }
  return document.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace seedfed
