#include "server/http/query.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/base/status.h"

namespace seedfed {
namespace {

constexpr size_t kQuoted = 64;  // characters of a wrong value that a sentence repeats

absl::Status Refuse(absl::string_view what, absl::string_view expected) {
  return absl::InvalidArgumentError(absl::StrCat(what, "; expected ", expected));
}

std::string Is(absl::string_view name, absl::string_view value) {
  return absl::StrCat(name, " is '", value.substr(0, kQuoted), "'");
}

int Digit(char c) {
  if (!absl::ascii_isxdigit(static_cast<unsigned char>(c))) return -1;
  return c <= '9' ? c - '0' : absl::ascii_tolower(static_cast<unsigned char>(c)) - 'a' + 10;
}

// Absent when a '%' is not followed by two hexadecimal digits.
std::optional<std::string> Decode(absl::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out.push_back(text[i] == '+' ? ' ' : text[i]);
      continue;
    }
    if (i + 2 >= text.size() || Digit(text[i + 1]) < 0 || Digit(text[i + 2]) < 0) return {};
    out.push_back(static_cast<char>(16 * Digit(text[i + 1]) + Digit(text[i + 2])));
    i += 2;
  }
  return out;
}

}  // namespace

absl::StatusOr<Query> Query::Parse(absl::string_view text,
                                   std::span<const absl::string_view> known) {
  Query query;
  for (const absl::string_view part : absl::StrSplit(text, '&', absl::SkipEmpty())) {
    const std::pair<absl::string_view, absl::string_view> halves =
        absl::StrSplit(part, absl::MaxSplits('=', 1));
    const std::optional<std::string> name = Decode(halves.first), value = Decode(halves.second);
    if (!name || !value) {
      return Refuse(absl::StrCat("'", part.substr(0, kQuoted), "' in the query is not encoded"),
                    "two hexadecimal digits after each '%'");
    }
    if (std::find(known.begin(), known.end(), *name) == known.end()) {
      return Refuse(
          absl::StrCat("the query has an unknown parameter '", name->substr(0, kQuoted), "'"),
          known.empty() ? "none" : absl::StrJoin(known, ", "));
    }
    if (!query.values_.emplace(*name, *value).second) {
      return absl::InvalidArgumentError(absl::StrCat(*name, " is given more than once"));
    }
  }
  return query;
}

const std::string* Query::Find(absl::string_view name) const {
  const auto found = values_.find(std::string(name));
  return found == values_.end() ? nullptr : &found->second;
}

absl::StatusOr<uint64_t> Query::Number(absl::string_view name, uint64_t most,
                                       uint64_t absent) const {
  const std::string* text = Find(name);
  if (text == nullptr) return absent;
  uint64_t number = 0;
  const bool digits = !text->empty() && std::all_of(text->begin(), text->end(), [](char c) {
    return absl::ascii_isdigit(static_cast<unsigned char>(c));
  });
  if (digits && absl::SimpleAtoi(*text, &number) && number <= most) return number;
  return Refuse(Is(name, *text), absl::StrCat("a whole number from 0 to ", most));
}

absl::StatusOr<std::string> Query::Choice(absl::string_view name,
                                          std::span<const absl::string_view> choices) const {
  const std::string* text = Find(name);
  if (text == nullptr) return std::string(choices[0]);
  if (std::find(choices.begin(), choices.end(), *text) != choices.end()) return *text;
  return Refuse(Is(name, *text), absl::StrJoin(choices, " or "));
}

}  // namespace seedfed
