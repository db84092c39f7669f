#ifndef SEEDFED_CLI_ADMIN_ADMIN_CONNECTION_H_
#define SEEDFED_CLI_ADMIN_ADMIN_CONNECTION_H_

#include <cstdint>
#include <functional>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "cli/admin/admin_options.h"
#include "seedfed/v1/admin.pb.h"

namespace seedfed {

// seedfed.v1.Admin of a running server. Every call blocks, at most AdminOptions::timeout_seconds
// without hearing from the server, and is made once. Errors are sentences for the operator
// (ExplainCall); FailAdmin turns them into exit codes. One thread.
class AdminConnection {
 public:
  // Reads the token, connects and asks for the status. InvalidArgument and FailedPrecondition for
  // an address, a token file or a certificate that is no good, and for a server of another
  // protocol.
  static absl::StatusOr<AdminConnection> Open(const AdminOptions& options);

  ~AdminConnection();
  AdminConnection(AdminConnection&&) noexcept;
  AdminConnection& operator=(AdminConnection&&) noexcept;

  // As it was when the connection was made.
  const v1::Status& opening_status() const;

  absl::StatusOr<v1::Status> GetStatus();
  absl::StatusOr<v1::ListClientsResponse> ListClients(const v1::ListClientsRequest& request);
  absl::StatusOr<v1::Rounds> ListRounds(const v1::ListRoundsRequest& request);
  absl::StatusOr<v1::FederationDescription> DescribeFederation();
  absl::Status Pause();
  absl::Status Resume();
  absl::StatusOr<v1::FinishResponse> Finish();
  absl::Status Stop();

  // Blocks for `time`. Meanwhile a connection that is being made goes on being made, by the
  // certificate files as they are then.
  void Wait(absl::Duration time);

  // A stream: each message, in order, until the server ends it or `each` returns an error, which is
  // then the result. Reads no further while `each` runs.
  template <typename Message>
  using Each = std::function<absl::Status(const Message&)>;

  // With `follow` the server may be silent for any time once it has answered the call; one that
  // goes away without a word is found out within about half a minute.
  absl::Status WatchEvents(const v1::WatchEventsRequest& request, const Each<v1::Event>& each);
  absl::Status ExportModel(const Each<v1::SnapshotChunk>& each);
  absl::Status ExportRounds(const v1::ExportRoundsRequest& request,
                            const Each<v1::RoundResult>& each);

 private:
  class Calls;  // keeps gRPC's headers out of this one
  explicit AdminConnection(std::unique_ptr<Calls> calls);

  std::unique_ptr<Calls> calls_;
};

}  // namespace seedfed

#endif  // SEEDFED_CLI_ADMIN_ADMIN_CONNECTION_H_
