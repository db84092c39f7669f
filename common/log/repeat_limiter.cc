#include "common/log/repeat_limiter.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/terminal/text.h"

namespace seedfed {
namespace {

constexpr size_t kMostTold = 256;  // groups of alike entries that are told apart in one kind
constexpr size_t kMostSummaries =
    5;  // lines at the end of one kind's interval, and one for the rest

}  // namespace

std::vector<LogEntry> RepeatLimiter::Pass(LogEntry entry, absl::Duration now) {
  std::vector<LogEntry> out = Due(now);
  Kind& kind =
      kinds_.try_emplace(entry.fields.kind, Kind{.end = now + limits_.interval}).first->second;
  const std::pair<std::string, std::string> key(entry.fields.client, entry.fields.reason);
  auto found = kind.alike.find(key);
  if (found == kind.alike.end()) {
    if (kind.alike.size() >= kMostTold) {
      ++kind.held;
      ++kind.held_other;
      kind.last_other = std::move(entry);
      return out;
    }
    found = kind.alike.emplace(key, Alike{}).first;
  }
  Alike& alike = found->second;
  if (!alike.repeating && alike.passed < limits_.alike && kind.passed < limits_.of_a_kind) {
    ++alike.passed;
    ++kind.passed;
    out.push_back(std::move(entry));
  } else {
    ++kind.held;
    ++alike.held;
    alike.last = std::move(entry);
  }
  return out;
}

std::vector<LogEntry> RepeatLimiter::Due(absl::Duration now) {
  std::vector<LogEntry> out;
  for (auto it = kinds_.begin(); it != kinds_.end();) {
    Kind& kind = it->second;
    if (now < kind.end) {
      ++it;
      continue;
    }
    Summarise(kind, out);
    // Only what was held back is remembered for the next interval.
    std::erase_if(kind.alike, [](const auto& item) { return item.second.held == 0; });
    if (kind.alike.empty()) {
      it = kinds_.erase(it);
      continue;
    }
    for (auto& [key, alike] : kind.alike) alike = {.repeating = true};
    kind.end = now + limits_.interval;
    kind.passed = 0;
    kind.held = kind.held_other = 0;
    ++it;
  }
  return out;
}

std::vector<LogEntry> RepeatLimiter::Flush() {
  std::vector<LogEntry> out;
  for (auto& [name, kind] : kinds_) Summarise(kind, out);
  kinds_.clear();
  return out;
}

absl::Duration RepeatLimiter::NextDue() const {
  absl::Duration next = absl::InfiniteDuration();
  for (const auto& [name, kind] : kinds_) {
    if (kind.held > 0) next = std::min(next, kind.end);
  }
  return next;
}

void RepeatLimiter::Summarise(Kind& kind, std::vector<LogEntry>& out) const {
  const std::string when =
      absl::StrCat(" in the last ", absl::ToInt64Seconds(limits_.interval), " s");
  std::vector<Alike*> held;
  for (auto& [key, alike] : kind.alike) {
    if (alike.held > 0) held.push_back(&alike);
  }
  std::stable_sort(held.begin(), held.end(),
                   [](const Alike* a, const Alike* b) { return a->held > b->held; });
  uint64_t rest = kind.held_other;
  for (size_t i = 0; i < held.size(); ++i) {
    Alike& alike = *held[i];
    if (i >= kMostSummaries) {
      rest += alike.held;
      if (kind.held_other == 0) kind.last_other = std::move(alike.last);
      continue;
    }
    if (alike.held > 1) {
      absl::StrAppend(&alike.last.text, "; ", WithSeparators(alike.held), " more like this", when);
    }
    out.push_back(std::move(alike.last));
  }
  if (rest == 0) return;
  LogEntry summary;
  summary.level = kind.last_other.level;
  summary.fields.kind = kind.last_other.fields.kind;
  summary.text = absl::StrCat(WithSeparators(rest), " more of other clients", when,
                              "; the last: ", kind.last_other.text);
  out.push_back(std::move(summary));
}

}  // namespace seedfed
