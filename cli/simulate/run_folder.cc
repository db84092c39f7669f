#include "cli/simulate/run_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "common/base/status.h"

namespace seedfed {
namespace {

namespace fs = std::filesystem;

absl::Status FileError(absl::string_view what, const fs::path& path, absl::string_view reason) {
  return absl::InternalError(absl::StrCat("cannot ", what, " ", path.string(), ": ", reason));
}

absl::Status MakeKeptFolder(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) return FileError("make the folder", path, error.message());
  const bool empty = fs::is_empty(path, error);
  if (error) return FileError("read the folder", path, error.message());
  if (!empty) {
    return absl::InvalidArgumentError(absl::StrCat(
        "--keep ", path.string(), " holds files already, expected a new or an empty folder"));
  }
  return absl::OkStatus();
}

absl::StatusOr<fs::path> MakeFreshFolder(const fs::path& parent) {
  std::string path = (parent / "seedfed-XXXXXX").string();
  if (mkdtemp(path.data()) == nullptr)
    return FileError("make a folder in", parent, strerror(errno));
  return fs::path(path);
}

absl::Status WriteAndSync(int fd, absl::string_view contents) {
  while (!contents.empty()) {
    const ssize_t written = write(fd, contents.data(), contents.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return absl::ErrnoToStatus(errno, "write");
    contents.remove_prefix(static_cast<size_t>(written));
  }
  if (fsync(fd) != 0) return absl::ErrnoToStatus(errno, "fsync");
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<RunFolder> RunFolder::Create(const fs::path& keep, const fs::path& temporary) {
  fs::path path = keep;
  if (keep.empty()) {
    SEEDFED_ASSIGN_OR_RETURN(path, MakeFreshFolder(temporary));
  } else {
    SEEDFED_RETURN_IF_ERROR(MakeKeptFolder(keep));
  }
  std::error_code error;
  path = fs::absolute(path, error);
  if (error) return FileError("find the folder", path, error.message());
  RunFolder folder(path.lexically_normal(), !keep.empty());
  fs::create_directory(folder.logs(), error);
  if (error) return FileError("make the folder", folder.logs(), error.message());
  return folder;
}

void RunFolder::Discard() const {
  if (keep_) return;
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

fs::path RunFolder::Log(absl::string_view process) const {
  return logs() / absl::StrCat(process, ".log");
}

absl::Status WriteFileAtomically(const fs::path& path, absl::string_view contents) {
  std::string temporary = path.string() + ".XXXXXX";
  const int fd = mkostemp(temporary.data(), O_CLOEXEC);
  if (fd < 0) return FileError("write", path, strerror(errno));
  fchmod(fd, 0644);
  const absl::Status written = WriteAndSync(fd, contents);
  close(fd);
  if (!written.ok()) {
    unlink(temporary.c_str());
    return FileError("write", path, std::string(written.message()));
  }
  if (rename(temporary.c_str(), path.c_str()) != 0) {
    const int error = errno;
    unlink(temporary.c_str());
    return FileError("write", path, strerror(error));
  }
  return absl::OkStatus();
}

std::string ReadTail(const fs::path& path, size_t limit) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) return "";
  const std::streamoff size = file.tellg();
  file.seekg(std::max<std::streamoff>(0, size - static_cast<std::streamoff>(limit)));
  return std::string((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
}

}  // namespace seedfed
