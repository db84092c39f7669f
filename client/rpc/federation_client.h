#ifndef SEEDFED_CLIENT_RPC_FEDERATION_CLIENT_H_
#define SEEDFED_CLIENT_RPC_FEDERATION_CLIENT_H_

#include <cstddef>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "client/core/session_types.h"
#include "common/base/clock.h"
#include "common/tls/channel_credentials.h"

namespace seedfed {

// Who calls.
struct ClientIdentity {
  std::string id;
  ClientRole role = ClientRole::kTrain;
  std::string software;
  // Holds the token to show, and is read for every call; empty: none is shown.
  std::string token_file{};
};

// The service seedfed.v1.Federation of one server, over gRPC. Each call blocks until it
// is answered, its deadline has passed or Cancel was called, and is made once: the session decides
// about repeating. Errors: the server's code and message; Unavailable or DeadlineExceeded when it
// cannot be reached; DataLoss when it answers nonsense; Cancelled. One thread makes the calls;
// Cancel may come from any.
class FederationClient {
 public:
  // `server` is HOST:PORT; `clock` must outlive this. Does not connect yet.
  FederationClient(std::string server, ChannelCredentials credentials, ClientIdentity identity,
                   const Clock& clock);
  ~FederationClient();
  FederationClient(const FederationClient&) = delete;
  FederationClient& operator=(const FederationClient&) = delete;

  absl::StatusOr<Membership> Join();
  absl::StatusOr<AwaitAnswer> Await(const Membership& membership, uint32_t have_round);
  absl::StatusOr<SubmitAnswer> Submit(const Membership& membership, const RoundUpdate& update);

  // OK: the report is durable.
  absl::Status Report(const Membership& membership, const EvaluationReport& report);

  // Tells the server that this client knows that the federation is finished and asks no more.
  absl::Status ConfirmEnd(const Membership& membership);

  // `bytes` is the size that a snapshot of the model has; a server that sends another is not
  // listened to.
  absl::StatusOr<std::string> FetchSnapshot(const Membership& membership, size_t bytes);

  // How long the server asked to wait before the next call, in its answer to the last one; usually
  // zero.
  absl::Duration retry_after() const;

  // Blocks for `time`. Meanwhile a connection that is being made goes on being made, by the
  // certificate files as they are then.
  void Wait(absl::Duration time);

  // Ends the call under way, and all later ones at once; Wait within a fifth of a second.
  void Cancel();

 private:
  class Connection;  // keeps gRPC's headers out of this one
  const std::unique_ptr<Connection> connection_;
};

}  // namespace seedfed

#endif  // SEEDFED_CLIENT_RPC_FEDERATION_CLIENT_H_
