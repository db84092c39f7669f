#include "cli/token/client_token_store.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <functional>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/check.h"
#include "common/base/status.h"
#include "server/core/members.h"

namespace seedfed {
namespace {

using Lines = std::vector<ClientTokenLine>;

constexpr size_t kRandomBytes = 32;

std::string RandomToken() {
  SEEDFED_CHECK(sodium_init() >= 0);
  std::array<unsigned char, kRandomBytes> bytes;
  randombytes_buf(bytes.data(), bytes.size());
  std::array<char,
             sodium_base64_ENCODED_LEN(kRandomBytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING)>
      text;
  sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(),
                    sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  return absl::StrCat("sft_", text.data());
}

absl::Status CheckClient(const std::string& client) {
  if (IsClientId(client)) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("the client id '",
                                                 absl::CHexEscape(client.substr(0, 64)),
                                                 "' is not 1 to 64 of A-Z a-z 0-9 . _ -"));
}

bool BelongsTo(const ClientTokenLine& line, const std::string& client) {
  return line.token.has_value() && line.token->client_id == client;
}

absl::Status HasNone(const std::string& path, const std::string& client) {
  return absl::NotFoundError(absl::StrCat("client ", client, " has no token in ", path));
}

// Reads the file, lets `change` work on its lines, and writes them, while nobody else does so.
absl::Status Change(const std::string& path, bool may_be_new,
                    const std::function<absl::Status(Lines&)>& change) {
  const size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const int lock = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (lock < 0 || flock(lock, LOCK_EX) != 0) {
    if (lock >= 0) close(lock);
    return absl::FailedPreconditionError(
        absl::StrCat("the folder of ", path, " cannot be used: ", std::strerror(errno)));
  }
  const absl::Cleanup unlocking = [lock] { close(lock); };
  Lines lines;
  struct stat info;
  if (!may_be_new || stat(path.c_str(), &info) == 0) {
    SEEDFED_ASSIGN_OR_RETURN(ClientTokenFile file, ReadClientTokenFile(path));
    lines = std::move(file.lines);
  }
  SEEDFED_RETURN_IF_ERROR(change(lines));
  return WriteClientTokenFile(path, lines);
}

NewClientToken Append(const std::string& client, absl::Time expires, Lines& lines) {
  NewClientToken made = {RandomToken(), expires};
  lines.push_back(MakeClientTokenLine({client, Blake2b256(made.token), expires}));
  return made;
}

}  // namespace

absl::StatusOr<NewClientToken> AddClientToken(const std::string& path, const std::string& client,
                                              absl::Time expires, absl::Time now) {
  SEEDFED_RETURN_IF_ERROR(CheckClient(client));
  NewClientToken made;
  SEEDFED_RETURN_IF_ERROR(Change(path, /*may_be_new=*/true, [&](Lines& lines) {
    const bool has_one = std::any_of(lines.begin(), lines.end(), [&](const ClientTokenLine& line) {
      return BelongsTo(line, client) && line.token->expires > now;
    });
    if (has_one) {
      return absl::AlreadyExistsError(
          absl::StrCat("client ", client, " has a token in ", path,
                       "; give it another with 'seedfed token rotate'"));
    }
    made = Append(client, expires, lines);
    return absl::OkStatus();
  }));
  return made;
}

absl::StatusOr<NewClientToken> RotateClientToken(const std::string& path, const std::string& client,
                                                 absl::Time expires, absl::Duration overlap,
                                                 absl::Time now) {
  SEEDFED_RETURN_IF_ERROR(CheckClient(client));
  NewClientToken made;
  SEEDFED_RETURN_IF_ERROR(Change(path, /*may_be_new=*/false, [&](Lines& lines) {
    size_t found = 0;
    for (ClientTokenLine& line : lines) {
      if (!BelongsTo(line, client)) continue;
      ++found;
      if (line.token->expires <= now + overlap) continue;
      line = MakeClientTokenLine({client, line.token->digest, now + overlap});
    }
    if (found == 0) return HasNone(path, client);
    std::erase_if(lines, [&](const ClientTokenLine& line) {
      return BelongsTo(line, client) && line.token->expires <= now;
    });
    made = Append(client, expires, lines);
    return absl::OkStatus();
  }));
  return made;
}

absl::StatusOr<size_t> RevokeClientTokens(const std::string& path, const std::string& client) {
  SEEDFED_RETURN_IF_ERROR(CheckClient(client));
  size_t revoked = 0;
  SEEDFED_RETURN_IF_ERROR(Change(path, /*may_be_new=*/false, [&](Lines& lines) {
    revoked =
        std::erase_if(lines, [&](const ClientTokenLine& line) { return BelongsTo(line, client); });
    return revoked == 0 ? HasNone(path, client) : absl::OkStatus();
  }));
  return revoked;
}

absl::StatusOr<std::vector<ClientToken>> ListClientTokens(const std::string& path) {
  SEEDFED_ASSIGN_OR_RETURN(const ClientTokenFile file, ReadClientTokenFile(path));
  std::vector<ClientToken> tokens;
  for (const ClientTokenLine& line : file.lines) {
    if (line.token.has_value()) tokens.push_back(*line.token);
  }
  return tokens;
}

}  // namespace seedfed
