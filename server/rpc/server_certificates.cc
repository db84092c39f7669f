#include "server/rpc/server_certificates.h"

#include <grpcpp/security/server_credentials.h>
#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_credentials_options.h>

#include <utility>

#include "common/base/status.h"

namespace seedfed {
namespace {

constexpr unsigned kRefreshSeconds = 1;  // the least gRPC takes

std::string AuthorityText(const std::optional<CertificateAuthorities>& authorities) {
  return authorities ? authorities->certificates : "";
}

std::optional<absl::Time> Ends(const std::optional<CertificateAuthorities>& authorities) {
  return authorities ? std::optional(authorities->ends) : std::nullopt;
}

std::vector<FileStamp> Stamps(const TlsFiles& files) {
  return ReadFileStamps({files.certificate, files.key, files.client_ca});
}

}  // namespace

absl::StatusOr<ServerCertificates::Content> ServerCertificates::Read(const TlsFiles& files,
                                                                     absl::Time now) {
  Content content;
  SEEDFED_ASSIGN_OR_RETURN(content.pair,
                           ReadKeyPair(files.certificate, files.key, TlsRole::kServer));
  SEEDFED_RETURN_IF_ERROR(
      CheckValidity(files.certificate, content.pair.begins, content.pair.ends, now));
  if (files.client_ca.empty()) return content;
  SEEDFED_ASSIGN_OR_RETURN(content.authorities, ReadAuthorities(files.client_ca));
  SEEDFED_RETURN_IF_ERROR(
      CheckValidity(files.client_ca, content.authorities->begins, content.authorities->ends, now));
  return content;
}

absl::StatusOr<std::unique_ptr<ServerCertificates>> ServerCertificates::Load(const TlsFiles& files,
                                                                             absl::Time now) {
  std::vector<FileStamp> stamps = Stamps(files);
  SEEDFED_ASSIGN_OR_RETURN(const Content content, Read(files, now));
  SEEDFED_ASSIGN_OR_RETURN(MemoryFile certificate, MemoryFile::Make(content.pair.certificate));
  SEEDFED_ASSIGN_OR_RETURN(MemoryFile key, MemoryFile::Make(content.pair.key));
  SEEDFED_ASSIGN_OR_RETURN(MemoryFile client_ca,
                           MemoryFile::Make(AuthorityText(content.authorities)));
  return std::unique_ptr<ServerCertificates>(
      new ServerCertificates(files, std::move(stamps), content, std::move(certificate),
                             std::move(key), std::move(client_ca)));
}

ServerCertificates::ServerCertificates(TlsFiles files, std::vector<FileStamp> stamps,
                                       const Content& content, MemoryFile certificate,
                                       MemoryFile key, MemoryFile client_ca)
    : files_(std::move(files)),
      stamps_(std::move(stamps)),
      certificate_ends_(content.pair.ends),
      client_ca_ends_(Ends(content.authorities)),
      certificate_(std::move(certificate)),
      key_(std::move(key)),
      client_ca_(std::move(client_ca)) {}

std::shared_ptr<grpc::ServerCredentials> ServerCertificates::Credentials() const {
  namespace grpc_tls = grpc::experimental;
  const bool mutual = !files_.client_ca.empty();
  auto provider = std::make_shared<grpc_tls::FileWatcherCertificateProvider>(
      key_.path(), certificate_.path(), mutual ? client_ca_.path() : "", kRefreshSeconds);
  grpc_tls::TlsServerCredentialsOptions options(std::move(provider));
  options.watch_identity_key_cert_pairs();
  options.set_cert_request_type(GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE);
  if (mutual) {
    options.watch_root_certs();
    options.set_cert_request_type(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  }
  return grpc_tls::TlsServerCredentials(options);
}

absl::StatusOr<bool> ServerCertificates::Refresh(absl::Time now) {
  std::vector<FileStamp> stamps = Stamps(files_);
  if (stamps == stamps_) return false;
  SEEDFED_ASSIGN_OR_RETURN(const Content content, Read(files_, now));
  // gRPC may read between these two; it finds out within a second and reads again.
  SEEDFED_RETURN_IF_ERROR(key_.Replace(content.pair.key));
  SEEDFED_RETURN_IF_ERROR(certificate_.Replace(content.pair.certificate));
  SEEDFED_RETURN_IF_ERROR(client_ca_.Replace(AuthorityText(content.authorities)));
  certificate_ends_ = content.pair.ends;
  client_ca_ends_ = Ends(content.authorities);
  stamps_ = std::move(stamps);
  return true;
}

}  // namespace seedfed
