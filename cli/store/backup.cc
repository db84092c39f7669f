#include "cli/store/backup.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "cli/store/database.h"
#include "common/base/status.h"
#include "server/store/sqlite_open.h"

namespace seedfed {
namespace {

namespace fs = std::filesystem;

absl::Status SystemError(absl::string_view action, const std::string& path) {
  return absl::FailedPreconditionError(
      absl::StrCat("cannot ", action, " ", path, ": ", std::strerror(errno)));
}

absl::Status Exists(const std::string& path) {
  return absl::AlreadyExistsError(
      absl::StrCat(path, " is there already; a back-up overwrites nothing"));
}

// The file that `to` means, in a folder that is there.
absl::StatusOr<std::string> Target(const std::string& to) {
  std::error_code error;
  std::string file = to;
  if (to.ends_with('/') || fs::is_directory(to, error)) {
    if (mkdir(to.c_str(), 0700) != 0 && errno != EEXIST) return SystemError("make the folder", to);
    file = (fs::path(to) / "seedfed.db").string();
  }
  // A write-ahead log that lies next to it would be taken for the back-up's own.
  for (const char* ending : {"", "-wal", "-journal"}) {
    if (fs::exists(file + ending, error)) return Exists(file + ending);
  }
  return file;
}

// Flushes a file's bytes or a folder's entries to disk.
absl::Status Flush(const std::string& path) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return SystemError("open", path);
  const absl::Cleanup close_it = [descriptor] { close(descriptor); };
  return fsync(descriptor) == 0 ? absl::OkStatus() : SystemError("flush", path);
}

absl::Status MoveToNewName(const std::string& from, const std::string& to) {
  if (renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) {
    return absl::OkStatus();
  }
  // Network file systems may know no rename that refuses; link refuses too.
  if (errno == EINVAL && link(from.c_str(), to.c_str()) == 0) return absl::OkStatus();
  return errno == EEXIST ? Exists(to) : SystemError("make", to);
}

absl::Status CopyDatabase(const std::string& database, const std::string& copy) {
  SEEDFED_ASSIGN_OR_RETURN(std::unique_ptr<SqliteConnection> connection,
                           OpenStoreDatabaseForReading(database));
  SEEDFED_ASSIGN_OR_RETURN(SqliteStatement statement, connection->Prepare("VACUUM INTO ?"));
  return statement.Bind(copy).Run();
}

}  // namespace

absl::StatusOr<Backup> BackUpStore(const std::string& store, const std::string& to) {
  SEEDFED_ASSIGN_OR_RETURN(const std::string database, FindDatabase(store));
  Backup backup;
  SEEDFED_ASSIGN_OR_RETURN(backup.file, Target(to));
  const std::string part = absl::StrCat(backup.file, ".", getpid(), ".part");
  const int made = open(part.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (made < 0) return SystemError("make", part);
  close(made);
  const absl::Cleanup remove_part = [&part] { unlink(part.c_str()); };
  SEEDFED_RETURN_IF_ERROR(CopyDatabase(database, part));
  {
    SEEDFED_ASSIGN_OR_RETURN(std::unique_ptr<SqliteConnection> copy,
                             OpenStoreDatabaseForReading(part));
    SEEDFED_ASSIGN_OR_RETURN(const int64_t rounds,
                             copy->QueryInteger("SELECT max(round) FROM rounds"));
    backup.rounds = static_cast<uint32_t>(rounds);
  }
  std::error_code error;
  backup.bytes = fs::file_size(part, error);
  SEEDFED_RETURN_IF_ERROR(Flush(part));
  SEEDFED_RETURN_IF_ERROR(MoveToNewName(part, backup.file));
  const std::string folder = fs::path(backup.file).parent_path().string();
  SEEDFED_RETURN_IF_ERROR(Flush(folder.empty() ? "." : folder));
  return backup;
}

}  // namespace seedfed
