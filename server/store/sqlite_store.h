#ifndef SEEDFED_SERVER_STORE_SQLITE_STORE_H_
#define SEEDFED_SERVER_STORE_SQLITE_STORE_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "server/store/store.h"

namespace seedfed {

struct SqliteStoreOptions {
  uint32_t keep_update_rounds = 0;  // complete rounds whose updates are kept
};

// Opens or makes the store FOLDER/seedfed.db, a SQLite database in WAL mode that flushes every
// commit, and holds the lock FOLDER/seedfed.lock until it is destroyed or its process ends. Makes
// the folder (mode 0700) when it is not there; its parent must be. FailedPrecondition: not a
// folder, not writable, used by another server, another program's database, or a newer version's.
// DataLoss: damaged; files up to 256 MiB are checked as a whole, in larger ones the history of
// rounds only when it is read.
absl::StatusOr<std::unique_ptr<Store>> OpenSqliteStore(const std::string& folder,
                                                       const SqliteStoreOptions& options);

}  // namespace seedfed

#endif  // SEEDFED_SERVER_STORE_SQLITE_STORE_H_
