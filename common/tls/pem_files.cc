#include "common/tls/pem_files.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <ctime>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/status.h"
#include "common/private_file/private_file.h"

namespace seedfed {
namespace {

constexpr size_t kMostBytes = size_t{1} << 20;  // a bundle of every public authority has a quarter

template <auto kFree>
struct FreeBy {
  template <typename T>
  void operator()(T* object) const {
    kFree(object);
  }
};
using Bio = std::unique_ptr<BIO, FreeBy<BIO_free_all>>;
using Certificate = std::unique_ptr<X509, FreeBy<X509_free>>;
using PrivateKey = std::unique_ptr<EVP_PKEY, FreeBy<EVP_PKEY_free>>;
using Context = std::unique_ptr<SSL_CTX, FreeBy<SSL_CTX_free>>;

absl::Status Refuse(absl::string_view kind, absl::string_view file, absl::string_view why) {
  return absl::FailedPreconditionError(absl::StrCat("the ", kind, " file ", file, " ", why));
}

constexpr char kCertificate[] = "certificate";
constexpr char kKey[] = "key";
constexpr char kAuthority[] = "CA";

absl::StatusOr<std::string> ReadAll(absl::string_view kind, const std::string& path,
                                    FileRule rule) {
  SEEDFED_ASSIGN_OR_RETURN(PrivateFile file, ReadPrivateFile(kind, path, rule, kMostBytes + 1));
  if (file.text.size() > kMostBytes) {
    return Refuse(kind, path, absl::StrCat("has more than ", kMostBytes, " bytes"));
  }
  return std::move(file.text);
}

Bio Open(const std::string& text) {
  return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

// Gives no passphrase, so that OpenSSL asks nobody for it.
int NoPassphrase(char* /*buffer*/, int /*size*/, int /*writing*/, void* asked) {
  *static_cast<bool*>(asked) = true;
  return -1;
}

absl::StatusOr<std::vector<Certificate>> ParseCertificates(const char* what,
                                                           const std::string& path,
                                                           const std::string& text) {
  const Bio bio = Open(text);
  std::vector<Certificate> certificates;
  ERR_clear_error();
  while (X509* certificate = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)) {
    certificates.emplace_back(certificate);
  }
  const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  ERR_clear_error();
  if (certificates.empty() && at_end) {
    return Refuse(what, path, "holds no certificate; expected PEM: -----BEGIN CERTIFICATE-----");
  }
  if (!at_end) {
    return Refuse(what, path,
                  absl::StrCat("is damaged after ", certificates.size(), " certificates"));
  }
  return certificates;
}

absl::Time ToTime(const ASN1_TIME* time) {
  std::tm parts = {};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return absl::InfinitePast();
  return absl::FromTimeT(timegm(&parts));
}

absl::Time Begins(const Certificate& certificate) {
  return ToTime(X509_get0_notBefore(certificate.get()));
}

absl::Time Ends(const Certificate& certificate) {
  return ToTime(X509_get0_notAfter(certificate.get()));
}

// What TLS itself finds wrong, such as a key that is too short.
absl::Status CheckUsable(X509* certificate, const std::string& file) {
  const Context context(SSL_CTX_new(TLS_method()));
  ERR_clear_error();
  if (SSL_CTX_use_certificate(context.get(), certificate) == 1) return absl::OkStatus();
  const char* reason = ERR_reason_error_string(ERR_get_error());
  ERR_clear_error();
  return Refuse(kCertificate, file,
                absl::StrCat("cannot be used: ", reason == nullptr ? "unknown reason" : reason));
}

std::string Date(absl::Time time) {
  return absl::FormatTime("%Y-%m-%d %H:%M:%S UTC", time, absl::UTCTimeZone());
}

}  // namespace

absl::StatusOr<KeyPair> ReadKeyPair(const std::string& certificate_file,
                                    const std::string& key_file, TlsRole role) {
  KeyPair pair;
  SEEDFED_ASSIGN_OR_RETURN(pair.certificate,
                           ReadAll(kCertificate, certificate_file, FileRule::kAny));
  SEEDFED_ASSIGN_OR_RETURN(pair.key, ReadAll(kKey, key_file, FileRule::kSecret));
  SEEDFED_ASSIGN_OR_RETURN(const std::vector<Certificate> chain,
                           ParseCertificates(kCertificate, certificate_file, pair.certificate));
  bool encrypted = false;
  const PrivateKey key(
      PEM_read_bio_PrivateKey(Open(pair.key).get(), nullptr, NoPassphrase, &encrypted));
  ERR_clear_error();
  if (key == nullptr) {
    return Refuse(kKey, key_file,
                  encrypted ? "is behind a passphrase; expected a key without one"
                            : "holds no private key; expected PEM: -----BEGIN PRIVATE KEY-----");
  }
  const bool matches = X509_check_private_key(chain[0].get(), key.get()) == 1;
  ERR_clear_error();
  if (!matches) {
    return Refuse(kKey, key_file,
                  absl::StrCat("does not belong to the first certificate in ", certificate_file));
  }
  const bool server = role == TlsRole::kServer;
  if (X509_check_purpose(chain[0].get(), server ? X509_PURPOSE_SSL_SERVER : X509_PURPOSE_SSL_CLIENT,
                         0) != 1) {
    return Refuse(kCertificate, certificate_file,
                  server ? "is not for a server" : "is not for a client");
  }
  SEEDFED_RETURN_IF_ERROR(CheckUsable(chain[0].get(), certificate_file));
  pair.begins = absl::InfinitePast();
  pair.ends = absl::InfiniteFuture();
  for (const Certificate& certificate : chain) {
    pair.begins = std::max(pair.begins, Begins(certificate));
    pair.ends = std::min(pair.ends, Ends(certificate));
  }
  return pair;
}

absl::StatusOr<CertificateAuthorities> ReadAuthorities(const std::string& file) {
  CertificateAuthorities authorities;
  SEEDFED_ASSIGN_OR_RETURN(authorities.certificates, ReadAll(kAuthority, file, FileRule::kAny));
  SEEDFED_ASSIGN_OR_RETURN(const std::vector<Certificate> certificates,
                           ParseCertificates(kAuthority, file, authorities.certificates));
  authorities.begins = absl::InfiniteFuture();
  authorities.ends = absl::InfinitePast();
  for (const Certificate& certificate : certificates) {
    authorities.begins = std::min(authorities.begins, Begins(certificate));
    authorities.ends = std::max(authorities.ends, Ends(certificate));
  }
  return authorities;
}

absl::Status CheckValidity(absl::string_view file, absl::Time begins, absl::Time ends,
                           absl::Time now) {
  if (now > ends) {
    return absl::FailedPreconditionError(
        absl::StrCat("the certificate in ", file, " expired on ", Date(ends)));
  }
  if (now < begins) {
    return absl::FailedPreconditionError(absl::StrCat("the certificate in ", file,
                                                      " is not valid before ", Date(begins),
                                                      "; this machine's clock says ", Date(now)));
  }
  return absl::OkStatus();
}

}  // namespace seedfed
