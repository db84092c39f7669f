#include "server/admission/client_tokens.h"

#include <sodium.h>
#include <spdlog/spdlog.h>

#include <cstring>
#include <utility>

#include "absl/strings/string_view.h"
#include "common/base/status.h"

namespace seedfed {
namespace {

constexpr absl::Duration kLookEvery = absl::Seconds(1);

uint64_t Prefix(const Digest256& digest) {
  uint64_t prefix;
  std::memcpy(&prefix, digest.data(), sizeof(prefix));
  return prefix;
}

}  // namespace

absl::StatusOr<std::unique_ptr<ClientTokens>> ClientTokens::Load(const std::string& path,
                                                                 const Clock& clock) {
  SEEDFED_ASSIGN_OR_RETURN(const ClientTokenFile file, ReadClientTokenFile(path));
  std::unique_ptr<ClientTokens> tokens(new ClientTokens(path, clock));
  absl::MutexLock lock(&tokens->mutex_);
  tokens->Use(file);
  tokens->looked_at_ = clock.Monotonic();
  return tokens;
}

void ClientTokens::Use(const ClientTokenFile& file) {
  version_ = file.version;
  tokens_.clear();
  for (const ClientTokenLine& line : file.lines) {
    if (line.token.has_value()) tokens_.emplace(Prefix(line.token->digest), *line.token);
  }
}

bool ClientTokens::ReadAgainIfChanged(absl::Duration now) {
  looked_at_ = now;
  const std::optional<ClientTokenFile::Version> version = LookAtClientTokenFile(path_);
  if (version == version_) return false;
  version_ = version;
  const absl::StatusOr<ClientTokenFile> file = ReadClientTokenFile(path_);
  if (!file.ok()) {
    spdlog::warn("{}; the tokens read before stay in force", std::string(file.status().message()));
    return false;
  }
  Use(*file);
  spdlog::info("read {} client tokens from {}", tokens_.size(), path_);
  return true;
}

std::optional<ClientTokens::Found> ClientTokens::Look(const Digest256& digest) const {
  std::optional<Found> found;
  const auto [begin, end] = tokens_.equal_range(Prefix(digest));
  for (auto it = begin; it != end; ++it) {
    const ClientToken& known = it->second;
    if (sodium_memcmp(known.digest.data(), digest.data(), digest.size()) != 0) continue;
    found = {known.client_id, known.expires, clock_.Wall() >= known.expires};
  }
  return found;
}

std::optional<ClientTokens::Found> ClientTokens::Find(std::string_view token) {
  const Digest256 digest = Blake2b256(absl::string_view(token.data(), token.size()));
  absl::MutexLock lock(&mutex_);
  const absl::Duration now = clock_.Monotonic();
  if (now - looked_at_ >= kLookEvery) ReadAgainIfChanged(now);
  std::optional<Found> found = Look(digest);
  if (!found.has_value() && ReadAgainIfChanged(now)) found = Look(digest);
  return found;
}

}  // namespace seedfed
