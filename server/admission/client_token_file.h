#ifndef SEEDFED_SERVER_ADMISSION_CLIENT_TOKEN_FILE_H_
#define SEEDFED_SERVER_ADMISSION_CLIENT_TOKEN_FILE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/hash.h"

namespace seedfed {

// The file that says which tokens are good, and for which client. One token a line:
//
//   CLIENT_ID BLAKE2B_HEX EXPIRES
//
// The digest is of the whole token, 32 bytes; EXPIRES is a UTC time as in RFC 3339, such as
// 2027-01-31T12:00:00Z, or "never". Empty lines and those that begin with # mean nothing. A client
// may have several tokens, a token belongs to one client. There is no token in the file, only what
// recognises it.

struct ClientToken {
  std::string client_id;
  Digest256 digest{};
  absl::Time expires = absl::InfiniteFuture();  // not good from then on

  friend bool operator==(const ClientToken&, const ClientToken&) = default;
};

// A line as it stands, so that a changed file keeps its comments.
struct ClientTokenLine {
  std::string text;
  std::optional<ClientToken> token;  // absent: a comment
};

// InvalidArgument with `path` and the line.
absl::StatusOr<std::vector<ClientTokenLine>> ParseClientTokens(const std::string& path,
                                                               absl::string_view text);

// The line of a token.
ClientTokenLine MakeClientTokenLine(const ClientToken& token);

// "2027-01-31T12:00:00Z" or "never".
std::string FormatExpiry(absl::Time expires);

// A file as it was read.
struct ClientTokenFile {
  // Which file it was: another one may lie there later.
  struct Version {
    uint64_t inode = 0;
    int64_t size = 0, modified_ns = 0;
    friend bool operator==(const Version&, const Version&) = default;
  };
  Version version;
  std::vector<ClientTokenLine> lines;
};

// FailedPrecondition when it cannot be read, is writable by others than its owner, or belongs to
// neither the user who runs this program nor root; InvalidArgument as ParseClientTokens.
absl::StatusOr<ClientTokenFile> ReadClientTokenFile(const std::string& path);

// The version of what lies there now; nothing when that cannot be found out.
std::optional<ClientTokenFile::Version> LookAtClientTokenFile(const std::string& path);

// Puts a new file, mode 0600, in the place of the old one at once: a reader finds one or the other.
// It is on the disk when this returns. Unavailable with the path otherwise.
absl::Status WriteClientTokenFile(const std::string& path,
                                  const std::vector<ClientTokenLine>& lines);

}  // namespace seedfed

#endif  // SEEDFED_SERVER_ADMISSION_CLIENT_TOKEN_FILE_H_
