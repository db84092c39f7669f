#include "server/config/toml_text.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/terminal/printable.h"

namespace seedfed {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool IsForeign(char c) { return static_cast<unsigned char>(c) > 0x7F; }

// TOML has other than ASCII in strings and comments only, and no '?' anywhere else.
std::string WithoutForeignBytes(std::string_view text) {
  std::string ascii(text);
  std::replace_if(ascii.begin(), ascii.end(), IsForeign, '?');
  return ascii;
}

// Whether one of the two bytes up to a position of the text without foreign bytes is a foreign one:
// some errors are found at the character after.
bool IsForeignAt(std::string_view text, const toml::source_position& position) {
  size_t line_begin = 0;
  for (toml::source_index line = 1; line < position.line; ++line) {
    line_begin = text.find('\n', line_begin) + 1;
  }
  const std::string_view to_here = text.substr(0, line_begin + position.column);
  const std::string_view two = to_here.substr(to_here.size() - std::min<size_t>(to_here.size(), 2));
  return std::any_of(two.begin(), two.end(), IsForeign);
}

absl::Status NotToml(const std::string& path, const toml::parse_error& error,
                     absl::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat(path, ":", error.source().begin.line, ": not TOML: ", why));
}

}  // namespace

absl::StatusOr<toml::table> ParseToml(const std::string& path, std::string_view text) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  // For characters beyond ASCII in other places toml++ 3.3 runs into code that it declares
  // unreachable, which is undefined behaviour. What is TOML without them has none there.
  try {
    static_cast<void>(toml::parse(std::string_view(WithoutForeignBytes(text))));
  } catch (const toml::parse_error& error) {
    if (IsForeignAt(text, error.source().begin)) {
      return NotToml(path, error, "expected only ASCII characters outside of texts and comments");
    }
    return NotToml(path, error, Printable(std::string(error.description())));
  }
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& error) {
    return NotToml(path, error, Printable(std::string(error.description())));
  }
}

}  // namespace seedfed
