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

constexpr unsigned kRefreshSeconds = 1;  // the least gRPC takes
constexpr char kSystem[] = "system";

absl::Status CheckTogether(const TlsOptions& options) {
  if (options.certificate.empty() != options.key.empty()) {
    return absl::InvalidArgumentError(
        options.key.empty() ? "--tls-cert is given without --tls-key, the certificate's key"
                            : "--tls-key is given without --tls-cert, the key's certificate");
  }
  if (!options.ca.empty()) return absl::OkStatus();
  for (const auto& [flag, value] :
       {std::pair("--tls-cert", &options.certificate), std::pair("--tls-name", &options.name)}) {
    if (!value->empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat(flag, " is given without --tls-ca, the file of who signs the server's ",
                       "certificate, or system"));
    }
  }
  return absl::OkStatus();
}

// A device may start before its clock is set, so what is valid later is no fault.
absl::Status CheckNotExpired(const std::string& file, absl::Time ends, absl::Time now) {
  return CheckValidity(file, absl::InfinitePast(), ends, now);
}

std::shared_ptr<grpc::experimental::CertificateProviderInterface> WatchFiles(
    const TlsOptions& options) {
  const std::string ca = options.ca == kSystem ? "" : options.ca;
  if (ca.empty() && options.key.empty()) return nullptr;
  return std::make_shared<grpc::experimental::FileWatcherCertificateProvider>(
      options.key, options.certificate, ca, kRefreshSeconds);
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
  SEEDFED_RETURN_IF_ERROR(CheckTogether(options));
  ChannelCredentials loaded;
  if (options.ca.empty()) return loaded;
  KeepGrpcQuiet();
  grpc::experimental::TlsChannelCredentialsOptions grpc_options;
  if (options.ca != kSystem) {
    SEEDFED_ASSIGN_OR_RETURN(const CertificateAuthorities authorities, ReadAuthorities(options.ca));
    SEEDFED_RETURN_IF_ERROR(CheckNotExpired(options.ca, authorities.ends, now));
    grpc_options.watch_root_certs();
  }
  if (!options.key.empty()) {
    SEEDFED_ASSIGN_OR_RETURN(const KeyPair pair,
                             ReadKeyPair(options.certificate, options.key, TlsRole::kClient));
    SEEDFED_RETURN_IF_ERROR(CheckNotExpired(options.certificate, pair.ends, now));
    grpc_options.watch_identity_key_cert_pairs();
  }
  if (auto provider = WatchFiles(options)) grpc_options.set_certificate_provider(provider);
  loaded.options_ = options;
  loaded.credentials_ = grpc::experimental::TlsCredentials(grpc_options);
  return loaded;
}

std::shared_ptr<grpc::Channel> ChannelCredentials::MakeChannel(
    const std::string& server, grpc::ChannelArguments arguments) const {
  if (!options_.name.empty()) arguments.SetSslTargetNameOverride(options_.name);
  return grpc::CreateCustomChannel(server, credentials_, arguments);
}

std::string ChannelCredentials::Explain(const std::string& why) const {
  // Only of a connection that never came about.
  if (!absl::StrContains(why, "failed to connect to all addresses")) return why;
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
                        options_.ca == kSystem ? "a CA that this machine trusts"
                                               : absl::StrCat("a CA in ", options_.ca),
                        ", has expired or is not valid yet");
  }
  if (absl::StrContains(why, "Hostname Verification Check failed")) {
    return absl::StrCat("its certificate is not for ",
                        options_.name.empty() ? "that host" : options_.name,
                        "; pass a name that is in it: --tls-name");
  }
  if (!closed) return why;
  return options_.certificate.empty()
             ? "it closed the connection; if it wants a client certificate, pass one: --tls-cert "
               "and --tls-key"
             : absl::StrCat("it refuses the certificate in ", options_.certificate,
                            ", or closed the connection for another reason");
}

}  // namespace seedfed
