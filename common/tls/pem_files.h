#ifndef SEEDFED_COMMON_TLS_PEM_FILES_H_
#define SEEDFED_COMMON_TLS_PEM_FILES_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace seedfed {

// Files in PEM format. Reading and checking them: FailedPrecondition with one sentence that names
// the file and never what is in a key.

// What a certificate is for.
enum class TlsRole { kServer, kClient };

// A certificate with its key, which belong together.
struct KeyPair {
  std::string certificate;  // PEM: the certificate, then those that sign it
  std::string key;          // PEM
  absl::Time begins, ends;  // when all of them are valid
};

// The key's file must belong to the user who runs this program and be closed to everybody else; one
// that belongs to root may be readable by its group. A key behind a passphrase is refused.
absl::StatusOr<KeyPair> ReadKeyPair(const std::string& certificate_file,
                                    const std::string& key_file, TlsRole role);

// The certificates of those who sign.
struct CertificateAuthorities {
  std::string certificates;  // PEM
  absl::Time begins, ends;   // when at least one of them is valid
};

absl::StatusOr<CertificateAuthorities> ReadAuthorities(const std::string& file);

// Whether `now` is from `begins` to `ends`; the sentence names the file and the dates.
absl::Status CheckValidity(absl::string_view file, absl::Time begins, absl::Time ends,
                           absl::Time now);

}  // namespace seedfed

#endif  // SEEDFED_COMMON_TLS_PEM_FILES_H_
