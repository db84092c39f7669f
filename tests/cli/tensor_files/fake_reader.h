#ifndef SEEDFED_TESTS_CLI_TENSOR_FILES_FAKE_READER_H_
#define SEEDFED_TESTS_CLI_TENSOR_FILES_FAKE_READER_H_

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "cli/tensor_files/tensor_reader.h"
#include "cli/tensor_files/values.h"

namespace seedfed {

// Tensors in memory.
class FakeReader final : public TensorReader {
 public:
  void Add(TensorInfo info, const std::vector<double>& values) {
    std::string bytes(values.size() * DTypeBytes(info.dtype), '\0');
    EncodeValues(info.dtype, values, bytes);
    tensors_.push_back(std::move(info));
    bytes_.push_back(std::move(bytes));
  }
  void set_metadata(Metadata metadata) { metadata_ = std::move(metadata); }

  // Reading stops with this error after so many bytes in all.
  void FailAfter(size_t bytes, absl::Status error) {
    fail_after_ = bytes;
    error_ = std::move(error);
  }

  const std::vector<TensorInfo>& tensors() const override { return tensors_; }
  const Metadata& metadata() const override { return metadata_; }
  absl::string_view format() const override { return "fake"; }
  absl::Status Select(size_t index) override {
    index_ = index;
    next_ = 0;
    return absl::OkStatus();
  }
  absl::Status Read(std::span<char> out) override {
    if (!error_.ok() && out.size() > fail_after_) return error_;
    fail_after_ -= std::min(fail_after_, out.size());
    std::copy_n(bytes_[index_].data() + next_, out.size(), out.data());
    next_ += out.size();
    return absl::OkStatus();
  }

 private:
  std::vector<TensorInfo> tensors_;
  std::vector<std::string> bytes_;
  Metadata metadata_;
  size_t index_ = 0;
  size_t next_ = 0;
  size_t fail_after_ = 0;
  absl::Status error_;
};

// All values of a tensor, read in parts of at most `part` values.
inline absl::StatusOr<std::vector<double>> ReadValues(TensorReader& reader, size_t index,
                                                      size_t part = 7) {
  const TensorInfo& info = reader.tensors()[index];
  if (absl::Status selected = reader.Select(index); !selected.ok()) return selected;
  std::vector<double> values(info.elements());
  for (size_t done = 0; done < values.size(); done += part) {
    const auto out = std::span(values).subspan(done, std::min(part, values.size() - done));
    std::string bytes(out.size() * DTypeBytes(info.dtype), '\0');
    if (absl::Status read = reader.Read(bytes); !read.ok()) return read;
    DecodeValues(info.dtype, bytes, out);
  }
  return values;
}

}  // namespace seedfed

#endif  // SEEDFED_TESTS_CLI_TENSOR_FILES_FAKE_READER_H_
