#ifndef SEEDFED_COMMON_TLS_FILE_STAMPS_H_
#define SEEDFED_COMMON_TLS_FILE_STAMPS_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace seedfed {

// Tells a file from the one that was there before: device, inode, size, times of its last change
// and of its content's. Zeros: there is none.
using FileStamp = std::array<int64_t, 7>;

// Of `files`, in their order. To be taken before the files are read, so that what changes meanwhile
// is seen at the next look.
std::vector<FileStamp> ReadFileStamps(const std::vector<std::string>& files);

}  // namespace seedfed

#endif  // SEEDFED_COMMON_TLS_FILE_STAMPS_H_
