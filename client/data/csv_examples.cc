#include "client/data/csv_examples.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string_view>
#include <system_error>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
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

}  // namespace

absl::StatusOr<std::unique_ptr<CsvExamples>> CsvExamples::Open(
    ByteSource& source, const std::optional<std::string>& label_column) {
  std::unique_ptr<CsvExamples> examples(new CsvExamples(source));
  SEEDFED_ASSIGN_OR_RETURN(const bool any, examples->records_.Next());
  if (!any) {
    return absl::InvalidArgumentError(
        absl::StrCat(source.name(), " is empty, expected a CSV file"));
  }
  SEEDFED_RETURN_IF_ERROR(examples->Describe(label_column));
  examples->pending_ = examples->columns_.names.empty();
  return examples;
}

absl::Status CsvExamples::Describe(const std::optional<std::string>& label_column) {
  columns_.count = records_.fields().size();
  columns_.first_line = records_.line();
  std::vector<std::string> names;
  for (const std::string_view field : records_.fields()) names.emplace_back(Trim(field));
  bool header = false;
  if (!label_column) {
    header = std::none_of(names.begin(), names.end(), IsNumber);
  } else if (IsIndex(*label_column)) {
    SEEDFED_ASSIGN_OR_RETURN(columns_.label, FindByIndex(file_, *label_column, columns_.count));
    header = !IsNumber(names[*columns_.label]);
  } else {
    SEEDFED_ASSIGN_OR_RETURN(columns_.label, FindByName(file_, *label_column, names));
    header = true;
  }
  if (header) columns_.names = std::move(names);
  if (label_column && columns_.count == 1) {
    return absl::InvalidArgumentError(absl::StrCat(
        file_, " has only one column, expected a label column and at least one feature"));
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> CsvExamples::Next(std::span<float> features, uint32_t& label, float scale) {
  if (!std::exchange(pending_, false)) {
    SEEDFED_ASSIGN_OR_RETURN(const bool more, records_.Next());
    if (!more && !any_) {
      return absl::InvalidArgumentError(absl::StrCat(file_, " has a header but no examples"));
    }
    if (!more) return false;
  }
  any_ = true;
  SEEDFED_RETURN_IF_ERROR(Parse(features, label, scale));
  return true;
}

absl::Status CsvExamples::Parse(std::span<float> features, uint32_t& label, float scale) const {
  const std::span<const std::string_view> fields = records_.fields();
  if (fields.size() != columns_.count) {
    return absl::InvalidArgumentError(
        absl::StrCat(file_, " line ", records_.line(), " has ", fields.size(),
                     " columns, expected ", columns_.count, " as in line ", columns_.first_line));
  }
  size_t next = 0;
  for (size_t column = 0; column < fields.size(); ++column) {
    const std::string_view text = Trim(fields[column]);
    if (column == columns_.label) {
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), label);
      if (error != std::errc() || end != text.data() + text.size()) {
        return Error(column, absl::StrCat("label '", Printable(text),
                                          "' is not a whole number from 0 to ", UINT32_MAX));
      }
      continue;
    }
    double value = 0;
    const auto [end, error] = ParseDouble(text, value);
    if (error == std::errc::invalid_argument || end != text.data() + text.size()) {
      return Error(column, absl::StrCat("'", Printable(text), "' is not a number"));
    }
    if (!std::isfinite(value) && error == std::errc()) {
      return Error(column, absl::StrCat("'", Printable(text), "' is not a finite number"));
    }
    const float feature = static_cast<float>(value);
    if (error != std::errc() || !std::isfinite(feature) || !std::isfinite(feature * scale)) {
      return Error(column,
                   absl::StrCat("'", Printable(text), "' is beyond the range of 32-bit floats"));
    }
    features[next++] = feature;
  }
  return absl::OkStatus();
}

absl::Status CsvExamples::Error(size_t column, const std::string& problem) const {
  const std::string name =
      columns_.names.empty() ? "" : absl::StrCat(" (\"", Printable(columns_.names[column]), "\")");
  return absl::InvalidArgumentError(
      absl::StrCat(file_, " line ", records_.line(), " column ", column + 1, name, ": ", problem));
}

}  // namespace seedfed
