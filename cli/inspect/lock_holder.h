#ifndef SEEDFED_CLI_INSPECT_LOCK_HOLDER_H_
#define SEEDFED_CLI_INSPECT_LOCK_HOLDER_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace seedfed {

// A file as the kernel names it in /proc/locks.
struct FileIdentity {
  uint32_t major = 0;  // of the device
  uint32_t minor = 0;
  uint64_t inode = 0;
};

// The process that holds an exclusive flock(2) on `file` by the text of /proc/locks, if one does.
// Source: proc_locks(5).
std::optional<uint32_t> HolderOf(const FileIdentity& file, absl::string_view locks);

// The process that holds an exclusive flock(2) on the file at `path`, if one of this machine's
// visible ones does. Only looks: taking the lock to try it, even for a moment, could make a server
// that starts just then believe that another one runs.
std::optional<uint32_t> LockHolder(const std::string& path);

}  // namespace seedfed

#endif  // SEEDFED_CLI_INSPECT_LOCK_HOLDER_H_
