#ifndef SEEDFED_CLI_TENSOR_FILES_SCRATCH_FILE_H_
#define SEEDFED_CLI_TENSOR_FILES_SCRATCH_FILE_H_

#include <span>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace seedfed {

// A new file in `folder` that has no name, so that it vanishes with the process however that ends.
// The descriptor is the caller's to close. Where the file system has no such files, one with a name
// is made and removed at once.
absl::StatusOr<int> OpenUnnamedFile(const std::string& folder);

// Writes all of `bytes` to the descriptor. ResourceExhausted when the disk is full, Unavailable for
// other errors: "cannot write `what`: ...".
absl::Status WriteAll(int fd, std::span<const char> bytes, absl::string_view what);

}  // namespace seedfed

#endif  // SEEDFED_CLI_TENSOR_FILES_SCRATCH_FILE_H_
