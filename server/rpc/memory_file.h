#ifndef SEEDFED_SERVER_RPC_MEMORY_FILE_H_
#define SEEDFED_SERVER_RPC_MEMORY_FILE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace seedfed {

// Bytes that are on no disk and have a path, which only this process can open.
class MemoryFile {
 public:
  // Unavailable when the system gives none.
  static absl::StatusOr<MemoryFile> Make(absl::string_view bytes);
  ~MemoryFile();
  MemoryFile(MemoryFile&& other) noexcept;
  MemoryFile& operator=(MemoryFile&&) = delete;

  std::string path() const;

  // Whoever opens the path meanwhile gets all of the old bytes or all of the new ones.
  absl::Status Replace(absl::string_view bytes);

 private:
  explicit MemoryFile(int descriptor) : descriptor_(descriptor) {}

  int descriptor_;  // -1: moved from
};

}  // namespace seedfed

#endif  // SEEDFED_SERVER_RPC_MEMORY_FILE_H_
