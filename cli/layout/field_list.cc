#include "cli/layout/field_list.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"

namespace seedfed {
namespace {

constexpr size_t kGap = 2;

constexpr size_t kLongestUnit = 4;  // "min" and a comma

// What may stand at the end of a line: words, a number together with its unit.
std::vector<std::string> Words(const std::string& text) {
  std::vector<std::string> words;
  for (const absl::string_view word : absl::StrSplit(text, ' ')) {
    const bool unit = !word.empty() && word.size() <= kLongestUnit && absl::ascii_isalpha(word[0]);
    if (unit && !words.empty() && !words.back().empty() &&
        absl::ascii_isdigit(words.back().back())) {
      absl::StrAppend(&words.back(), " ", word);
    } else {
      words.emplace_back(word);
    }
  }
  return words;
}

std::vector<std::string> Wrap(const std::string& text, size_t width) {
  std::vector<std::string> lines(1);
  for (const std::string& word : Words(text)) {
    if (!lines.back().empty() && lines.back().size() + 1 + word.size() > width) {
      lines.push_back(word);
    } else {
      absl::StrAppend(&lines.back(), lines.back().empty() ? "" : " ", word);
    }
  }
  return lines;
}

}  // namespace

void FieldList::Add(std::string label, std::string text) {
  fields_.emplace_back(std::move(label), std::move(text));
}

std::string FieldList::Text(size_t width) const {
  size_t labels = 0;
  for (const auto& [label, text] : fields_) labels = std::max(labels, label.size());
  const size_t indent = labels + kGap;
  std::string out;
  for (const auto& [label, text] : fields_) {
    std::string start = label;
    for (const std::string& line : Wrap(text, width > indent ? width - indent : 1)) {
      std::string row = absl::StrCat(start, std::string(indent - start.size(), ' '), line);
      absl::StripTrailingAsciiWhitespace(&row);
      absl::StrAppend(&out, row, "\n");
      start.clear();
    }
  }
  return out;
}

}  // namespace seedfed
