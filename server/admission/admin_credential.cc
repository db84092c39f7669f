#include "server/admission/admin_credential.h"

#include <sodium.h>

#include "common/base/status.h"
#include "common/token/token_file.h"

namespace seedfed {

absl::StatusOr<AdminCredential> AdminCredential::Load(const std::string& path) {
  SEEDFED_ASSIGN_OR_RETURN(std::string token, ReadTokenFile(path));
  const AdminCredential credential(Blake2b256(token));
  sodium_memzero(token.data(), token.size());
  return credential;
}

bool AdminCredential::Matches(std::string_view token) const {
  const Digest256 digest = Blake2b256(absl::string_view(token.data(), token.size()));
  return sodium_memcmp(digest.data(), digest_.data(), digest_.size()) == 0;
}

}  // namespace seedfed
