#ifndef SEEDFED_TESTS_FUZZ_MEMORY_FILE_H_
#define SEEDFED_TESTS_FUZZ_MEMORY_FILE_H_

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>

#include "absl/strings/string_view.h"
#include "common/base/check.h"

namespace seedfed {

// A file in memory that can be opened by its path, for readers that take one. Only its owner may
// read it.
class MemoryFile {
 public:
  explicit MemoryFile(absl::string_view bytes) : fd_(memfd_create("fuzz", MFD_CLOEXEC)) {
    SEEDFED_CHECK(fd_ >= 0);
    SEEDFED_CHECK(fchmod(fd_, S_IRUSR | S_IWUSR) == 0);
    SEEDFED_CHECK(write(fd_, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
  }
  ~MemoryFile() { close(fd_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  std::string path() const { return "/proc/self/fd/" + std::to_string(fd_); }

 private:
  const int fd_;
};

}  // namespace seedfed

#endif  // SEEDFED_TESTS_FUZZ_MEMORY_FILE_H_
