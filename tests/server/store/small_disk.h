#ifndef SEEDFED_TESTS_SERVER_STORE_SMALL_DISK_H_
#define SEEDFED_TESTS_SERVER_STORE_SMALL_DISK_H_

#include <sys/mount.h>

#include <cstddef>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/server/store/records.h"

namespace seedfed {

// A file system in memory of a given size, if this process may mount one. Unmounted at the end of
// the test.
class SmallDisk {
 public:
  explicit SmallDisk(size_t bytes) {
    mounted_ =
        mount("tmpfs", path().c_str(), "tmpfs", 0, absl::StrCat("size=", bytes).c_str()) == 0;
  }
  ~SmallDisk() {
    if (mounted_) umount2(path().c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  bool mounted() const { return mounted_; }
  const std::string& path() const { return folder_.path(); }

  bool Resize(size_t bytes) {
    return mount("tmpfs", path().c_str(), "tmpfs", MS_REMOUNT,
                 absl::StrCat("size=", bytes).c_str()) == 0;
  }
  bool MakeReadOnly() {
    return mount("tmpfs", path().c_str(), "tmpfs", MS_REMOUNT | MS_RDONLY, nullptr) == 0;
  }

 private:
  TempFolder folder_;
  bool mounted_ = false;
};

}  // namespace seedfed

#endif  // SEEDFED_TESTS_SERVER_STORE_SMALL_DISK_H_
