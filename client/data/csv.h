#ifndef SEEDFED_CLIENT_DATA_CSV_H_
#define SEEDFED_CLIENT_DATA_CSV_H_

#include <string>

#include "absl/status/statusor.h"
#include "client/data/byte_source.h"
#include "client/data/dataset.h"

namespace seedfed {

// Reads a table of numbers, one example per record (csv_records.h has the syntax): one column is
// the label, a whole number from 0; all others, in their order, are features: finite decimal
// numbers within binary32, written with a point in any locale, spaces around them allowed.
//
// `label_column` made of digits only is an index that counts from 0, anything else a name:
//   name   The first record must be a header that has it exactly once.
//   index  The first record is a header if and only if its field in that column is not a number.
//          (A mistyped feature in the first record is therefore an error, never a skipped example.)
//
// The features are used times `scale`, e.g. 1/255 for pixels. Fails with InvalidArgument and a
// sentence that names file, line and column, which count from 1 as in an editor. Memory beyond the
// data set is bounded by kMaxCsvRecordBytes and the growth of vectors.
absl::StatusOr<Dataset> ReadCsv(ByteSource& source, const std::string& label_column, float scale);

// The same for a plain or gzip file; NotFound when it does not exist.
absl::StatusOr<Dataset> LoadCsv(const std::string& path, const std::string& label_column,
                                float scale = 1.0f);

}  // namespace seedfed

#endif  // SEEDFED_CLIENT_DATA_CSV_H_
