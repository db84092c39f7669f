#ifndef SEEDFED_SERVER_STORE_SQLITE_CONNECTION_H_
#define SEEDFED_SERVER_STORE_SQLITE_CONNECTION_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

struct sqlite3;
struct sqlite3_stmt;

namespace seedfed {

class SqliteConnection;

// Bytes as a parameter of a statement; without this a string is text.
struct Blob {
  absl::string_view bytes;
};

// A prepared statement. One execution is Bind, then Next until it gives false, or Reset. Must not
// outlive its connection.
class SqliteStatement {
 public:
  ~SqliteStatement();
  SqliteStatement(SqliteStatement&& other) noexcept;
  SqliteStatement& operator=(SqliteStatement&&) = delete;

  // Parameters, from the first. Strings and blobs must live until the execution ends. What does not
  // fit a column (more than 10^9 bytes) is reported by Next.
  template <typename... T>
  SqliteStatement& Bind(const T&... values) {
    Reset();
    int index = 0;
    (BindOne(++index, values), ...);
    return *this;
  }

  // Goes to the next row. False: there is none, and the statement can be bound again, as after an
  // error.
  absl::StatusOr<bool> Next();

  // For a statement without rows.
  absl::Status Run();

  // Ends an execution before its last row.
  void Reset();

  // Columns of the row, from 0.
  int64_t Integer(int column) const;
  double Real(int column) const;
  std::string Bytes(int column) const;  // of text and blobs

  // The column's bytes, which must be N: DataLoss otherwise.
  template <size_t N>
  absl::StatusOr<std::array<uint8_t, N>> Array(int column) const {
    std::array<uint8_t, N> out;
    if (absl::Status status = CopyBytes(column, out.data(), N); !status.ok()) return status;
    return out;
  }

 private:
  friend class SqliteConnection;
  SqliteStatement(SqliteConnection& connection, sqlite3_stmt* statement)
      : connection_(&connection), statement_(statement) {}

  void BindOne(int index, int64_t value);
  void BindOne(int index, uint32_t value) { BindOne(index, static_cast<int64_t>(value)); }
  void BindOne(int index, uint64_t value) { BindOne(index, static_cast<int64_t>(value)); }
  void BindOne(int index, bool value) { BindOne(index, static_cast<int64_t>(value)); }
  void BindOne(int index, double value);
  void BindOne(int index, const std::string& value);
  void BindOne(int index, const Blob& value);
  absl::Status CopyBytes(int column, uint8_t* out, size_t size) const;

  SqliteConnection* connection_;
  sqlite3_stmt* statement_;  // null: moved away
  int bind_code_ = 0;        // the first error of Bind, a SQLite result code
};

// A connection to a database file. Not thread-safe.
class SqliteConnection {
 public:
  enum class Access { kRead, kWrite };

  // The file must be there (an empty one is an empty database). FailedPrecondition when it cannot
  // be written.
  static absl::StatusOr<std::unique_ptr<SqliteConnection>> Open(const std::string& path,
                                                                Access access);

  ~SqliteConnection();
  SqliteConnection(const SqliteConnection&) = delete;
  SqliteConnection& operator=(const SqliteConnection&) = delete;

  const std::string& path() const { return path_; }

  // One or more statements without parameters; rows are dropped.
  absl::Status Execute(const std::string& sql);

  // One integer, as from a pragma.
  absl::StatusOr<int64_t> QueryInteger(const std::string& sql);

  // One text, as from a pragma.
  absl::StatusOr<std::string> QueryText(const std::string& sql);

  absl::StatusOr<SqliteStatement> Prepare(const std::string& sql);

  // The Status of a SQLite result code, with the connection's last message: AlreadyExists for a
  // broken constraint, DataLoss for a damaged file, ResourceExhausted for a full disk,
  // FailedPrecondition for a file that another program has locked or that cannot be written,
  // InvalidArgument for a value that is too big, Internal for the rest.
  absl::Status Error(int code) const;

 private:
  SqliteConnection(std::string path, sqlite3* database)
      : path_(std::move(path)), database_(database) {}

  const std::string path_;
  sqlite3* const database_;
};

}  // namespace seedfed

#endif  // SEEDFED_SERVER_STORE_SQLITE_CONNECTION_H_
