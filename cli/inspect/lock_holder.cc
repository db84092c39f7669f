#include "cli/inspect/lock_holder.h"

#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"

namespace seedfed {

std::optional<uint32_t> HolderOf(const FileIdentity& file, absl::string_view locks) {
  const std::string identity = absl::StrFormat("%02x:%02x:%d", file.major, file.minor, file.inode);
  for (const absl::string_view line : absl::StrSplit(locks, '\n', absl::SkipEmpty())) {
    // number: FLOCK ADVISORY WRITE process device:inode start end
    const std::vector<absl::string_view> fields = absl::StrSplit(line, ' ', absl::SkipEmpty());
    uint32_t process = 0;
    if (fields.size() >= 6 && fields[1] == "FLOCK" && fields[3] == "WRITE" &&
        fields[5] == identity && absl::SimpleAtoi(fields[4], &process)) {
      return process;
    }
  }
  return std::nullopt;
}

std::optional<uint32_t> LockHolder(const std::string& path) {
  struct stat info;
  if (stat(path.c_str(), &info) != 0) return std::nullopt;
  std::ifstream file("/proc/locks");
  const std::string locks((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  return HolderOf({major(info.st_dev), minor(info.st_dev), info.st_ino}, locks);
}

}  // namespace seedfed
