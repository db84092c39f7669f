#include "common/terminal/printable.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "absl/strings/str_cat.h"

namespace seedfed {
namespace {

struct Character {
  uint32_t code = 0;
  size_t bytes = 0;  // 0: not UTF-8
};

// The first character of `text`, which is not empty. UTF-8 as in RFC 3629: shortest forms, no
// surrogates, at most U+10FFFF.
Character Decode(absl::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const size_t bytes = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < bytes) return {};
  uint32_t code = lead & (0x7fU >> bytes);
  for (size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return {};
    code = code << 6 | (byte(i) & 0x3fU);
  }
  const bool shortest = bytes == 2 || code >= (bytes == 3 ? 0x800U : 0x10000U);
  if (!shortest || (code >= 0xd800 && code < 0xe000) || code > 0x10ffff) return {};
  return {code, bytes};
}

bool TurnsDirection(uint32_t code) {
  return code == 0x61c || code == 0x200e || code == 0x200f || (code >= 0x202a && code <= 0x202e) ||
         (code >= 0x2066 && code <= 0x2069);
}

// Ends the line for some readers: LINE SEPARATOR, PARAGRAPH SEPARATOR.
bool EndsLine(uint32_t code) { return code == 0x2028 || code == 0x2029; }

}  // namespace

std::string Printable(absl::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const Character c = Decode(text);
    const size_t bytes = std::max<size_t>(1, c.bytes);
    if (c.bytes == 0 || c.code < 0x20 || c.code == 0x7f) {
      if (text[0] == '\n') {
        out += "\\n";
      } else if (text[0] == '\t') {
        out += "\\t";
      } else {
        const auto byte = static_cast<uint8_t>(text[0]);
        absl::StrAppend(&out, "\\x", absl::Hex(byte, absl::kZeroPad2));
      }
    } else if ((c.code >= 0x80 && c.code < 0xa0) || TurnsDirection(c.code) || EndsLine(c.code)) {
      absl::StrAppend(&out, "\\u", absl::Hex(c.code, absl::kZeroPad4));
    } else {
      absl::StrAppend(&out, text.substr(0, bytes));
    }
    text.remove_prefix(bytes);
  }
  return out;
}

}  // namespace seedfed
