#include "cli/tensor_files/scratch_file.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"

namespace seedfed {

absl::StatusOr<int> OpenUnnamedFile(const std::string& folder) {
  const int unnamed = open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (unnamed >= 0) return unnamed;
  std::string path = absl::StrCat(folder, "/seedfed-XXXXXX");
  const int named = mkostemp(path.data(), O_CLOEXEC);
  if (named < 0) {
    return absl::UnavailableError(
        absl::StrCat("cannot make a temporary file in ", folder, ": ", strerror(errno)));
  }
  unlink(path.c_str());
  return named;
}

absl::Status WriteAll(int fd, std::span<const char> bytes, absl::string_view what) {
  while (!bytes.empty()) {
    const ssize_t written = write(fd, bytes.data(), bytes.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      const std::string sentence = absl::StrCat("cannot write ", what, ": ", strerror(errno));
      return errno == ENOSPC ? absl::ResourceExhaustedError(sentence)
                             : absl::UnavailableError(sentence);
    }
    bytes = bytes.subspan(static_cast<size_t>(written));
  }
  return absl::OkStatus();
}

}  // namespace seedfed
