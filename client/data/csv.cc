#include "client/data/csv.h"

#include <memory>
#include <utility>
#include <vector>

#include "client/data/csv_examples.h"
#include "common/base/status.h"

namespace seedfed {

absl::StatusOr<Dataset> ReadCsv(ByteSource& source, const std::string& label_column, float scale) {
  SEEDFED_ASSIGN_OR_RETURN(const std::unique_ptr<CsvExamples> examples,
                           CsvExamples::Open(source, label_column));
  std::vector<float> values, row(examples->features());
  std::vector<uint32_t> labels;
  uint32_t label = 0;
  while (true) {
    SEEDFED_ASSIGN_OR_RETURN(const bool more, examples->Next(row, label, scale));
    if (!more) break;
    values.insert(values.end(), row.begin(), row.end());
    labels.push_back(label);
  }
  return Dataset::FromTable(source.name(), examples->features(), std::move(values),
                            std::move(labels), scale);
}

absl::StatusOr<Dataset> LoadCsv(const std::string& path, const std::string& label_column,
                                float scale) {
  SEEDFED_ASSIGN_OR_RETURN(std::unique_ptr<ByteSource> file, OpenFile(path));
  return ReadCsv(*file, label_column, scale);
}

}  // namespace seedfed
