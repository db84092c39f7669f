#ifndef SEEDFED_CLI_EXPORT_MODEL_TENSORS_H_
#define SEEDFED_CLI_EXPORT_MODEL_TENSORS_H_

#include <memory>
#include <string>
#include <vector>

#include "cli/tensor_files/tensor_reader.h"

namespace seedfed {

// Another reader's tensors with more metadata, and with the metadata's numbers as tensors too, for
// files that hold tensors only: one F64 number each, named after the pair: "seedfed.round".
class ModelTensors final : public TensorReader {
 public:
  // `numbers` are keys of the metadata whose values are numbers; those that are absent are skipped.
  ModelTensors(std::unique_ptr<TensorReader> inner, const Metadata& more,
               const std::vector<std::string>& numbers);

  const std::vector<TensorInfo>& tensors() const override { return tensors_; }
  const Metadata& metadata() const override { return metadata_; }
  absl::string_view format() const override { return inner_->format(); }
  absl::Status Select(size_t index) override;
  absl::Status Read(std::span<char> out) override;

 private:
  std::unique_ptr<TensorReader> inner_;
  std::vector<TensorInfo> tensors_;  // the inner ones first
  Metadata metadata_;
  size_t selected_ = 0;
};

}  // namespace seedfed

#endif  // SEEDFED_CLI_EXPORT_MODEL_TENSORS_H_
