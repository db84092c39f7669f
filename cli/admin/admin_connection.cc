#include "cli/admin/admin_connection.h"

#include <grpc/support/time.h>
#include <grpcpp/grpcpp.h>

#include <iostream>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "cli/admin/admin_errors.h"
#include "cli/admin/stream_reader.h"
#include "common/base/clock.h"
#include "common/base/status.h"
#include "common/tls/channel_credentials.h"
#include "common/tls/server_connection.h"
#include "common/tls/tls_options.h"
#include "common/token/token_file.h"
#include "seedfed/v1/admin.grpc.pb.h"
#include "server/config/server_config.h"

namespace seedfed {
namespace {

// Find a server that is gone without a word while a stream is silent.
constexpr int kKeepaliveMs = 15'000;
constexpr int kKeepaliveTimeoutMs = 10'000;

// Who watches sees a server come back soon.
constexpr int kFirstReconnectMs = 100;
constexpr int kMostReconnectMs = 1000;

grpc::ChannelArguments Arguments() {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(-1);  // a round of a big dense model is one message
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, kFirstReconnectMs);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kMostReconnectMs);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMs);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMs);
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);  // as many as it takes
  return arguments;
}

}  // namespace

class AdminConnection::Calls {
 public:
  Calls(const AdminOptions& options, std::string token, ChannelCredentials credentials)
      : server_(options.server),
        token_(std::move(token)),
        timeout_(absl::Seconds(options.timeout_seconds)),
        connection_(server_, std::move(credentials), Arguments(), SystemClock()) {}

  template <typename Request, typename Response>
  absl::StatusOr<Response> Unary(grpc::Status (v1::Admin::Stub::*method)(grpc::ClientContext*,
                                                                         const Request&, Response*),
                                 const Request& request) {
    grpc::ClientContext context;
    Authorize(context);
    context.set_deadline(gpr_time_from_millis(absl::ToInt64Milliseconds(timeout_), GPR_TIMESPAN));
    Response response;
    const grpc::Status call = (stub().get()->*method)(&context, request, &response);
    if (!call.ok()) return Explain(call);
    return response;
  }

  // `begin` makes the call with the context and the reader it is given. `silent`: once the server
  // has answered the call, it may say nothing for any time.
  template <typename Message, typename Begin>
  absl::Status Stream(const Begin& begin, bool silent, const Each<Message>& each) {
    grpc::ClientContext context;
    Authorize(context);
    StreamReader<Message> reader(context);
    const std::unique_ptr<v1::Admin::Stub> admin = stub();
    begin(*admin->async(), &context, &reader);
    reader.Start();
    const absl::Status problem = ReadAll(reader, silent, each);
    const grpc::Status call = reader.Finish();
    return problem.ok() ? Explain(call) : problem;
  }

  void Wait(absl::Duration time) {
    connection_.Wait(time, [] { return false; });
  }

  const std::string& server() const { return server_; }
  v1::Status status;  // the first one

 private:
  // For one call.
  std::unique_ptr<v1::Admin::Stub> stub() { return v1::Admin::NewStub(connection_.channel()); }

  void Authorize(grpc::ClientContext& context) const {
    if (!token_.empty()) context.AddMetadata("authorization", absl::StrCat("Bearer ", token_));
  }

  absl::Status Explain(const grpc::Status& call) const {
    return ExplainCall(call, server_, connection_.credentials(), timeout_, status.version());
  }

  template <typename Message>
  absl::Status ReadAll(StreamReader<Message>& reader, bool silent, const Each<Message>& each) {
    using Next = typename StreamReader<Message>::Next;
    const grpc::Status late(grpc::StatusCode::DEADLINE_EXCEEDED, "");
    if (!reader.Answered(timeout_)) return Explain(late);
    for (;;) {
      switch (reader.Await(silent ? absl::InfiniteDuration() : timeout_)) {
        case Next::kSilence:
          return Explain(late);
        case Next::kEnd:
          return absl::OkStatus();
        case Next::kMessage:
          SEEDFED_RETURN_IF_ERROR(each(reader.message()));
          reader.Advance();
      }
    }
  }

