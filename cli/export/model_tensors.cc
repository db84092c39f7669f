#include "cli/export/model_tensors.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "cli/tensor_files/values.h"

namespace seedfed {

ModelTensors::ModelTensors(std::unique_ptr<TensorReader> inner, const Metadata& more,
                           const std::vector<std::string>& numbers)
    : inner_(std::move(inner)), tensors_(inner_->tensors()), metadata_(inner_->metadata()) {
  for (const auto& [key, value] : more) metadata_[key] = value;
  for (const std::string& key : numbers) {
    if (metadata_.count(key) > 0) tensors_.push_back({key, DType::kF64, {}});
  }
}

absl::Status ModelTensors::Select(size_t index) {
  selected_ = index;
  return index < inner_->tensors().size() ? inner_->Select(index) : absl::OkStatus();
}

absl::Status ModelTensors::Read(std::span<char> out) {
  if (selected_ < inner_->tensors().size()) return inner_->Read(out);
  double value = 0;
  // The constructor's caller vouches for numbers.
  (void)absl::SimpleAtod(metadata_.at(tensors_[selected_].name), &value);
  EncodeValues(DType::kF64, {&value, 1}, out);
  return absl::OkStatus();
}

}  // namespace seedfed
