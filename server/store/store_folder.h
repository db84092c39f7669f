#ifndef SEEDFED_SERVER_STORE_STORE_FOLDER_H_
#define SEEDFED_SERVER_STORE_STORE_FOLDER_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace seedfed {

// A store's folder, locked against other servers. The lock is flock(2) on FOLDER/seedfed.lock,
// which the kernel drops when the process ends in any way; the file stays, and names the process
// that locked it last. Movable.
class StoreFolder {
 public:
  // Makes the folder (mode 0700) if it is not there. FailedPrecondition: not a folder, its parent
  // is not there, not writable, or locked by another server.
  static absl::StatusOr<StoreFolder> Lock(const std::string& path);

  ~StoreFolder();
  StoreFolder(StoreFolder&& other) noexcept;
  StoreFolder& operator=(StoreFolder&&) = delete;

  // Makes a file that others cannot read (mode 0600) if it is not there, and flushes the folder's
  // entry of it to disk.
  absl::Status MakeFile(const std::string& name) const;

  std::string FilePath(const std::string& name) const { return path_ + "/" + name; }

 private:
  StoreFolder(std::string path, int lock) : path_(std::move(path)), lock_(lock) {}

  std::string path_;
  int lock_;  // file descriptor; -1: moved away
};

}  // namespace seedfed

#endif  // SEEDFED_SERVER_STORE_STORE_FOLDER_H_
