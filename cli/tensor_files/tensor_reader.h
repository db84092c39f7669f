#ifndef SEEDFED_CLI_TENSOR_FILES_TENSOR_READER_H_
#define SEEDFED_CLI_TENSOR_FILES_TENSOR_READER_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "cli/tensor_files/tensor.h"

namespace seedfed {

// Pairs of text that come with a file (the "__metadata__" of safetensors).
using Metadata = std::map<std::string, std::string>;

// The tensors of a file, read one at a time and each from its start to its end, so that memory does
// not grow with the file. Not thread-safe. Every error is a sentence that names the file.
class TensorReader {
 public:
  virtual ~TensorReader() = default;

  // Every tensor passes CheckTensor; names are different.
  virtual const std::vector<TensorInfo>& tensors() const = 0;
  virtual const Metadata& metadata() const = 0;

  // What kind of file it is, for people: "npy", "seeds".
  virtual absl::string_view format() const = 0;

  // Goes to the first value of a tensor. Any order, any number of times.
  virtual absl::Status Select(size_t index) = 0;

  // Fills `out` with the next bytes of the selected tensor's values (row-major, little-endian);
  // never asked for more than there are.
  virtual absl::Status Read(std::span<char> out) = 0;
};

// Another reader, with a report of every read.
class MeteredReader final : public TensorReader {
 public:
  // `on_read` gets the bytes read by this object so far. `inner` must outlive the object.
  MeteredReader(TensorReader& inner, std::function<void(uint64_t)> on_read)
      : inner_(inner), on_read_(std::move(on_read)) {}

  const std::vector<TensorInfo>& tensors() const override { return inner_.tensors(); }
  const Metadata& metadata() const override { return inner_.metadata(); }
  absl::string_view format() const override { return inner_.format(); }
  absl::Status Select(size_t index) override { return inner_.Select(index); }
  absl::Status Read(std::span<char> out) override {
    absl::Status status = inner_.Read(out);
    bytes_ += out.size();
    on_read_(bytes_);
    return status;
  }

 private:
  TensorReader& inner_;
  std::function<void(uint64_t)> on_read_;
  uint64_t bytes_ = 0;
};

// The sum of all tensors' bytes.
inline uint64_t TotalBytes(const std::vector<TensorInfo>& tensors) {
  uint64_t sum = 0;
  for (const TensorInfo& tensor : tensors) sum += tensor.bytes();
  return sum;
}

}  // namespace seedfed

#endif  // SEEDFED_CLI_TENSOR_FILES_TENSOR_READER_H_
