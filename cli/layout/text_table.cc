#include "cli/layout/text_table.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace seedfed {

void TextTable::Row(std::vector<std::string> cells) {
  lines_.push_back({false, std::move(cells)});
  lines_.back().cells.resize(columns_.size());
}

void TextTable::Heading(std::string text) { lines_.push_back({true, {std::move(text)}}); }

std::string TextTable::Text() const {
  std::vector<size_t> widths(columns_.size());
  for (const Line& line : lines_) {
    if (line.heading) continue;
    for (size_t i = 0; i < widths.size(); ++i) {
      widths[i] = std::max(widths[i], line.cells[i].size());
    }
  }
  std::string text;
  for (const Line& line : lines_) {
    std::string row;
    for (size_t i = 0; i < line.cells.size(); ++i) {
      const std::string& cell = line.cells[i];
      const std::string pad(line.heading ? 0 : widths[i] - cell.size(), ' ');
      absl::StrAppend(&row, i == 0 ? "" : "  ");
      if (columns_[i] == Align::kRight) {
        absl::StrAppend(&row, pad, cell);
      } else {
        absl::StrAppend(&row, cell, pad);
      }
    }
    absl::StripTrailingAsciiWhitespace(&row);
    absl::StrAppend(&text, row, "\n");
  }
  return text;
}

}  // namespace seedfed
