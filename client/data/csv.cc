#include "client/data/csv.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "client/data/csv_records.h"
#include "common/base/status.h"

namespace seedfed {
namespace {

constexpr size_t kMaxQuotedBytes = 40;

// Untrusted text, shortened and made printable for a sentence.
std::string Printable(std::string_view text) {
  size_t size = std::min(text.size(), kMaxQuotedBytes);
  const bool cut = size < text.size();
  while (cut && size > 0 && (static_cast<uint8_t>(text[size]) & 0xc0) == 0x80)
    --size;  // whole UTF-8
  return absl::StrCat(absl::Utf8SafeCEscape(absl::string_view(text.data(), size)),
                      cut ? "..." : "");
}

std::string_view Trim(std::string_view text) {
  constexpr std::string_view kBlanks = " \t";
  const size_t first = text.find_first_not_of(kBlanks);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

// Unlike strtod, the same in every locale and without hexadecimal numbers.
std::from_chars_result ParseDouble(std::string_view text, double& value) {
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  return std::from_chars(text.data(), text.data() + text.size(), value);
}

bool IsNumber(std::string_view field) {
  const std::string_view text = Trim(field);
  double value = 0;
  return ParseDouble(text, value).ptr == text.data() + text.size() && !text.empty();
}

// What the columns are; line numbers and names serve error sentences.
struct Columns {
  size_t count = 0;
  size_t label = 0;
  size_t first_line = 0;
  std::vector<std::string> names;  // empty without a header
};

bool IsIndex(const std::string& label_column) {
  return !label_column.empty() && std::all_of(label_column.begin(), label_column.end(),
                                              [](char c) { return c >= '0' && c <= '9'; });
}

absl::StatusOr<size_t> FindByIndex(const std::string& file, const std::string& label_column,
                                   size_t count) {
  size_t index = 0;
  const char* end = label_column.data() + label_column.size();
  if (std::from_chars(label_column.data(), end, index).ec != std::errc() || index >= count) {
    return absl::InvalidArgumentError(absl::StrCat("label column ", Printable(label_column),
                                                   " does not exist in ", file, ": it has ", count,
                                                   " columns (0 to ", count - 1, ")"));
  }
  return index;
}

absl::StatusOr<size_t> FindByName(const std::string& file, const std::string& label_column,
                                  std::span<const std::string> names) {
  const auto found = std::find(names.begin(), names.end(), label_column);
  if (found == names.end()) {
    constexpr size_t kMaxListed = 8;
    std::string list;
    for (size_t i = 0; i < std::min(names.size(), kMaxListed); ++i) {
      absl::StrAppend(&list, i > 0 ? ", " : "", Printable(names[i]));
    }
    if (names.size() > kMaxListed) absl::StrAppend(&list, ", ...");
    return absl::InvalidArgumentError(absl::StrCat(file, " has no column \"",
                                                   Printable(label_column),
                                                   "\": the columns of its header are ", list));
  }
  if (const auto copies = std::count(found, names.end(), label_column); copies > 1) {
    return absl::InvalidArgumentError(absl::StrCat(file, " has ", copies, " columns \"",
                                                   Printable(label_column),
                                                   "\", expected one label column"));
  }
  return static_cast<size_t>(found - names.begin());
}

absl::StatusOr<Columns> Describe(const std::string& file, const CsvRecords& first,
                                 const std::string& label_column) {
  Columns columns;
  columns.count = first.fields().size();
  columns.first_line = first.line();
  std::vector<std::string> names;
  for (const std::string_view field : first.fields()) names.emplace_back(Trim(field));
  if (IsIndex(label_column)) {
    SEEDFED_ASSIGN_OR_RETURN(columns.label, FindByIndex(file, label_column, columns.count));
    if (!IsNumber(names[columns.label])) columns.names = std::move(names);
  } else {
    SEEDFED_ASSIGN_OR_RETURN(columns.label, FindByName(file, label_column, names));
    columns.names = std::move(names);
  }
  if (columns.count == 1) {
    return absl::InvalidArgumentError(absl::StrCat(
        file, " has only one column, expected a label column and at least one feature"));
  }
  return columns;
}

class TableReader {
 public:
  TableReader(const std::string& file, Columns columns, float scale)
      : file_(file), columns_(std::move(columns)), scale_(scale) {}

  absl::Status Add(const CsvRecords& record) {
    const std::span<const std::string_view> fields = record.fields();
    if (fields.size() != columns_.count) {
      return absl::InvalidArgumentError(
          absl::StrCat(file_, " line ", record.line(), " has ", fields.size(),
                       " columns, expected ", columns_.count, " as in line ", columns_.first_line));
    }
    for (size_t column = 0; column < fields.size(); ++column) {
      const std::string_view text = Trim(fields[column]);
      if (column == columns_.label) {
        uint32_t label = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), label);
        if (error != std::errc() || end != text.data() + text.size()) {
          return Error(record, column,
                       absl::StrCat("label '", Printable(text),
                                    "' is not a whole number from 0 to ", UINT32_MAX));
        }
        labels_.push_back(label);
      } else {
        double value = 0;
        const auto [end, error] = ParseDouble(text, value);
        if (error == std::errc::invalid_argument || end != text.data() + text.size()) {
          return Error(record, column, absl::StrCat("'", Printable(text), "' is not a number"));
        }
        if (!std::isfinite(value) && error == std::errc()) {
          return Error(record, column,
                       absl::StrCat("'", Printable(text), "' is not a finite number"));
        }
        const float feature = static_cast<float>(value);
        if (error != std::errc() || !std::isfinite(feature) || !std::isfinite(feature * scale_)) {
          return Error(
              record, column,
              absl::StrCat("'", Printable(text), "' is beyond the range of 32-bit floats"));
        }
        values_.push_back(feature);
      }
    }
    return absl::OkStatus();
  }

