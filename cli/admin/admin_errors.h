#ifndef SEEDFED_CLI_ADMIN_ADMIN_ERRORS_H_
#define SEEDFED_CLI_ADMIN_ADMIN_ERRORS_H_

#include <grpcpp/support/status.h>

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/tls/channel_credentials.h"
#include "seedfed/v1/admin.pb.h"

namespace seedfed {

// A failed admin call of the server at `server` (HOST:PORT) as one sentence for the operator that
// says what to do about it. The code is the call's. OK for OK. `server_version` is empty while it
// is not known.
absl::Status ExplainCall(const grpc::Status& call, const std::string& server,
                         const ChannelCredentials& credentials, absl::Duration timeout,
                         const std::string& server_version);

// FailedPrecondition, with both versions, when the server speaks another protocol than this tool.
absl::Status CheckVersion(const v1::Status& status, const std::string& server);

// Writes the sentence to standard error and returns the exit code: 1 when the server is gone or
// failed, 2 when the fault is in what was asked, in the token or in the versions.
int FailAdmin(const absl::Status& error);

}  // namespace seedfed

#endif  // SEEDFED_CLI_ADMIN_ADMIN_ERRORS_H_
