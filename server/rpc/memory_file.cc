#include "server/rpc/memory_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status.h"

namespace seedfed {
namespace {

absl::Status Failed() {
  return absl::UnavailableError(
      absl::StrCat("cannot keep a certificate in memory: ", std::strerror(errno)));
}

}  // namespace

absl::StatusOr<MemoryFile> MemoryFile::Make(absl::string_view bytes) {
  MemoryFile file(memfd_create("seedfed-tls", MFD_CLOEXEC));
  if (file.descriptor_ < 0) return Failed();
  while (!bytes.empty()) {
    const ssize_t written = write(file.descriptor_, bytes.data(), bytes.size());
    if (written < 0) return Failed();
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return file;
}

MemoryFile::~MemoryFile() {
  if (descriptor_ >= 0) close(descriptor_);
}

MemoryFile::MemoryFile(MemoryFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}

std::string MemoryFile::path() const { return absl::StrCat("/proc/self/fd/", descriptor_); }

absl::Status MemoryFile::Replace(absl::string_view bytes) {
  SEEDFED_ASSIGN_OR_RETURN(const MemoryFile file, Make(bytes));
  return dup3(file.descriptor_, descriptor_, O_CLOEXEC) < 0 ? Failed() : absl::OkStatus();
}

}  // namespace seedfed
