#ifndef SEEDFED_CLI_STORE_BACKUP_H_
#define SEEDFED_CLI_STORE_BACKUP_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"

namespace seedfed {

struct Backup {
  std::string file;
  uint64_t bytes = 0;
  uint32_t rounds = 0;  // complete ones in it
};

// Writes the store, named as in FindDatabase, as it is at one moment to a new file (mode 0600):
// `to`, or seedfed.db in it when `to` is a folder or ends with '/' (the folder, mode 0700, is made
// if it is not there). A server may run on the store: it does not wait. The file has its name only
// once it is whole and on disk. AlreadyExists when there is such a file; nothing is overwritten.
absl::StatusOr<Backup> BackUpStore(const std::string& store, const std::string& to);

}  // namespace seedfed

#endif  // SEEDFED_CLI_STORE_BACKUP_H_
