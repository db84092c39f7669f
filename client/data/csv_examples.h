#ifndef SEEDFED_CLIENT_DATA_CSV_EXAMPLES_H_
#define SEEDFED_CLIENT_DATA_CSV_EXAMPLES_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/data/byte_source.h"
#include "client/data/csv_records.h"

namespace seedfed {

// The examples of a table of numbers, one record (csv_records.h has the syntax) at a time: one
// column may be the label, a whole number from 0; all others, in their order, are features: finite
// decimal numbers within binary32, written with a point in any locale, spaces around them allowed.
// Not thread-safe.
//
// `label_column` made of digits only is an index that counts from 0, anything else a name:
//   name   The first record must be a header that has it exactly once.
//   index  The first record is a header if and only if its field in that column is not a number.
//   none   All columns are features; the first record is a header if and only if none of its
//          fields is a number.
// (A mistyped feature in the first record is therefore an error, never a skipped example.)
//
// Errors are InvalidArgument with a sentence that names file, line and column, which count from 1
// as in an editor.
class CsvExamples {
 public:
  // Reads up to the first example. `source` must outlive this.
  static absl::StatusOr<std::unique_ptr<CsvExamples>> Open(
      ByteSource& source, const std::optional<std::string>& label_column);

  CsvExamples(const CsvExamples&) = delete;
  CsvExamples& operator=(const CsvExamples&) = delete;

  size_t features() const { return columns_.count - (columns_.label.has_value() ? 1 : 0); }
  bool labelled() const { return columns_.label.has_value(); }

  // Writes the next example's features() numbers and, when labelled, its label. False at the end;
  // an error when there was none at all, or when a feature times `scale` is beyond binary32.
  absl::StatusOr<bool> Next(std::span<float> features, uint32_t& label, float scale = 1.0f);

 private:
  // What the columns are; line numbers and names serve error sentences.
  struct Columns {
    size_t count = 0;
    std::optional<size_t> label;
    size_t first_line = 0;
    std::vector<std::string> names;  // empty without a header
  };

  explicit CsvExamples(ByteSource& source) : file_(source.name()), records_(source) {}

  absl::Status Describe(const std::optional<std::string>& label_column);
  absl::Status Parse(std::span<float> features, uint32_t& label, float scale) const;
  absl::Status Error(size_t column, const std::string& problem) const;

  const std::string file_;
  CsvRecords records_;
  Columns columns_;
  bool pending_ = false;  // the current record is an example that Next has not given yet
  bool any_ = false;
};

}  // namespace seedfed

#endif  // SEEDFED_CLIENT_DATA_CSV_EXAMPLES_H_
