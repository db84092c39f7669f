#include "common/tls/file_stamps.h"

#include <sys/stat.h>

namespace seedfed {

std::vector<FileStamp> ReadFileStamps(const std::vector<std::string>& files) {
  std::vector<FileStamp> stamps;
  for (const std::string& file : files) {
    struct stat info;
    if (stat(file.c_str(), &info) != 0) {
      stamps.push_back({});
      continue;
    }
    stamps.push_back({static_cast<int64_t>(info.st_dev), static_cast<int64_t>(info.st_ino),
                      info.st_size, info.st_mtim.tv_sec, info.st_mtim.tv_nsec, info.st_ctim.tv_sec,
                      info.st_ctim.tv_nsec});
  }
  return stamps;
}

}  // namespace seedfed
