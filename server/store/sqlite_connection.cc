#include "server/store/sqlite_connection.h"

#include <sqlite3.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status.h"

namespace seedfed {
namespace {

// Another process, such as the sqlite3 shell, may hold the file for a moment.
constexpr int kBusyMilliseconds = 5000;

}  // namespace

SqliteStatement::~SqliteStatement() { sqlite3_finalize(statement_); }

SqliteStatement::SqliteStatement(SqliteStatement&& other) noexcept
    : connection_(other.connection_),
      statement_(std::exchange(other.statement_, nullptr)),
      bind_code_(other.bind_code_) {}

void SqliteStatement::BindOne(int index, int64_t value) {
  const int code = sqlite3_bind_int64(statement_, index, value);
  if (bind_code_ == SQLITE_OK) bind_code_ = code;
}

void SqliteStatement::BindOne(int index, double value) {
  const int code = sqlite3_bind_double(statement_, index, value);
  if (bind_code_ == SQLITE_OK) bind_code_ = code;
}

void SqliteStatement::BindOne(int index, const std::string& value) {
  const int code = sqlite3_bind_text64(statement_, index, value.data(), value.size(), SQLITE_STATIC,
                                       SQLITE_UTF8);
  if (bind_code_ == SQLITE_OK) bind_code_ = code;
}

void SqliteStatement::BindOne(int index, const Blob& value) {
  // A null pointer would bind NULL instead of no bytes.
  const char* data = value.bytes.empty() ? "" : value.bytes.data();
  const int code = sqlite3_bind_blob64(statement_, index, data, value.bytes.size(), SQLITE_STATIC);
  if (bind_code_ == SQLITE_OK) bind_code_ = code;
}

absl::StatusOr<bool> SqliteStatement::Next() {
  const int code = bind_code_ == SQLITE_OK ? sqlite3_step(statement_) : bind_code_;
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) {
    Reset();
    return false;
  }
  const absl::Status status = connection_->Error(code);
  Reset();
  return status;
}

absl::Status SqliteStatement::Run() {
  const absl::StatusOr<bool> row = Next();
  Reset();
  return row.status();
}

void SqliteStatement::Reset() {
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
  bind_code_ = SQLITE_OK;
}

int64_t SqliteStatement::Integer(int column) const {
  return sqlite3_column_int64(statement_, column);
}

double SqliteStatement::Real(int column) const { return sqlite3_column_double(statement_, column); }

std::string SqliteStatement::Bytes(int column) const {
  const void* data = sqlite3_column_blob(statement_, column);
  const int size = sqlite3_column_bytes(statement_, column);
  return data == nullptr ? std::string()
                         : std::string(static_cast<const char*>(data), static_cast<size_t>(size));
}

absl::Status SqliteStatement::CopyBytes(int column, uint8_t* out, size_t size) const {
  const void* data = sqlite3_column_blob(statement_, column);
  const auto stored = static_cast<size_t>(sqlite3_column_bytes(statement_, column));
  if (stored != size) {
    return absl::DataLossError(
        absl::StrCat(connection_->path(), " is damaged: ", sqlite3_column_name(statement_, column),
                     " has ", stored, " bytes; expected ", size));
  }
  std::memcpy(out, data, size);
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<SqliteConnection>> SqliteConnection::Open(const std::string& path,
                                                                         Access access) {
  sqlite3* database = nullptr;
  const int flags = SQLITE_OPEN_NOMUTEX |
                    (access == Access::kWrite ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY);
  const int code = sqlite3_open_v2(path.c_str(), &database, flags, nullptr);
  if (database == nullptr) return absl::InternalError(absl::StrCat("no memory to open ", path));
  auto connection = std::unique_ptr<SqliteConnection>(new SqliteConnection(path, database));
  sqlite3_extended_result_codes(database, 1);
  if (code != SQLITE_OK) return connection->Error(code);
  sqlite3_busy_timeout(database, kBusyMilliseconds);
  // SQLite opens what it cannot write for reading, and says so here only.
  if (access == Access::kWrite && sqlite3_db_readonly(database, "main") == 1) {
    return absl::FailedPreconditionError(absl::StrCat(path, " cannot be written: it is read-only"));
  }
  return connection;
}

SqliteConnection::~SqliteConnection() { sqlite3_close_v2(database_); }

absl::Status SqliteConnection::Execute(const std::string& sql) {
  const int code = sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, nullptr);
  return code == SQLITE_OK ? absl::OkStatus() : Error(code);
}

absl::StatusOr<int64_t> SqliteConnection::QueryInteger(const std::string& sql) {
  SEEDFED_ASSIGN_OR_RETURN(SqliteStatement statement, Prepare(sql));
  SEEDFED_ASSIGN_OR_RETURN(const bool row, statement.Next());
  return row ? statement.Integer(0) : 0;
}

absl::StatusOr<std::string> SqliteConnection::QueryText(const std::string& sql) {
  SEEDFED_ASSIGN_OR_RETURN(SqliteStatement statement, Prepare(sql));
  SEEDFED_ASSIGN_OR_RETURN(const bool row, statement.Next());
  return row ? statement.Bytes(0) : std::string();
}

absl::StatusOr<SqliteStatement> SqliteConnection::Prepare(const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(database_, sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK) return Error(code);
  return SqliteStatement(*this, statement);
}

absl::Status SqliteConnection::Error(int code) const {
  const int system_error = sqlite3_system_errno(database_);
  const bool no_space = system_error == ENOSPC || system_error == EDQUOT;
  const char* message = sqlite3_errmsg(database_);
  switch (code & 0xff) {
    case SQLITE_CONSTRAINT:
      return absl::AlreadyExistsError(absl::StrCat(path_, " refuses a record: ", message));
    case SQLITE_NOTADB:
      return absl::DataLossError(
          absl::StrCat(path_, " is not a SQLite database, or its start is damaged"));
    case SQLITE_CORRUPT:
      return absl::DataLossError(absl::StrCat(path_, " is damaged: ", message));
    case SQLITE_FULL:
      return absl::ResourceExhaustedError(absl::StrCat("no space left on the disk of ", path_));
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return absl::FailedPreconditionError(absl::StrCat(
          path_, " is locked by another program, such as the sqlite3 shell: ", message));
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return absl::FailedPreconditionError(absl::StrCat(path_, " cannot be written: ", message));
    case SQLITE_TOOBIG:
      return absl::InvalidArgumentError(
          absl::StrCat("a record is too big for ", path_, ", which takes 1000000000 bytes"));
    default:
      break;
  }
  if (no_space)
    return absl::ResourceExhaustedError(absl::StrCat("no space left on the disk of ", path_));
  return absl::InternalError(absl::StrCat("reading or writing ", path_, " failed: ", message,
                                          system_error == 0 ? "" : ": ",
                                          system_error == 0 ? "" : std::strerror(system_error)));
}

}  // namespace seedfed
