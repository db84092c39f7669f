#ifndef SEEDFED_SERVER_ADMISSION_ADMIN_CREDENTIAL_H_
#define SEEDFED_SERVER_ADMISSION_ADMIN_CREDENTIAL_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "common/base/hash.h"

namespace seedfed {

// What tells the federation's operator from others: a token, of which only a digest is kept.
// Thread-safe.
class AdminCredential {
 public:
  // From a file as ReadTokenFile takes it, with its errors.
  static absl::StatusOr<AdminCredential> Load(const std::string& path);

  // In constant time for tokens of one length.
  bool Matches(std::string_view token) const;

 private:
  explicit AdminCredential(const Digest256& digest) : digest_(digest) {}

  Digest256 digest_;  // BLAKE2b
};

}  // namespace seedfed

#endif  // SEEDFED_SERVER_ADMISSION_ADMIN_CREDENTIAL_H_
