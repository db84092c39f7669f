#ifndef SEEDFED_COMMON_TOKEN_TOKEN_FILE_H_
#define SEEDFED_COMMON_TOKEN_TOKEN_FILE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace seedfed {

// A token in a file: one line of 16 to 256 printable ASCII characters without spaces, with
// or without a line end. The file must belong to the user who runs this program and be closed to
// everybody else; one that belongs to root may be readable by its group, because that is how
// systemd and Kubernetes hand out secrets. FailedPrecondition with one sentence that names the file
// and never what is in it.
// `kind` is what the sentence calls it.
absl::StatusOr<std::string> ReadTokenFile(const std::string& path,
                                          absl::string_view kind = "admin token");

}  // namespace seedfed

#endif  // SEEDFED_COMMON_TOKEN_TOKEN_FILE_H_
