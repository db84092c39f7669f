#include "common/private_file/private_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace seedfed {
namespace {

constexpr size_t kPartBytes = 16384;

// What is wrong, as the end of a sentence; empty: nothing.
std::string Fault(const struct stat& info, FileRule rule) {
  if (!S_ISREG(info.st_mode)) return "is not a file";
  if (rule == FileRule::kAny) return "";
  if (info.st_uid != geteuid() && info.st_uid != 0) {
    return absl::StrCat("belongs to user ", info.st_uid, "; expected user ", geteuid(),
                        ", who runs this program");
  }
  const bool secret = rule == FileRule::kSecret;
  mode_t closed = 022;
  if (secret) closed = info.st_uid == geteuid() ? 077 : 027;
  if ((info.st_mode & closed) == 0) return "";
  return absl::StrFormat("is %s others (mode %04o); expected mode 0600",
                         secret ? "open to" : "writable by", info.st_mode & 07777);
}

}  // namespace

absl::StatusOr<PrivateFile> ReadPrivateFile(absl::string_view kind, const std::string& path,
                                            FileRule rule, size_t most_bytes) {
  const auto refuse = [&](absl::string_view why) {
    return absl::FailedPreconditionError(absl::StrCat("the ", kind, " file ", path, " ", why));
  };
  // Without O_NONBLOCK a named pipe would hold the program up.
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) return refuse(absl::StrCat("cannot be opened: ", std::strerror(errno)));
  const absl::Cleanup closing = [file] { close(file); };
  PrivateFile result;
  if (fstat(file, &result.info) != 0) {
    return refuse(absl::StrCat("cannot be looked at: ", std::strerror(errno)));
  }
  if (const std::string fault = Fault(result.info, rule); !fault.empty()) return refuse(fault);
  std::string& text = result.text;
  while (text.size() < most_bytes) {
    const size_t before = text.size();
    text.resize(before + std::min(kPartBytes, most_bytes - before));
    const ssize_t count = read(file, text.data() + before, text.size() - before);
    if (count < 0) return refuse(absl::StrCat("cannot be read: ", std::strerror(errno)));
    text.resize(before + static_cast<size_t>(count));
    if (count == 0) break;
  }
  return result;
}

}  // namespace seedfed
