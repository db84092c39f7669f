#include "cli/predict/csv_reader.h"

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "client/data/byte_source.h"
#include "client/data/csv_examples.h"
#include "common/base/status.h"

namespace seedfed {
namespace {

class CsvReader final : public ExampleReader {
 public:
  CsvReader(std::unique_ptr<ByteSource> file, std::unique_ptr<CsvExamples> examples)
      : file_(std::move(file)), examples_(std::move(examples)), row_(examples_->features()) {}

  bool labelled() const override { return examples_->labelled(); }
  const std::string& name() const override { return file_->name(); }

  absl::StatusOr<std::optional<Dataset>> Next(size_t most) override {
    std::vector<float> values;
    std::vector<uint32_t> labels;
    while (labels.size() < most && !ended_) {
      uint32_t label = 0;
      SEEDFED_ASSIGN_OR_RETURN(const bool more, examples_->Next(row_, label));
      ended_ = !more;
      if (!more) break;
      values.insert(values.end(), row_.begin(), row_.end());
      labels.push_back(label);
    }
    if (labels.empty()) return std::nullopt;
    return Dataset::FromTable(name(), row_.size(), std::move(values), std::move(labels));
  }

 private:
  std::unique_ptr<ByteSource> file_;
  std::unique_ptr<CsvExamples> examples_;
  std::vector<float> row_;
  bool ended_ = false;
};

}  // namespace

absl::StatusOr<std::unique_ptr<ExampleReader>> OpenCsvExamples(const std::string& path,
                                                               const std::string& label_column) {
  SEEDFED_ASSIGN_OR_RETURN(std::unique_ptr<ByteSource> file, OpenFile(path));
  SEEDFED_ASSIGN_OR_RETURN(
      std::unique_ptr<CsvExamples> examples,
      CsvExamples::Open(*file, label_column.empty() ? std::nullopt : std::optional(label_column)));
  return std::make_unique<CsvReader>(std::move(file), std::move(examples));
}

}  // namespace seedfed
