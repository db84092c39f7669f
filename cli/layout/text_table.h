#ifndef SEEDFED_CLI_LAYOUT_TEXT_TABLE_H_
#define SEEDFED_CLI_LAYOUT_TEXT_TABLE_H_

#include <string>
#include <vector>

namespace seedfed {

// Lines of text in columns, two spaces between them. Cells are ASCII without line ends. Not
// thread-safe.
class TextTable {
 public:
  enum class Align { kLeft, kRight };

  explicit TextTable(std::vector<Align> columns) : columns_(std::move(columns)) {}

  // At most as many cells as columns; those left out are empty.
  void Row(std::vector<std::string> cells);

  // A line over all columns that does not widen them.
  void Heading(std::string text);

  // Every line with its end of line, without spaces before it.
  std::string Text() const;

 private:
  struct Line {
    bool heading;
    std::vector<std::string> cells;
  };

  std::vector<Align> columns_;
  std::vector<Line> lines_;
};

}  // namespace seedfed

#endif  // SEEDFED_CLI_LAYOUT_TEXT_TABLE_H_
