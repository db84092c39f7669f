#include "common/token/token_file.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "common/base/status.h"

namespace seedfed {
namespace {

constexpr size_t kFewest = 16;
constexpr size_t kMost = 256;

absl::Status Refuse(const std::string& name, absl::string_view why) {
  return absl::FailedPreconditionError(absl::StrCat("the ", name, " ", why));
}

absl::Status CheckOwner(const std::string& name, const struct stat& info) {
  if (!S_ISREG(info.st_mode)) return Refuse(name, "is not a file");
  if (info.st_uid != geteuid() && info.st_uid != 0) {
    return Refuse(name, absl::StrCat("belongs to user ", info.st_uid, "; expected user ", geteuid(),
                                     ", who runs this program"));
  }
  const mode_t closed = info.st_uid == geteuid() ? 077 : 027;
  if ((info.st_mode & closed) != 0) {
    return Refuse(name, absl::StrFormat("is open to others (mode %04o); expected mode 0600",
                                        info.st_mode & 07777));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> ReadTokenFile(const std::string& path, absl::string_view kind) {
  const std::string name = absl::StrCat(kind, " file ", path);
  // Without O_NONBLOCK a named pipe would hold the program up.
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) return Refuse(name, absl::StrCat("cannot be opened: ", std::strerror(errno)));
  const absl::Cleanup closing = [file] { close(file); };
  struct stat info;
  if (fstat(file, &info) != 0) {
    return Refuse(name, absl::StrCat("cannot be looked at: ", std::strerror(errno)));
  }
  SEEDFED_RETURN_IF_ERROR(CheckOwner(name, info));

  std::array<char, kMost + 3> text;  // the longest line, its end, and one more to see that it ends
  const absl::Cleanup wiping = [&text] { sodium_memzero(text.data(), text.size()); };
  const ssize_t count = read(file, text.data(), text.size());
  if (count < 0) return Refuse(name, absl::StrCat("cannot be read: ", std::strerror(errno)));
  absl::string_view line(text.data(), static_cast<size_t>(count));
  if (!line.empty() && line.back() == '\n') line.remove_suffix(1);
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  const auto printable = [](char c) { return c > ' ' && c <= '~'; };
  if (!std::all_of(line.begin(), line.end(), printable)) {
    return Refuse(name, "holds more than printable characters; expected one line without spaces");
  }
  if (line.size() < kFewest || line.size() > kMost) {
    const std::string length =
        line.size() > kMost ? absl::StrCat("more than ", kMost) : absl::StrCat(line.size());
    return Refuse(name, absl::StrCat("holds ", length, " characters; expected one line of ",
                                     kFewest, " to ", kMost));
  }
  return std::string(line);
}

}  // namespace seedfed
