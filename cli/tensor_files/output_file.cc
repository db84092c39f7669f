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

absl::Status AlreadyThere(absl::string_view path) {
  return absl::AlreadyExistsError(absl::StrCat(path, " is there already; --force replaces it"));
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

OutputFile::OutputFile(std::string path, IfThere if_there, std::string temporary, int fd)
    : path_(std::move(path)),
      if_there_(if_there),
      temporary_(std::move(temporary)),
      name_(path_ == kStandardOutput ? "standard output" : path_),
      fd_(fd) {}

absl::StatusOr<std::unique_ptr<OutputFile>> OutputFile::Create(const std::string& path,
                                                               IfThere if_there) {
  if (path == kStandardOutput) {
    const char* folder = getenv("TMPDIR");
    SEEDFED_ASSIGN_OR_RETURN(
        const int fd, OpenUnnamedFile(folder == nullptr || *folder == '\0' ? "/tmp" : folder));
    return std::unique_ptr<OutputFile>(new OutputFile(path, if_there, "", fd));
  }
  struct stat status = {};
  const bool there = stat(path.c_str(), &status) == 0;
  if (there && !S_ISREG(status.st_mode)) {
    return absl::InvalidArgumentError(
        absl::StrCat("cannot write ", path, ": it is ",
                     S_ISDIR(status.st_mode) ? "a folder" : "not a plain file",
                     "; '-' writes to standard output"));
  }
  if (there && if_there == IfThere::kRefuse) return AlreadyThere(path);
  std::string temporary;
  int fd = open(FolderOf(path).c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL)) {
    temporary = absl::StrCat(path, ".XXXXXX.part");
    fd = mkostemps(temporary.data(), 5, O_CLOEXEC);
  }
  if (fd < 0) return Failure(path, errno);
  fchmod(fd, DefaultRights());
  return std::unique_ptr<OutputFile>(new OutputFile(path, if_there, std::move(temporary), fd));
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

absl::Status OutputFile::ReadBack(
    const std::function<absl::Status(std::span<const char>)>& part) const {
  std::vector<char> buffer(kCopyBytes);
  uint64_t offset = 0;
  while (true) {
    const ssize_t got = pread(fd_, buffer.data(), buffer.size(), static_cast<off_t>(offset));
    if (got == 0) return absl::OkStatus();
    if (got < 0) {
      if (errno == EINTR) continue;
      return Failure(name_, errno);
    }
    SEEDFED_RETURN_IF_ERROR(part({buffer.data(), static_cast<size_t>(got)}));
    offset += static_cast<uint64_t>(got);
  }
}

absl::Status OutputFile::MakePrivate() {
  return fchmod(fd_, 0600) == 0 ? absl::OkStatus() : Failure(name_, errno);
}

absl::StatusOr<Digest128> OutputFile::Digest() const {
  Blake2b128Hasher hasher;
  SEEDFED_RETURN_IF_ERROR(ReadBack([&hasher](std::span<const char> part) {
    hasher.Update({part.data(), part.size()});
    return absl::OkStatus();
  }));
  return hasher.Finish();
}

// linkat() does not replace a file, so it needs a name of its own for a moment.
absl::Status OutputFile::GiveTemporaryName() {
  const std::string unnamed = absl::StrCat("/proc/self/fd/", fd_);
  for (int attempt = 0; temporary_.empty(); ++attempt) {
    const std::string candidate = absl::StrCat(path_, ".", getpid(), "-", attempt, ".part");
    if (linkat(AT_FDCWD, unnamed.c_str(), AT_FDCWD, candidate.c_str(), AT_SYMLINK_FOLLOW) == 0) {
      temporary_ = candidate;
    } else if (errno != EEXIST) {
      return Failure(name_, errno);
    }
  }
  return absl::OkStatus();
}

absl::Status OutputFile::Commit() {
  if (path_ == kStandardOutput) {
    return ReadBack(
        [this](std::span<const char> part) { return WriteAll(STDOUT_FILENO, part, name_); });
  }
  if (fsync(fd_) != 0) return Failure(name_, errno);
  if (temporary_.empty()) SEEDFED_RETURN_IF_ERROR(GiveTemporaryName());
  if (if_there_ == IfThere::kReplace) {
    if (rename(temporary_.c_str(), path_.c_str()) != 0) return Failure(name_, errno);
    temporary_.clear();
    return absl::OkStatus();
  }
  if (renameat2(AT_FDCWD, temporary_.c_str(), AT_FDCWD, path_.c_str(), RENAME_NOREPLACE) == 0) {
    temporary_.clear();
    return absl::OkStatus();
  }
  // Network file systems may know no rename that refuses; link refuses too, and the first name goes
  // with this object.
  if (errno == EINVAL && link(temporary_.c_str(), path_.c_str()) == 0) return absl::OkStatus();
  return errno == EEXIST ? AlreadyThere(path_) : Failure(name_, errno);
}

}  // namespace seedfed
