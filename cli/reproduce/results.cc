#include "cli/reproduce/results.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "cli/layout/text_table.h"
#include "common/terminal/text.h"

namespace seedfed {
namespace {

using nlohmann::ordered_json;

constexpr size_t kNoteWidth = 96;

// The words of a sentence in lines of at most kNoteWidth characters where words are that short; the
// first line starts with a dash, the others are indented by as much.
std::string NoteText(absl::string_view note) {
  std::string text;
  std::string line = "-";
  for (absl::string_view word : absl::StrSplit(note, ' ')) {
    if (line.size() + 1 + word.size() > kNoteWidth) {
      absl::StrAppend(&text, line, "\n");
      line = " ";
    }
    absl::StrAppend(&line, " ", word);
  }
  return absl::StrCat(text, line, "\n");
}

std::string TableText(const ResultTable& table) {
  std::vector<TextTable::Align> aligns;
  std::vector<std::string> headings;
  for (const Column& column : table.columns) {
    aligns.push_back(column.number ? TextTable::Align::kRight : TextTable::Align::kLeft);
    headings.push_back(column.heading);
  }
  TextTable layout(std::move(aligns));
  layout.Row(std::move(headings));
  for (const std::vector<Cell>& row : table.rows) {
    std::vector<std::string> cells;
    for (const Cell& cell : row) cells.push_back(cell.text);
    layout.Row(std::move(cells));
  }
  std::string text = absl::StrCat(table.title, "\n\n", layout.Text());
  if (!table.notes.empty()) absl::StrAppend(&text, "\n");
  for (const std::string& note : table.notes) absl::StrAppend(&text, NoteText(note));
  return text;
}

std::string CsvField(absl::string_view field) {
  if (field.find_first_of(",\"\r\n") == absl::string_view::npos) return std::string(field);
  return absl::StrCat("\"", absl::StrReplaceAll(field, {{"\"", "\"\""}}), "\"");
}

std::string Dump(const ordered_json& value, int indent) {
  return value.dump(indent, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace

Cell TextCell(absl::string_view text) { return {std::string(text), std::string(text)}; }

Cell CountCell(uint64_t count) { return {WithSeparators(count), count}; }

Cell YesNoCell(bool yes) { return {yes ? "yes" : "no", yes}; }

Cell FixedCell(double value, int digits) { return {absl::StrFormat("%.*f", digits, value), value}; }

Cell GeneralCell(double value, int digits) {
  return {absl::StrFormat("%.*g", digits, value), value};
}

std::string ResultsText(std::span<const ResultTable> tables) {
  std::string text;
  for (const ResultTable& table : tables) {
    if (!text.empty()) absl::StrAppend(&text, "\n\n");
    absl::StrAppend(&text, TableText(table));
  }
  return text;
}

std::string ResultsJson(std::span<const ResultTable> tables) {
  ordered_json list = ordered_json::array();
  for (const ResultTable& table : tables) {
    ordered_json rows = ordered_json::array();
    for (const std::vector<Cell>& row : table.rows) {
      ordered_json object = ordered_json::object();
      for (size_t i = 0; i < row.size(); ++i) object[table.columns[i].name] = row[i].value;
      rows.push_back(std::move(object));
    }
    list.push_back({{"name", table.name},
                    {"title", table.title},
                    {"rows", std::move(rows)},
                    {"notes", table.notes}});
  }
  return Dump({{"tables", std::move(list)}}, 2) + "\n";
}

std::string ResultsCsv(std::span<const ResultTable> tables) {
  std::string text = "table,row,column,value\n";
  for (const ResultTable& table : tables) {
    for (size_t r = 0; r < table.rows.size(); ++r) {
      for (size_t c = 0; c < table.rows[r].size(); ++c) {
        const ordered_json& value = table.rows[r][c].value;
        if (value.is_null()) continue;
        const std::string field = value.is_string() ? value.get<std::string>() : Dump(value, -1);
        absl::StrAppend(&text, CsvField(table.name), ",", r + 1, ",",
                        CsvField(table.columns[c].name), ",", CsvField(field), "\n");
      }
    }
  }
  return text;
}

}  // namespace seedfed
