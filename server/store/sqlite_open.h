#ifndef SEEDFED_SERVER_STORE_SQLITE_OPEN_H_
#define SEEDFED_SERVER_STORE_SQLITE_OPEN_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "server/store/sqlite_connection.h"

namespace seedfed {

// The store's connection for writing, with its pragmas set and its tables there: an empty file gets
// them. Errors as OpenSqliteStore.
absl::StatusOr<std::unique_ptr<SqliteConnection>> OpenStoreDatabase(const std::string& path);

// A store's database for reading only, for a program that looks at it while a server may be
// running: the store's lock is not taken, nothing is written to the database, and the server's
// commits do not wait. Without a server SQLite may leave its -wal and -shm files in the folder.
// FailedPrecondition: another program's database, or another version's.
absl::StatusOr<std::unique_ptr<SqliteConnection>> OpenStoreDatabaseForReading(
    const std::string& path);

}  // namespace seedfed

#endif  // SEEDFED_SERVER_STORE_SQLITE_OPEN_H_
