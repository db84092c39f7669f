#ifndef SEEDFED_CLI_PREDICT_EXAMPLE_READER_H_
#define SEEDFED_CLI_PREDICT_EXAMPLE_READER_H_

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "client/data/dataset.h"
#include "client/data/idx.h"

namespace seedfed {

// Examples of a file, some at a time, so that memory does not grow with the file. Not thread-safe.
// Every error is a sentence that names the file.
class ExampleReader {
 public:
  virtual ~ExampleReader() = default;

  virtual bool labelled() const = 0;

  // The next examples: `most` (at least 1) of them, fewer only at the end; absent when there are no
  // more. There is at least one in all. Without labels every label is 0.
  virtual absl::StatusOr<std::optional<Dataset>> Next(size_t most) = 0;

  // What is read, for a person.
  virtual const std::string& name() const = 0;
};

// The inputs of a command, one of them given.
struct InputOptions {
  std::string data;  // folder of IDX files
  Split split = Split::kTest;
  std::string images;  // IDX file
  std::string npy;
  std::string labels;  // of images or npy; empty: none
  std::string csv;
  std::string label_column;  // of csv; empty: none
};

// InvalidArgument unless exactly one input is given, and options that go with it.
absl::StatusOr<std::unique_ptr<ExampleReader>> OpenExamples(const InputOptions& options);

}  // namespace seedfed

#endif  // SEEDFED_CLI_PREDICT_EXAMPLE_READER_H_
