#include "server/store/sqlite_open.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status.h"

namespace seedfed {
namespace {

constexpr int64_t kApplicationId = 0x53454544;  // "SEED"
constexpr int64_t kSchemaVersion = 3;

// Above this the check at opening leaves out the history of rounds, which is read, and checked, in
// parts.
constexpr int64_t kCheckedWholeBytes = int64_t{256} << 20;

// A page takes four updates of 4 kB. The log is copied into the database when it has 3,072 pages,
// 48 MB: pages that are written again before that, as those of one round after the other are, are
// copied once. The limit is the size to which a grown log file is cut again, bytes.
constexpr char kPragmas[] = R"(
  PRAGMA page_size = 16384;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA wal_autocheckpoint = 3072;
  PRAGMA journal_size_limit = 67108864;
)";

// Checksums are Checksum128 of the bytes next to them: SQLite itself does not notice a changed byte
// in a blob.
constexpr char kTables[] = R"(
  CREATE TABLE federation (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    id BLOB NOT NULL,
    key BLOB NOT NULL,
    spec BLOB NOT NULL
  ) STRICT;
  CREATE TABLE clients (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    evaluator INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE updates (
    round INTEGER NOT NULL,
    client INTEGER NOT NULL,
    examples INTEGER NOT NULL,
    loss REAL NOT NULL,
    request_bytes INTEGER NOT NULL,
    checksum BLOB NOT NULL,
    words BLOB NOT NULL,
    UNIQUE (round, client)
  ) STRICT;
  CREATE TABLE rounds (
    round INTEGER PRIMARY KEY,
    fingerprint BLOB NOT NULL,
    base_checksum BLOB NOT NULL,
    updates INTEGER NOT NULL,
    examples INTEGER NOT NULL,
    training_loss REAL NOT NULL,
    bytes_up INTEGER NOT NULL,
    duration_ms INTEGER NOT NULL,
    checksum BLOB NOT NULL,
    words BLOB NOT NULL
  ) STRICT;
  CREATE TABLE snapshots (
    round INTEGER PRIMARY KEY,
    checksum BLOB NOT NULL,
    bytes BLOB NOT NULL
  ) STRICT;
  CREATE TABLE evaluations (
    round INTEGER NOT NULL,
    client INTEGER NOT NULL,
    accuracy REAL NOT NULL,
    loss REAL NOT NULL,
    examples INTEGER NOT NULL,
    UNIQUE (round, client)
  ) STRICT;
  CREATE TABLE control (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    held INTEGER NOT NULL,
    finished INTEGER NOT NULL
  ) STRICT;
)";

// Whether it is a database that nothing was written to.
absl::StatusOr<bool> IsEmpty(SqliteConnection& connection) {
  for (const char* sql :
       {"PRAGMA application_id", "PRAGMA user_version", "SELECT count(*) FROM sqlite_schema"}) {
    SEEDFED_ASSIGN_OR_RETURN(const int64_t value, connection.QueryInteger(sql));
    if (value != 0) return false;
  }
  return true;
}

absl::Status CheckFormat(SqliteConnection& connection) {
  SEEDFED_ASSIGN_OR_RETURN(const int64_t application,
                           connection.QueryInteger("PRAGMA application_id"));
  SEEDFED_ASSIGN_OR_RETURN(const int64_t version, connection.QueryInteger("PRAGMA user_version"));
  if (application != kApplicationId) {
    return absl::FailedPreconditionError(absl::StrCat(
        connection.path(), " is another program's database; use another store folder"));
  }
  if (version != kSchemaVersion) {
    return absl::FailedPreconditionError(
        absl::StrCat(connection.path(), " has format ", version, ", and this program knows format ",
                     kSchemaVersion, "; it was written by another version"));
  }
  return absl::OkStatus();
}

// Makes the tables and marks the database with the format: both or nothing.
absl::Status MakeTables(SqliteConnection& connection) {
  SEEDFED_RETURN_IF_ERROR(connection.Execute("BEGIN IMMEDIATE"));
  absl::Status status =
      connection.Execute(absl::StrCat(kTables, "PRAGMA application_id = ", kApplicationId,
                                      "; PRAGMA user_version = ", kSchemaVersion, "; COMMIT"));
  if (!status.ok()) connection.Execute("ROLLBACK").IgnoreError();
  return status;
}

// `what`: a table, or 1 for all of them.
absl::Status CheckPart(SqliteConnection& connection, absl::string_view what) {
  SEEDFED_ASSIGN_OR_RETURN(const std::string verdict,
                           connection.QueryText(absl::StrCat("PRAGMA quick_check(", what, ")")));
  if (verdict == "ok") return absl::OkStatus();
  return absl::DataLossError(absl::StrCat(connection.path(), " is damaged: ", verdict));
}

absl::Status CheckIntegrity(SqliteConnection& connection) {
  SEEDFED_ASSIGN_OR_RETURN(const int64_t pages, connection.QueryInteger("PRAGMA page_count"));
  SEEDFED_ASSIGN_OR_RETURN(const int64_t page_bytes, connection.QueryInteger("PRAGMA page_size"));
  if (pages * page_bytes <= kCheckedWholeBytes) return CheckPart(connection, "1");
  for (const char* table :
       {"federation", "clients", "updates", "snapshots", "evaluations", "control"}) {
    SEEDFED_RETURN_IF_ERROR(CheckPart(connection, table));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<SqliteConnection>> OpenStoreDatabase(const std::string& path) {
  SEEDFED_ASSIGN_OR_RETURN(std::unique_ptr<SqliteConnection> connection,
                           SqliteConnection::Open(path, SqliteConnection::Access::kWrite));
  SEEDFED_ASSIGN_OR_RETURN(const bool empty, IsEmpty(*connection));
  if (!empty) SEEDFED_RETURN_IF_ERROR(CheckFormat(*connection));
  SEEDFED_RETURN_IF_ERROR(connection->Execute(kPragmas));
  SEEDFED_ASSIGN_OR_RETURN(const std::string journal, connection->QueryText("PRAGMA journal_mode"));
  if (journal != "wal") {
    return absl::FailedPreconditionError(absl::StrCat(
        "the file system of ", path, " cannot hold a SQLite write-ahead log; use a local disk"));
  }
  if (empty) {
    SEEDFED_RETURN_IF_ERROR(MakeTables(*connection));
  } else {
    SEEDFED_RETURN_IF_ERROR(CheckIntegrity(*connection));
  }
  return connection;
}

absl::StatusOr<std::unique_ptr<SqliteConnection>> OpenStoreDatabaseForReading(
    const std::string& path) {
  SEEDFED_ASSIGN_OR_RETURN(std::unique_ptr<SqliteConnection> connection,
                           SqliteConnection::Open(path, SqliteConnection::Access::kRead));
  SEEDFED_RETURN_IF_ERROR(CheckFormat(*connection));
  return connection;
}

}  // namespace seedfed
