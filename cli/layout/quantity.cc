#include "cli/layout/quantity.h"

#include <array>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace seedfed {
namespace {

std::string Whole(double value) {
  std::string text = absl::StrFormat("%.0f", value);
  for (size_t end = text.size(); end > 3; end -= 3) text.insert(end - 3, 1, ',');
  return text;
}

// 1.00 to 9.99, 10.0 to 99.9, 100 and more, with commas.
std::string ThreeDigits(double value) {
  if (value < 9.995) return absl::StrFormat("%.2f", value);
  if (value < 99.95) return absl::StrFormat("%.1f", value);
  return Whole(value);
}

struct TimeUnit {
  const char* name;
  double seconds;
};

constexpr std::array<TimeUnit, 6> kTimeUnits = {
    {{"years", 365.25 * 86400}, {"days", 86400}, {"h", 3600}, {"min", 60}, {"s", 1}, {"ms", 1e-3}}};

}  // namespace

std::string RoundBytes(double bytes) {
  constexpr std::array<const char*, 8> kUnits = {"kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"};
  if (bytes < 999.5) return absl::StrFormat("%.0f B", bytes);
  double value = bytes / 1000;
  size_t unit = 0;
  while (value >= 999.5 && unit + 1 < kUnits.size()) {
    value /= 1000;
    ++unit;
  }
  return absl::StrCat(ThreeDigits(value), " ", kUnits[unit]);
}

std::string RoundDuration(absl::Duration duration) {
  const double seconds = absl::ToDoubleSeconds(duration);
  if (seconds == 0) return "0 s";
  for (const TimeUnit& unit : kTimeUnits) {
    // 59.99 s would read as 60.0 s: the next unit takes it.
    if (seconds * 1.0005 >= unit.seconds) {
      return absl::StrCat(ThreeDigits(seconds / unit.seconds), " ", unit.name);
    }
  }
  return absl::StrCat(ThreeDigits(seconds / 1e-3), " ms");
}

std::string RoundRatio(double whole, double part) {
  const double ratio = whole / part;
  if (ratio == std::floor(ratio) || ratio >= 9.95) return Whole(ratio) + ":1";
  return absl::StrFormat("%.2g:1", ratio);
}

}  // namespace seedfed
