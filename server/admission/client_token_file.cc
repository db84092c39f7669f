#include "server/admission/client_token_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <map>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/status.h"
#include "common/private_file/private_file.h"
#include "server/core/members.h"

namespace seedfed {
namespace {

constexpr size_t kMostBytes = size_t{16} << 20;
// What is longer may be a token, which no message repeats.
constexpr size_t kLongestTime = 32;
constexpr absl::string_view kTimeFormat = "%Y-%m-%d%ET%H:%M:%SZ";

absl::StatusOr<ClientToken> ParseLine(absl::string_view line, absl::string_view where) {
  const std::vector<absl::string_view> words =
      absl::StrSplit(line, absl::ByAnyChar(" \t"), absl::SkipEmpty());
  const auto refuse = [where](absl::string_view why) {
    return absl::InvalidArgumentError(absl::StrCat(where, ": ", why));
  };
  if (words.size() != 3) {
    return refuse(absl::StrCat("the line has ", words.size(),
                               " words; expected a client id, a digest and a time"));
  }
  ClientToken token;
  if (!IsClientId(words[0])) {
    return refuse(absl::StrCat("client id '", absl::CHexEscape(words[0].substr(0, 64)),
                               "' is not 1 to 64 of the characters A-Z a-z 0-9 . _ -"));
  }
  token.client_id = std::string(words[0]);
  const bool hex = std::all_of(words[1].begin(), words[1].end(),
                               [](unsigned char c) { return absl::ascii_isxdigit(c); });
  if (!hex || words[1].size() != 2 * token.digest.size()) {
    // Not repeated here: it may be a token.
    return refuse("the digest is not 64 hexadecimal digits");
  }
  const std::string digest = absl::HexStringToBytes(words[1]);
  std::copy(digest.begin(), digest.end(), token.digest.begin());
  if (words[2] == "never") return token;
  std::string problem;
  if (!absl::ParseTime(kTimeFormat, words[2], &token.expires, &problem)) {
    return refuse(absl::StrCat("the time is ",
                               words[2].size() > kLongestTime
                                   ? absl::StrCat(words[2].size(), " characters long")
                                   : absl::StrCat("'", absl::CHexEscape(words[2]), "'"),
                               "; expected one such as 2027-01-31T12:00:00Z, or never"));
  }
  return token;
}

absl::Status CannotWrite(const std::string& path) {
  return absl::UnavailableError(
      absl::StrCat("the client token file ", path, " cannot be written: ", std::strerror(errno)));
}

ClientTokenFile::Version VersionOf(const struct stat& info) {
  return {info.st_ino, info.st_size,
          info.st_mtim.tv_sec * int64_t{1'000'000'000} + info.st_mtim.tv_nsec};
}

}  // namespace

absl::StatusOr<std::vector<ClientTokenLine>> ParseClientTokens(const std::string& path,
                                                               absl::string_view text) {
  std::vector<ClientTokenLine> lines;
  std::map<Digest256, size_t> seen;
  size_t number = 0;
  if (!text.empty() && text.back() == '\n') text.remove_suffix(1);
  if (text.empty()) return lines;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    const absl::string_view content = absl::StripAsciiWhitespace(line);
    if (content.empty() || content.front() == '#') {
      lines.push_back({std::string(line), std::nullopt});
      continue;
    }
    const std::string where = absl::StrCat(path, ":", number);
    SEEDFED_ASSIGN_OR_RETURN(ClientToken token, ParseLine(content, where));
    const auto [first, is_new] = seen.emplace(token.digest, number);
    if (!is_new) {
      return absl::InvalidArgumentError(
          absl::StrCat(where, ": the digest is that of line ", first->second));
    }
    lines.push_back({std::string(line), std::move(token)});
  }
  return lines;
}

std::string FormatExpiry(absl::Time expires) {
  return expires == absl::InfiniteFuture()
             ? "never"
             : absl::FormatTime(kTimeFormat, absl::FromUnixSeconds(absl::ToUnixSeconds(expires)),
                                absl::UTCTimeZone());
}

ClientTokenLine MakeClientTokenLine(const ClientToken& token) {
  return {absl::StrCat(token.client_id, " ", ToHex(token.digest), " ", FormatExpiry(token.expires)),
          token};
}

absl::StatusOr<ClientTokenFile> ReadClientTokenFile(const std::string& path) {
  constexpr char kKind[] = "client token";
  SEEDFED_ASSIGN_OR_RETURN(const PrivateFile file,
                           ReadPrivateFile(kKind, path, FileRule::kTrusted, kMostBytes + 1));
  if (file.text.size() > kMostBytes) {
    return absl::FailedPreconditionError(
        absl::StrCat("the ", kKind, " file ", path, " has more than 16 MiB"));
  }
  ClientTokenFile result = {.version = VersionOf(file.info), .lines = {}};
  SEEDFED_ASSIGN_OR_RETURN(result.lines, ParseClientTokens(path, file.text));
  return result;
}

std::optional<ClientTokenFile::Version> LookAtClientTokenFile(const std::string& path) {
  struct stat info;
  if (stat(path.c_str(), &info) != 0) return std::nullopt;
  return VersionOf(info);
}

absl::Status WriteClientTokenFile(const std::string& path,
                                  const std::vector<ClientTokenLine>& lines) {
  std::string text;
  for (const ClientTokenLine& line : lines) absl::StrAppend(&text, line.text, "\n");
  std::string fresh = path + ".XXXXXX";
  const int file = mkostemp(fresh.data(), O_CLOEXEC);  // mode 0600
  if (file < 0) return CannotWrite(path);
  absl::Cleanup removing = [&fresh] { unlink(fresh.c_str()); };
  absl::Cleanup closing = [file] { close(file); };
  for (size_t done = 0; done < text.size();) {
    const ssize_t count = write(file, text.data() + done, text.size() - done);
    if (count < 0) return CannotWrite(path);
    done += static_cast<size_t>(count);
  }
  if (fsync(file) != 0) return CannotWrite(path);
  if (rename(fresh.c_str(), path.c_str()) != 0) return CannotWrite(path);
  std::move(removing).Cancel();
  // The name, too.
  const size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const int directory = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) return CannotWrite(path);
  const absl::Cleanup closing_directory = [directory] { close(directory); };
  return fsync(directory) == 0 ? absl::OkStatus() : CannotWrite(path);
}

}  // namespace seedfed
