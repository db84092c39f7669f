#ifndef SEEDFED_SERVER_RPC_SERVER_CERTIFICATES_H_
#define SEEDFED_SERVER_RPC_SERVER_CERTIFICATES_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/tls/file_stamps.h"
#include "common/tls/pem_files.h"
#include "server/config/server_config.h"
#include "server/rpc/memory_file.h"

namespace grpc {
class ServerCredentials;
}  // namespace grpc

namespace seedfed {

// The certificate that a server shows, its key, and the CA of those it lets in. They can be
// exchanged under a running server: gRPC follows the files it is given, but takes whatever it finds
// there, and after half an exchange would refuse everybody. So it is given copies in memory, which
// follow the operator's files once those are complete and valid. One thread.
class ServerCertificates {
 public:
  // FailedPrecondition when a file is no good, or not valid at `now`.
  static absl::StatusOr<std::unique_ptr<ServerCertificates>> Load(const TlsFiles& files,
                                                                  absl::Time now);

  // For a server that does not outlive this. TLS 1.2 or 1.3; connections that were made before an
  // exchange go on.
  std::shared_ptr<grpc::ServerCredentials> Credentials() const;

  // Takes over files that have changed; new connections get them within two seconds. True: there
  // were some. FailedPrecondition as Load has it, as long as they are no good: then those before
  // them stay in force.
  absl::StatusOr<bool> Refresh(absl::Time now);

  // When those in force end.
  absl::Time certificate_ends() const { return certificate_ends_; }
  std::optional<absl::Time> client_ca_ends() const { return client_ca_ends_; }

 private:
  struct Content {
    KeyPair pair;
    std::optional<CertificateAuthorities> authorities;
  };

  ServerCertificates(TlsFiles files, std::vector<FileStamp> stamps, const Content& content,
                     MemoryFile certificate, MemoryFile key, MemoryFile client_ca);

  static absl::StatusOr<Content> Read(const TlsFiles& files, absl::Time now);

  const TlsFiles files_;
  std::vector<FileStamp> stamps_;  // of those in force
  absl::Time certificate_ends_;
  std::optional<absl::Time> client_ca_ends_;
  MemoryFile certificate_, key_, client_ca_;
};

}  // namespace seedfed

#endif  // SEEDFED_SERVER_RPC_SERVER_CERTIFICATES_H_
