#include "cli/tensor_files/input_file.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "cli/tensor_files/scratch_file.h"
#include "common/base/status.h"

namespace seedfed {
namespace {

absl::Status Failure(absl::string_view what, absl::string_view name, int error) {
  const std::string sentence = absl::StrCat("cannot ", what, " ", name, ": ", strerror(error));
  if (error == ENOENT) return absl::NotFoundError(sentence);
  if (error == EACCES || error == EPERM) return absl::PermissionDeniedError(sentence);
  return absl::UnavailableError(sentence);
}

// Copies everything that can be read from `from` to `to`.
absl::Status CopyAll(int from, int to, absl::string_view name) {
  std::array<char, 1 << 16> buffer;
  while (true) {
    const ssize_t got = read(from, buffer.data(), buffer.size());
    if (got == 0) return absl::OkStatus();
    if (got < 0) {
      if (errno == EINTR) continue;
      return Failure("read", name, errno);
    }
    SEEDFED_RETURN_IF_ERROR(
        WriteAll(to, {buffer.data(), static_cast<size_t>(got)}, "a temporary copy of the input"));
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<InputFile>> InputFile::Open(const std::string& path) {
  const bool standard = path == "-";
  std::string name = standard ? "standard input" : path;
  int fd = standard ? dup(STDIN_FILENO) : open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return Failure("open", name, errno);
  struct stat status = {};
  if (fstat(fd, &status) != 0 || S_ISDIR(status.st_mode)) {
    const int error = S_ISDIR(status.st_mode) ? EISDIR : errno;
    close(fd);
    return Failure("read", name, error);
  }
  if (!S_ISREG(status.st_mode)) {
    const char* folder = getenv("TMPDIR");
    const absl::StatusOr<int> copy =
        OpenUnnamedFile(folder == nullptr || *folder == '\0' ? "/tmp" : folder);
    if (!copy.ok()) {
      close(fd);
      return copy.status();
    }
    const absl::Status copied = CopyAll(fd, *copy, name);
    close(fd);
    fd = *copy;
    if (!copied.ok() || fstat(fd, &status) != 0) {
      const int error = errno;
      close(fd);
      return copied.ok() ? Failure("read", name, error) : copied;
    }
  }
  return std::unique_ptr<InputFile>(
      new InputFile(std::move(name), fd, static_cast<uint64_t>(status.st_size)));
}

InputFile::~InputFile() { close(fd_); }

absl::Status InputFile::ReadAt(uint64_t offset, std::span<char> out) const {
  while (!out.empty()) {
    const ssize_t got = pread(fd_, out.data(), out.size(), static_cast<off_t>(offset));
    if (got < 0) {
      if (errno == EINTR) continue;
      return Failure("read", name_, errno);
    }
    if (got == 0) {
      return Bad(absl::StrCat("the file is truncated: it ends after ", offset, " bytes, ",
                              out.size(), " more were expected"));
    }
    offset += static_cast<uint64_t>(got);
    out = out.subspan(static_cast<size_t>(got));
  }
  return absl::OkStatus();
}

absl::Status InputFile::Bad(absl::string_view sentence) const {
  return absl::InvalidArgumentError(absl::StrCat(name_, ": ", sentence));
}

absl::Status InputFile::CheckSize(uint64_t expected) const {
  if (size_ == expected) return absl::OkStatus();
  return Bad(absl::StrCat(
      size_ < expected ? "the file is truncated: it has " : "the file is too long: it has ", size_,
      " bytes; expected ", expected));
}

absl::Status FileByteReader::Read(std::span<char> out) {
  SEEDFED_RETURN_IF_ERROR(file_.ReadAt(offset_, out));
  offset_ += out.size();
  return absl::OkStatus();
}

}  // namespace seedfed
