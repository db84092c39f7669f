#include "cli/simulate/text.h"

#include <algorithm>
#include <array>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace seedfed {
namespace {

constexpr std::array<absl::string_view, 6> kLevels = {"trace",   "debug", "info",
                                                      "warning", "error", "critical"};

// Time stamps, levels and program names are marks: "2024-01-31T10:00:00.123 error ...",
// "seedfed-server: ...".
bool IsMark(absl::string_view word) {
  if (word == "seedfed-server:" || word == "seedfed-client:") return true;
  if (std::find(kLevels.begin(), kLevels.end(), absl::StripSuffix(word, ":")) != kLevels.end()) {
    return true;
  }
  // A date, a time, or both: 10:00:00.123, unlike 10.0.0.1:7733, has two separators.
  return absl::ascii_isdigit(static_cast<unsigned char>(word.front())) &&
         word.find_first_not_of("0123456789-:.TZ") == word.npos &&
         std::count_if(word.begin(), word.end(), [](char c) { return c == '-' || c == ':'; }) >= 2;
}

absl::string_view WithoutMarks(absl::string_view line) {
  line = absl::StripAsciiWhitespace(line);
  while (!line.empty()) {
    const bool bracketed = line.front() == '[';
    const size_t end = line.find(bracketed ? ']' : ' ');
    if (end == absl::string_view::npos) break;
    if (!bracketed && !IsMark(line.substr(0, end))) break;
    line = absl::StripLeadingAsciiWhitespace(line.substr(end + 1));
  }
  return line;
}

bool SpeaksOfError(absl::string_view line) {
  return absl::StrContains(absl::AsciiStrToLower(line), "error") ||
         absl::StrContains(line, "[critical]");
}

}  // namespace

std::string LastErrorLine(absl::string_view log) {
  absl::string_view error;
  for (absl::string_view line : absl::StrSplit(log, '\n')) {
    if (SpeaksOfError(line)) error = line;
  }
  return std::string(WithoutMarks(error));
}

std::string LastLine(absl::string_view log) {
  log = absl::StripTrailingAsciiWhitespace(log);
  const size_t end = log.rfind('\n');
  return std::string(WithoutMarks(end == log.npos ? log : log.substr(end + 1)));
}

}  // namespace seedfed
