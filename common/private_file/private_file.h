#ifndef SEEDFED_COMMON_PRIVATE_FILE_PRIVATE_FILE_H_
#define SEEDFED_COMMON_PRIVATE_FILE_PRIVATE_FILE_H_

#include <sys/stat.h>

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace seedfed {

// What a file must be for a program to use it: the rules of all keys, tokens and their like.
enum class FileRule {
  kAny,      // a plain file
  kTrusted,  // and of the user who runs this program, or root; nobody else may write to it
  // And nobody else may read it, as ssh wants it of its keys; one of root's may be readable by its
  // group, because that is how systemd and Kubernetes hand out secrets.
  kSecret,
};

struct PrivateFile {
  std::string text;
  struct stat info {};
};

// Reads the first `most_bytes` bytes of a file. FailedPrecondition with a sentence that begins with
// "the `kind` file `path`" when it cannot be read or is not as the rule says.
absl::StatusOr<PrivateFile> ReadPrivateFile(absl::string_view kind, const std::string& path,
                                            FileRule rule, size_t most_bytes);

}  // namespace seedfed

#endif  // SEEDFED_COMMON_PRIVATE_FILE_PRIVATE_FILE_H_
