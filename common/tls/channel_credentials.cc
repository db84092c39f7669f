#include "common/tls/channel_credentials.h"

#include <grpc/support/log.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_credentials_options.h>

#include <cstdlib>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/status.h"
#include "common/tls/pem_files.h"

namespace seedfed {
namespace {

// A device may start before its clock is set, so what is valid later is no fault.
absl::Status CheckNotExpired(const std::string& file, absl::Time ends, absl::Time now) {
  return CheckValidity(file, absl::InfinitePast(), ends, now);
}

// gRPC writes a line to standard error for each handshake that fails, besides the call's status.
// Its own variable shows them, and more.
void KeepGrpcQuiet() {
  if (std::getenv("GRPC_VERBOSITY") == nullptr) gpr_set_log_function([](gpr_log_func_args*) {});
}

}  // namespace

ChannelCredentials::ChannelCredentials() : credentials_(grpc::InsecureChannelCredentials()) {}

absl::StatusOr<ChannelCredentials> ChannelCredentials::Load(const TlsOptions& options,
                                                            absl::Time now) {
  SEEDFED_RETURN_IF_ERROR(CheckTlsOptions(options));
  ChannelCredentials loaded;
  if (options.ca.empty()) return loaded;
  KeepGrpcQuiet();
  loaded.options_ = options;
  loaded.stamps_ = ReadFileStamps(loaded.Files());
  SEEDFED_RETURN_IF_ERROR(loaded.Read(now));
  return loaded;
}

std::vector<std::string> ChannelCredentials::Files() const {
  std::vector<std::string> files;
  if (options_.ca != kSystemAuthorities) files.push_back(options_.ca);
  for (const std::string& file : {options_.certificate, options_.key}) {
    if (!file.empty()) files.push_back(file);
  }
  return files;
}

absl::StatusOr<bool> ChannelCredentials::Refresh(absl::Time now) {
  if (options_.ca.empty()) return false;
  std::vector<FileStamp> stamps = ReadFileStamps(Files());
  problem_ = absl::OkStatus();
  if (stamps == stamps_) return false;
  problem_ = Read(now);
  SEEDFED_RETURN_IF_ERROR(problem_);
  stamps_ = std::move(stamps);
  return true;
}

absl::Status ChannelCredentials::Read(absl::Time now) {
  namespace grpc_tls = grpc::experimental;
  std::string roots;
  if (options_.ca != kSystemAuthorities) {
    SEEDFED_ASSIGN_OR_RETURN(const CertificateAuthorities authorities,
                             ReadAuthorities(options_.ca));
    SEEDFED_RETURN_IF_ERROR(CheckNotExpired(options_.ca, authorities.ends, now));
    roots = authorities.certificates;
  }
  std::vector<grpc_tls::IdentityKeyCertPair> pairs;
  if (!options_.key.empty()) {
    SEEDFED_ASSIGN_OR_RETURN(const KeyPair pair,
                             ReadKeyPair(options_.certificate, options_.key, TlsRole::kClient));
    SEEDFED_RETURN_IF_ERROR(CheckNotExpired(options_.certificate, pair.ends, now));
    pairs.push_back({pair.key, pair.certificate});
  }
  // Only now: gRPC 1.51 frees options when credentials are made of them, and never otherwise.
  grpc_tls::TlsChannelCredentialsOptions options;
  if (!roots.empty()) options.watch_root_certs();
  if (!pairs.empty()) options.watch_identity_key_cert_pairs();
  if (!roots.empty() || !pairs.empty()) {
    options.set_certificate_provider(
        std::make_shared<grpc_tls::StaticDataCertificateProvider>(roots, pairs));
  }
  credentials_ = grpc_tls::TlsCredentials(options);
  return absl::OkStatus();
}

std::shared_ptr<grpc::Channel> ChannelCredentials::MakeChannel(
    const std::string& server, grpc::ChannelArguments arguments) const {
  if (!options_.name.empty()) arguments.SetSslTargetNameOverride(options_.name);
  return grpc::CreateCustomChannel(server, credentials_, arguments);
}

std::string ChannelCredentials::Explain(const std::string& why) const {
  // Only of a connection that never came about.
  if (!absl::StrContains(why, "failed to connect to all addresses")) return why;
  if (problem_.ok()) return ExplainFailure(why);
  return absl::StrCat(ExplainFailure(why), "; new files are not used: ", problem_.message());
}

std::string ChannelCredentials::ExplainFailure(const std::string& why) const {
  const bool closed = absl::StrContains(why, "Socket closed");
  if (options_.ca.empty()) {
    if (!closed) return why;
    return "it closed the connection; if it wants TLS, pass the CA of its certificate: --tls-ca";
  }
  if (absl::StrContains(why, "wrong version number")) {
    return "it speaks no TLS; leave --tls-ca away, or give the server a certificate";
  }
  if (absl::StrContains(why, "certificate verify failed")) {
    return absl::StrCat("its certificate is not signed by ",
                        options_.ca == kSystemAuthorities ? "a CA that this machine trusts"
                                                          : absl::StrCat("a CA in ", options_.ca),
                        ", has expired or is not valid yet");
  }
  if (absl::StrContains(why, "Hostname Verification Check failed")) {
    return absl::StrCat("its certificate is not for ",
                        options_.name.empty() ? "that host" : options_.name,
                        "; pass a name that is in it: --tls-name");
  }
  if (absl::StrContains(why, "Handshake read failed")) {
    return "the TLS handshake did not come to its end: it closed the connection, speaks no TLS or "
           "the network is too slow";
  }
  if (!closed) return why;
  return options_.certificate.empty()
             ? "it closed the connection; if it wants a client certificate, pass one: --tls-cert "
               "and --tls-key"
             : absl::StrCat("it refuses the certificate in ", options_.certificate,
                            ", or closed the connection for another reason");
}

}  // namespace seedfed
