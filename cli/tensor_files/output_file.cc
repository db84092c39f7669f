#include "cli/tensor_files/output_file.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/tensor_files/scratch_file.h"
#include "common/base/status.h"

namespace seedfed {
namespace {

constexpr const char* kStandardOutput = "-";
constexpr size_t kCopyBytes = 1 << 16;

absl::Status Failure(absl::string_view name, int error) {
  const std::string sentence = absl::StrCat("cannot write ", name, ": ", strerror(error));
  if (error == ENOENT || error == ENOTDIR) return absl::NotFoundError(sentence);
  if (error == EACCES || error == EPERM || error == EROFS) {
    return absl::PermissionDeniedError(sentence);
  }
  return error == ENOSPC ? absl::ResourceExhaustedError(sentence)
                         : absl::UnavailableError(sentence);
}

std::string FolderOf(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

// The rights that a file made with open() would get.
mode_t DefaultRights() {
  const mode_t mask = umask(0);
  umask(mask);
  return 0666 & ~mask;
}

}  // namespace

OutputFile::OutputFile(std::string path, std::string temporary, int fd)
    : path_(std::move(path)),
      temporary_(std::move(temporary)),
      name_(path_ == kStandardOutput ? "standard output" : path_),
      fd_(fd) {}

absl::StatusOr<std::unique_ptr<OutputFile>> OutputFile::Create(const std::string& path) {
  if (path == kStandardOutput) {
    const char* folder = getenv("TMPDIR");
    SEEDFED_ASSIGN_OR_RETURN(
        const int fd, OpenUnnamedFile(folder == nullptr || *folder == '\0' ? "/tmp" : folder));
    return std::unique_ptr<OutputFile>(new OutputFile(path, "", fd));
  }
  struct stat status = {};
  if (stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode)) {
    return absl::InvalidArgumentError(
        absl::StrCat("cannot write ", path, ": it is ",
                     S_ISDIR(status.st_mode) ? "a folder" : "not a plain file",
                     "; '-' writes to standard output"));
  }
  std::string temporary;
  int fd = open(FolderOf(path).c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL)) {
    temporary = absl::StrCat(path, ".XXXXXX.part");
    fd = mkostemps(temporary.data(), 5, O_CLOEXEC);
  }
  if (fd < 0) return Failure(path, errno);
  fchmod(fd, DefaultRights());
  return std::unique_ptr<OutputFile>(new OutputFile(path, std::move(temporary), fd));
}

OutputFile::~OutputFile() {
  if (!temporary_.empty()) unlink(temporary_.c_str());
  close(fd_);
}

absl::Status OutputFile::Write(std::span<const char> bytes) { return WriteAt(size_, bytes); }

absl::Status OutputFile::WriteAt(uint64_t offset, std::span<const char> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = pwrite(fd_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written < 0) {
      if (errno == EINTR) continue;
      return Failure(name_, errno);
    }
    offset += static_cast<uint64_t>(written);
    size_ = std::max(size_, offset);
    bytes = bytes.subspan(static_cast<size_t>(written));
  }
  return absl::OkStatus();
}

absl::Status OutputFile::CopyToStandardOutput() const {
  std::vector<char> buffer(kCopyBytes);
  uint64_t offset = 0;
  while (true) {
    const ssize_t got = pread(fd_, buffer.data(), buffer.size(), static_cast<off_t>(offset));
    if (got == 0) return absl::OkStatus();
    if (got < 0) {
      if (errno == EINTR) continue;
      return Failure(name_, errno);
    }
    SEEDFED_RETURN_IF_ERROR(
        WriteAll(STDOUT_FILENO, {buffer.data(), static_cast<size_t>(got)}, name_));
    offset += static_cast<uint64_t>(got);
  }
}

absl::Status OutputFile::Commit() {
  if (path_ == kStandardOutput) return CopyToStandardOutput();
  if (fsync(fd_) != 0) return Failure(name_, errno);
  if (temporary_.empty()) {
    // linkat() does not replace a file, so it needs a name of its own for a moment.
    const std::string unnamed = absl::StrCat("/proc/self/fd/", fd_);
    for (int attempt = 0; temporary_.empty(); ++attempt) {
      const std::string candidate = absl::StrCat(path_, ".", getpid(), "-", attempt, ".part");
      if (linkat(AT_FDCWD, unnamed.c_str(), AT_FDCWD, candidate.c_str(), AT_SYMLINK_FOLLOW) == 0) {
        temporary_ = candidate;
      } else if (errno != EEXIST) {
        return Failure(name_, errno);
      }
    }
  }
  if (rename(temporary_.c_str(), path_.c_str()) != 0) return Failure(name_, errno);
  temporary_.clear();
  return absl::OkStatus();
}

}  // namespace seedfed
