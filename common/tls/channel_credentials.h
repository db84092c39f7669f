#ifndef SEEDFED_COMMON_TLS_CHANNEL_CREDENTIALS_H_
#define SEEDFED_COMMON_TLS_CHANNEL_CREDENTIALS_H_

#include <grpcpp/channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/tls/file_stamps.h"
#include "common/tls/tls_options.h"

namespace seedfed {

// How to connect to a server: without encryption, or by TLS with the content of files, which belong
// together and are good. One thread; copies are independent.
class ChannelCredentials {
 public:
  // Without encryption.
  ChannelCredentials();

  // InvalidArgument for options that do not go together; FailedPrecondition, as ReadKeyPair and
  // ReadAuthorities have it, for a file that is no good or a certificate that has expired at
  // `now`.
  static absl::StatusOr<ChannelCredentials> Load(const TlsOptions& options, absl::Time now);

  // Takes over files that have changed, for the channels that are made from then on. True: there
  // were some. FailedPrecondition as Load has it, as long as they are no good: then those before
  // them stay in force, and Explain says it.
  absl::StatusOr<bool> Refresh(absl::Time now);

  // Does not connect yet. `server` is HOST:PORT.
  std::shared_ptr<grpc::Channel> MakeChannel(const std::string& server,
                                             grpc::ChannelArguments arguments) const;

  // What gRPC says of a call that found no server, in words that say what to do; `why` itself
  // where it has nothing to do with encryption.
  std::string Explain(const std::string& why) const;

 private:
  std::vector<std::string> Files() const;
  absl::Status Read(absl::Time now);
  std::string ExplainFailure(const std::string& why) const;

  TlsOptions options_;
  std::vector<FileStamp> stamps_;  // of the files in force
  absl::Status problem_;           // of files that have changed
  std::shared_ptr<grpc::ChannelCredentials> credentials_;
};

}  // namespace seedfed

#endif  // SEEDFED_COMMON_TLS_CHANNEL_CREDENTIALS_H_
