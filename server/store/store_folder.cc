#include "server/store/store_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/status.h"

namespace seedfed {
namespace {

absl::Status Refuse(int error, absl::string_view action, const std::string& path) {
  const std::string sentence =
      absl::StrCat("cannot ", action, " ", path, ": ", std::strerror(error));
  switch (error) {
    case ENOSPC:
    case EDQUOT:
      return absl::ResourceExhaustedError(sentence);
    case EIO:
      return absl::InternalError(sentence);
    default:
      return absl::FailedPreconditionError(sentence);
  }
}

// Makes the entries of a folder durable.
absl::Status FlushFolder(const std::string& path) {
  const int folder = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return Refuse(errno, "open the folder", path);
  const int result = fsync(folder);
  const int error = errno;
  close(folder);
  return result == 0 ? absl::OkStatus() : Refuse(error, "flush the folder", path);
}

absl::Status MakeFolder(const std::string& path) {
  struct stat info;
  if (stat(path.c_str(), &info) == 0) {
    if (S_ISDIR(info.st_mode)) return absl::OkStatus();
    return absl::FailedPreconditionError(absl::StrCat("the store ", path, " is not a folder"));
  }
  if (errno != ENOENT) return Refuse(errno, "look at the store folder", path);
  if (mkdir(path.c_str(), 0700) != 0) return Refuse(errno, "make the store folder", path);
  return FlushFolder(path + "/..");
}

// What the lock file says of its holder: " (process 123)", or nothing.
std::string Holder(int lock) {
  char text[16] = {};
  uint32_t process = 0;
  if (pread(lock, text, sizeof(text) - 1, 0) <= 0 || !absl::SimpleAtoi(text, &process)) return "";
  return absl::StrCat(" (process ", process, ")");
}

}  // namespace

absl::StatusOr<StoreFolder> StoreFolder::Lock(const std::string& path) {
  if (path.empty()) return absl::FailedPreconditionError("the store folder has an empty name");
  SEEDFED_RETURN_IF_ERROR(MakeFolder(path));
  const std::string file = path + "/seedfed.lock";
  const int lock = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock < 0) return Refuse(errno, "open", file);
  StoreFolder folder(path, lock);
  if (flock(lock, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return Refuse(errno, "lock", file);
    return absl::FailedPreconditionError(
        absl::StrCat("the store ", path, " is used by another server", Holder(lock),
                     "; stop that one first, or use another folder"));
  }
  // Only a hint for the sentence above: without space for it the lock holds just as well.
  const std::string process = absl::StrCat(getpid(), "\n");
  if (ftruncate(lock, 0) == 0) (void)!pwrite(lock, process.data(), process.size(), 0);
  return folder;
}

StoreFolder::~StoreFolder() {
  if (lock_ >= 0) close(lock_);
}

StoreFolder::StoreFolder(StoreFolder&& other) noexcept
    : path_(std::move(other.path_)), lock_(std::exchange(other.lock_, -1)) {}

absl::Status StoreFolder::MakeFile(const std::string& name) const {
  const std::string file = FilePath(name);
  const int descriptor = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) return Refuse(errno, "open", file);
  close(descriptor);
  return FlushFolder(path_);
}

}  // namespace seedfed
