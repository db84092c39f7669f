#ifndef SEEDFED_CLIENT_DATA_CSV_H_
#define SEEDFED_CLIENT_DATA_CSV_H_

#include <string>

#include "absl/status/statusor.h"
#include "client/data/byte_source.h"
#include "client/data/dataset.h"

namespace seedfed {

// Reads a table of numbers, one labelled example per record: csv_examples.h has the rules of its
// columns. The features are used times `scale`, e.g. 1/255 for pixels. Fails with InvalidArgument
// and a sentence that names file, line and column. Memory beyond the data set is bounded by
// kMaxCsvRecordBytes and the growth of vectors.
absl::StatusOr<Dataset> ReadCsv(ByteSource& source, const std::string& label_column, float scale);

// The same for a plain or gzip file; NotFound when it does not exist.
absl::StatusOr<Dataset> LoadCsv(const std::string& path, const std::string& label_column,
                                float scale = 1.0f);

}  // namespace seedfed

#endif  // SEEDFED_CLIENT_DATA_CSV_H_