  const std::string server_;
  const std::string token_;
  const absl::Duration timeout_;
  ServerConnection connection_;
};

absl::StatusOr<AdminConnection> AdminConnection::Open(const AdminOptions& options) {
  const absl::StatusOr<HostPort> address = HostPort::Parse(options.server);
  if (!address.ok()) {
    return absl::InvalidArgumentError(absl::StrCat("--server: ", address.status().message()));
  }
  std::string token;
  if (!options.token_file.empty()) {
    SEEDFED_ASSIGN_OR_RETURN(token, ReadTokenFile(options.token_file));
    const std::string warning = WarningOfClearToken(options.server, options.tls);
    if (!warning.empty()) std::cerr << "seedfed: warning: " << warning << "\n";
  }
  SEEDFED_ASSIGN_OR_RETURN(ChannelCredentials credentials,
                           ChannelCredentials::Load(options.tls, SystemClock().Wall()));
  AdminConnection connection(
      std::make_unique<Calls>(options, std::move(token), std::move(credentials)));
  SEEDFED_ASSIGN_OR_RETURN(connection.calls_->status, connection.GetStatus());
  SEEDFED_RETURN_IF_ERROR(CheckVersion(connection.calls_->status, connection.calls_->server()));
  return connection;
}

AdminConnection::AdminConnection(std::unique_ptr<Calls> calls) : calls_(std::move(calls)) {}
AdminConnection::~AdminConnection() = default;
AdminConnection::AdminConnection(AdminConnection&&) noexcept = default;
AdminConnection& AdminConnection::operator=(AdminConnection&&) noexcept = default;

const v1::Status& AdminConnection::opening_status() const { return calls_->status; }

absl::StatusOr<v1::Status> AdminConnection::GetStatus() {
  return calls_->Unary(&v1::Admin::Stub::GetStatus, v1::GetStatusRequest());
}

absl::StatusOr<v1::ListClientsResponse> AdminConnection::ListClients(
    const v1::ListClientsRequest& request) {
  return calls_->Unary(&v1::Admin::Stub::ListClients, request);
}

absl::StatusOr<v1::Rounds> AdminConnection::ListRounds(const v1::ListRoundsRequest& request) {
  return calls_->Unary(&v1::Admin::Stub::ListRounds, request);
}

absl::StatusOr<v1::FederationDescription> AdminConnection::DescribeFederation() {
  return calls_->Unary(&v1::Admin::Stub::DescribeFederation, v1::DescribeFederationRequest());
}

absl::Status AdminConnection::Pause() {
  return calls_->Unary(&v1::Admin::Stub::Pause, v1::PauseRequest()).status();
}

absl::Status AdminConnection::Resume() {
  return calls_->Unary(&v1::Admin::Stub::Resume, v1::ResumeRequest()).status();
}

absl::StatusOr<v1::FinishResponse> AdminConnection::Finish() {
  return calls_->Unary(&v1::Admin::Stub::Finish, v1::FinishRequest());
}

absl::Status AdminConnection::Stop() {
  return calls_->Unary(&v1::Admin::Stub::Stop, v1::StopRequest()).status();
}

void AdminConnection::Wait(absl::Duration time) { calls_->Wait(time); }

absl::Status AdminConnection::WatchEvents(const v1::WatchEventsRequest& request,
                                          const Each<v1::Event>& each) {
  return calls_->Stream<v1::Event>(
      [&](auto& stub, auto* context, auto* reader) { stub.WatchEvents(context, &request, reader); },
      request.follow(), each);
}

absl::Status AdminConnection::ExportModel(const Each<v1::SnapshotChunk>& each) {
  const v1::ExportModelRequest request;
  return calls_->Stream<v1::SnapshotChunk>(
      [&](auto& stub, auto* context, auto* reader) { stub.ExportModel(context, &request, reader); },
      false, each);
}

absl::Status AdminConnection::ExportRounds(const v1::ExportRoundsRequest& request,
                                           const Each<v1::RoundResult>& each) {
  return calls_->Stream<v1::RoundResult>(
      [&](auto& stub, auto* context, auto* reader) {
        stub.ExportRounds(context, &request, reader);
      },
      false, each);
}

}  // namespace seedfed
