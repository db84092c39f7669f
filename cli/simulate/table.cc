#include "cli/simulate/table.h"

#include <algorithm>
#include <array>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/terminal/text.h"

namespace seedfed {
namespace {

constexpr std::array<const char*, 6> kTitles = {"round",    "test accuracy", "loss",
                                                "bytes up", "bytes down",    "seconds"};
constexpr std::array<size_t, 6> kWidths = {6, 15, 10, 13, 13, 10};
// Column numbers, the one to leave out first in front.
constexpr std::array<size_t, 4> kDispensable = {2, 5, 4, 3};

}  // namespace

RoundTable::RoundTable(size_t width) {
  std::array<bool, kWidths.size()> shown;
  shown.fill(true);
  size_t total = 0;
  for (size_t column : kWidths) total += column;
  for (size_t column : kDispensable) {
    if (total <= width) break;
    shown[column] = false;
    total -= kWidths[column];
  }
  for (size_t i = 0; i < shown.size(); ++i) {
    if (shown[i]) columns_.push_back(static_cast<Column>(i));
  }
}

std::string RoundTable::Header() const {
  std::string line;
  for (Column column : columns_) {
    const auto i = static_cast<size_t>(column);
    absl::StrAppendFormat(&line, "%*s", static_cast<int>(kWidths[i]), kTitles[i]);
  }
  return line;
}

std::string RoundTable::Row(const EvaluatedRound& record) const {
  std::string line;
  for (Column column : columns_) {
    const int width = static_cast<int>(kWidths[static_cast<size_t>(column)]);
    switch (column) {
      case Column::kRound:
        absl::StrAppendFormat(&line, "%*u", width, record.round);
        break;
      case Column::kAccuracy:
        absl::StrAppendFormat(&line, "%*.4f", width, record.accuracy);
        break;
      case Column::kLoss:
        absl::StrAppendFormat(&line, "%*.4f", width, record.loss);
        break;
      case Column::kUp:
        absl::StrAppendFormat(&line, "%*s", width, WithSeparators(record.bytes_up));
        break;
      case Column::kDown:
        absl::StrAppendFormat(&line, "%*s", width, WithSeparators(record.bytes_down));
        break;
      case Column::kSeconds:
        absl::StrAppendFormat(&line, "%*.2f", width, record.seconds);
        break;
    }
  }
  return line;
}

absl::Duration TimeLeft(const SimulationProgress& progress) {
  if (progress.done == 0) return absl::InfiniteDuration();
  const uint32_t remaining = progress.rounds - std::min(progress.done, progress.rounds);
  return std::max(absl::ZeroDuration(), progress.per_round * remaining - progress.since_last_round);
}

std::string ProgressLine(const SimulationProgress& progress, size_t width, const BarStyle& style) {
  const uint32_t done = std::min(progress.done, progress.rounds);
  const std::string count = absl::StrCat(" round ", done, "/", progress.rounds);
  std::string times = absl::StrCat(" ", ClockText(progress.elapsed), " elapsed");
  if (done > 0) absl::StrAppend(&times, ", ", ClockText(TimeLeft(progress)), " left");

  return BarLine(count, done, progress.rounds, times, width, style);
}

}  // namespace seedfed
