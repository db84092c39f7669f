#ifndef SEEDFED_CLI_REPRODUCE_RESULTS_H_
#define SEEDFED_CLI_REPRODUCE_RESULTS_H_

#include <cstdint>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace seedfed {

// One entry of a table: as a person reads it (ASCII, one line), and the full value for programs.
// An empty text with a null value is an entry that does not apply.
struct Cell {
  std::string text;
  nlohmann::ordered_json value;
};

Cell TextCell(absl::string_view text);
Cell CountCell(uint64_t count);  // with thousands separators as text
Cell YesNoCell(bool yes);
Cell FixedCell(double value, int digits);    // digits after the point
Cell GeneralCell(double value, int digits);  // significant digits, an exponent where it is shorter

struct Column {
  std::string name;     // for programs: lower case, unique in the table
  std::string heading;  // for a person
  bool number = true;   // aligned to the right
};

struct ResultTable {
  std::string name;  // for programs: lower case, unique in a document
  std::string title;
  std::vector<Column> columns;
  std::vector<std::vector<Cell>> rows;  // as many cells as columns
  std::vector<std::string> notes;       // sentences
};

// A grey picture as a PNG file's content.
struct NamedPicture {
  std::string file;  // name of the file, without a folder
  std::string png;
};

struct Results {
  std::vector<ResultTable> tables;
  std::vector<NamedPicture> pictures;
};

// The tables one after the other, each with its title above and its notes below, ending with an end
// of line.
std::string ResultsText(std::span<const ResultTable> tables);

// {"tables": [{"name", "title", "rows": [{column name: value}], "notes": [sentence]}]}
std::string ResultsJson(std::span<const ResultTable> tables);

// One line per entry, so that tables of different columns fit in one file: table, row (from 1),
// column, value. Format: RFC 4180, with line feeds. Entries that do not apply are left out.
std::string ResultsCsv(std::span<const ResultTable> tables);

}  // namespace seedfed

#endif  // SEEDFED_CLI_REPRODUCE_RESULTS_H_
