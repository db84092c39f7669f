#include "server/config/toml_text.h"

#include <algorithm>
#include <string>

namespace seedfed {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool IsForeign(char c) { return static_cast<unsigned char>(c) > 0x7F; }

// The end of the string that starts at `at` with a quote: of its line when it has no end.
size_t EndOfString(std::string_view toml, size_t at) {
  const char quote = toml[at];
  const std::string three(3, quote);
  const bool long_string = toml.substr(at, 3) == three;
  for (at += long_string ? 3 : 1; at < toml.size(); ++at) {
    if (toml[at] == '\\' && quote == '"') {
      ++at;
      // No escape: it counts as outside.
      if (at < toml.size() && IsForeign(toml[at])) return at;
    } else if (long_string && toml.substr(at, 3) == three) {
      // Up to two more quotes belong to the text.
      at += 3;
      for (int more = 0; more < 2 && at < toml.size() && toml[at] == quote; ++more) ++at;
      return at;
    } else if (!long_string && (toml[at] == quote || toml[at] == '\n')) {
      return at + (toml[at] == quote ? 1 : 0);
    }
  }
  return toml.size();
}

// Whether the quote at `at` surely begins a string: at the start of a value or a key. Three quotes
// do only as a value: those of a key would be an empty string and the beginning of another.
bool SurelyBeginsString(std::string_view toml, size_t at) {
  const size_t before = toml.substr(0, at).find_last_not_of(" \t");
  const char last = before == std::string_view::npos ? '\n' : toml[before];
  if (toml.substr(at, 3) == std::string(3, toml[at])) return last == '=';
  return std::string_view("\n=[{,.").find(last) != std::string_view::npos;
}

size_t LineOf(std::string_view toml, std::string_view::const_iterator place) {
  return 1 + static_cast<size_t>(std::count(toml.begin(), place, '\n'));
}

}  // namespace

std::optional<size_t> LineOfForeignByte(std::string_view toml) {
  size_t at = toml.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
  while (at < toml.size()) {
    const char c = toml[at];
    if (IsForeign(c)) return LineOf(toml, toml.begin() + at);
    if (c == '#') {
      at = std::min(toml.find('\n', at), toml.size());
    } else if (c == '"' || c == '\'') {
      if (!SurelyBeginsString(toml, at)) {
        // From here on it is not certain what is a string.
        const auto foreign = std::find_if(toml.begin() + at, toml.end(), IsForeign);
        if (foreign != toml.end()) return LineOf(toml, foreign);
      }
      at = EndOfString(toml, at);
    } else {
      ++at;
    }
  }
  return {};
}

std::string WithoutForeignBytes(std::string_view toml) {
  std::string text(toml);
  std::replace_if(text.begin(), text.end(), IsForeign, '?');
  if (toml.starts_with(kByteOrderMark)) text.erase(0, kByteOrderMark.size());
  return text;
}

}  // namespace seedfed
