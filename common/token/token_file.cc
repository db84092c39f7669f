#include "common/token/token_file.h"

#include <sodium.h>

#include <algorithm>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/base/status.h"
#include "common/private_file/private_file.h"

namespace seedfed {
namespace {

constexpr size_t kFewest = 16;
constexpr size_t kMost = 256;

absl::Status Refuse(const std::string& name, absl::string_view why) {
  return absl::FailedPreconditionError(absl::StrCat("the ", name, " ", why));
}

}  // namespace

absl::StatusOr<std::string> ReadTokenFile(const std::string& path, absl::string_view kind) {
  // The longest line, its end, and one more to see that it ends.
  SEEDFED_ASSIGN_OR_RETURN(PrivateFile file,
                           ReadPrivateFile(kind, path, FileRule::kSecret, kMost + 3));
  std::string& text = file.text;
  const absl::Cleanup wiping = [&text] { sodium_memzero(text.data(), text.size()); };
  const std::string name = absl::StrCat(kind, " file ", path);
  absl::string_view line = text;
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
