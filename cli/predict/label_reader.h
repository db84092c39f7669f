#ifndef SEEDFED_CLI_PREDICT_LABEL_READER_H_
#define SEEDFED_CLI_PREDICT_LABEL_READER_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace seedfed {

// The labels of a file, in order, some at a time. Not thread-safe.
class LabelReader {
 public:
  virtual ~LabelReader() = default;

  virtual uint64_t count() const = 0;
  virtual const std::string& name() const = 0;

  // Fills `out`; never asked for more than there are. InvalidArgument when a label is no number
  // from 0 to 2^32 - 1, or the file ends early.
  virtual absl::Status Read(std::span<uint32_t> out) = 0;
};

// An IDX file of labels, plain or gzip, or an .npy file of whole numbers, [n] or [n, 1]; null for
// an empty path. InvalidArgument unless there are as many as the `examples` of `examples_name`.
absl::StatusOr<std::unique_ptr<LabelReader>> OpenLabels(const std::string& path,
                                                        const std::string& examples_name,
                                                        uint64_t examples);

}  // namespace seedfed

#endif  // SEEDFED_CLI_PREDICT_LABEL_READER_H_
