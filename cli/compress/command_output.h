#ifndef SEEDFED_CLI_COMPRESS_COMMAND_OUTPUT_H_
#define SEEDFED_CLI_COMPRESS_COMMAND_OUTPUT_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "cli/tensor_files/output_file.h"

namespace seedfed {

// What the commands on model files have in common.

inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;    // the machine's fault: a full disk
inline constexpr int kBadInput = 2;  // a file or an option that is not as it must be

// Prints "seedfed: SENTENCE" on standard error and returns the exit code for the error.
int Fail(const absl::Status& error);

// Where the text for people and the JSON object of one run go.
class CommandOutput {
 public:
  // `result`: the command's own output, "-" for standard output; empty: none. `json`: a path, "-",
  // or empty for none. InvalidArgument when both are the same. The JSON file can be written when
  // this succeeds.
  static absl::StatusOr<CommandOutput> Create(absl::string_view result, const std::string& json,
                                              bool quiet);

  // The text goes to standard output, or to standard error where that has the result; nowhere when
  // quiet, or when the JSON object goes to standard output.
  absl::Status Write(absl::string_view text, absl::string_view json);

 private:
  bool quiet_ = false;
  bool result_on_stdout_ = false;
  std::unique_ptr<OutputFile> json_;
};

}  // namespace seedfed

#endif  // SEEDFED_CLI_COMPRESS_COMMAND_OUTPUT_H_