  absl::StatusOr<Dataset> Finish() && {
    if (labels_.empty()) {
      return absl::InvalidArgumentError(absl::StrCat(file_, " has a header but no examples"));
    }
    return Dataset::FromTable(file_, columns_.count - 1, std::move(values_), std::move(labels_),
                              scale_);
  }

 private:
  absl::Status Error(const CsvRecords& record, size_t column, const std::string& problem) const {
    const std::string name = columns_.names.empty()
                                 ? ""
                                 : absl::StrCat(" (\"", Printable(columns_.names[column]), "\")");
    return absl::InvalidArgumentError(
        absl::StrCat(file_, " line ", record.line(), " column ", column + 1, name, ": ", problem));
  }

  const std::string& file_;
  const Columns columns_;
  const float scale_;
  std::vector<float> values_;
  std::vector<uint32_t> labels_;
};

}  // namespace

absl::StatusOr<Dataset> ReadCsv(ByteSource& source, const std::string& label_column, float scale) {
  CsvRecords records(source);
  SEEDFED_ASSIGN_OR_RETURN(bool more, records.Next());
  if (!more) {
    return absl::InvalidArgumentError(
        absl::StrCat(source.name(), " is empty, expected a CSV file"));
  }
  SEEDFED_ASSIGN_OR_RETURN(Columns columns, Describe(source.name(), records, label_column));
  const bool has_header = !columns.names.empty();
  TableReader table(source.name(), std::move(columns), scale);
  if (!has_header) SEEDFED_RETURN_IF_ERROR(table.Add(records));
  while (true) {
    SEEDFED_ASSIGN_OR_RETURN(more, records.Next());
    if (!more) break;
    SEEDFED_RETURN_IF_ERROR(table.Add(records));
  }
  return std::move(table).Finish();
}

absl::StatusOr<Dataset> LoadCsv(const std::string& path, const std::string& label_column,
                                float scale) {
  SEEDFED_ASSIGN_OR_RETURN(std::unique_ptr<ByteSource> file, OpenFile(path));
  return ReadCsv(*file, label_column, scale);
}

}  // namespace seedfed
