#include "server/rpc/grpc_server.h"

#include <google/protobuf/stubs/logging.h>
#include <grpc/support/time.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <limits>
#include <mutex>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/clock.h"

namespace seedfed {
namespace {

constexpr int64_t kShutdownSeconds = 2;

// For a new connection until it speaks HTTP/2.
constexpr int kHandshakeMs = 20'000;
// Finds callers that are gone without a word, so that what they hold is given back.
constexpr int kKeepaliveMs = 60'000;
constexpr int kKeepaliveTimeoutMs = 20'000;

void LimitResources(const CallLimits& limits, grpc::ServerBuilder& builder) {
  const int64_t idle =
      std::min<int64_t>(absl::ToInt64Milliseconds(limits.idle), std::numeric_limits<int>::max());
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_IDLE_MS, static_cast<int>(idle));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS,
                             static_cast<int>(limits.connection_calls));
  // gRPC looks at a message's length when all of it is there. Beyond this it ends calls that hold
  // memory.
  grpc::ResourceQuota quota("calls");
  quota.Resize(limits.memory);
  builder.SetResourceQuota(quota);
  builder.AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, kHandshakeMs);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMs);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMs);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
}

// As gRPC does for those that it accepts itself.
void SetSocketOptions(int descriptor) {
  const int no_delay = 1, user_timeout_ms = kKeepaliveTimeoutMs;
  setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &no_delay, sizeof(no_delay));
  setsockopt(descriptor, IPPROTO_TCP, TCP_USER_TIMEOUT, &user_timeout_ms, sizeof(user_timeout_ms));
}

}  // namespace

absl::StatusOr<std::unique_ptr<GrpcServer>> GrpcServer::Start(
    const HostPort& listen, std::initializer_list<grpc::Service*> services, size_t most_bytes,
    const CallLimits& limits, const ServerCertificates* certificates, const Refused& refused) {
  static std::once_flag once;
  std::call_once(once, [] {
    // A message that cannot be read is its sender's fault; libprotobuf would write it to our log.
    google::protobuf::SetLogHandler(nullptr);
    grpc::EnableDefaultHealthCheckService(true);
    grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  });
  SEEDFED_ASSIGN_OR_RETURN(
      std::unique_ptr<ConnectionAcceptor> acceptor,
      ConnectionAcceptor::Listen(listen, {limits.connections, limits.address_connections},
                                 SystemClock()));
  std::unique_ptr<GrpcServer> result(new GrpcServer(std::move(acceptor), refused));
  grpc::ServerBuilder builder;
  // gRPC limits no connections, and stops to accept any when descriptors were short once.
  std::shared_ptr<grpc::experimental::ExternalConnectionAcceptor> handover =
      builder.experimental().AddExternalConnectionAcceptor(
          grpc::ServerBuilder::experimental_type::ExternalConnectionType::FROM_FD,
          certificates == nullptr ? grpc::InsecureServerCredentials()
                                  : certificates->Credentials());
  for (grpc::Service* service : services) builder.RegisterService(service);
  builder.RegisterCallbackGenericService(&result->unknown_calls_);
  builder.SetMaxReceiveMessageSize(static_cast<int>(most_bytes));
  builder.SetMaxSendMessageSize(-1);
  // Clients on lossy links ping while they wait for a round.
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 5000);
  LimitResources(limits, builder);
  result->server_ = builder.BuildAndStart();
  if (result->server_ == nullptr) {
    return absl::InternalError(absl::StrCat("gRPC cannot serve on ", listen.ToString()));
  }
  result->acceptor_->Start(
      {.accepted =
           [handover](int descriptor) {
             SetSocketOptions(descriptor);
             grpc::experimental::ExternalConnectionAcceptor::NewConnectionParameters connection;
             connection.fd = descriptor;
             handover->HandleNewConnection(&connection);
           },
       .refused =
           [refused](const absl::Status& why) {
             refused(RefusalReason::kTooManyConnections, why);
           }});
  return result;
}

GrpcServer::GrpcServer(std::unique_ptr<ConnectionAcceptor> acceptor, const Refused& refused)
    : acceptor_(std::move(acceptor)), unknown_calls_([refused](const absl::Status& why) {
        refused(RefusalReason::kUnknownMethod, why);
      }) {}

GrpcServer::~GrpcServer() { Shutdown(); }

void GrpcServer::Shutdown() {
  if (server_ == nullptr) return;
  acceptor_->Stop();
  server_->Shutdown(gpr_time_from_seconds(kShutdownSeconds, GPR_TIMESPAN));
  server_->Wait();
  server_.reset();
}

}  // namespace seedfed
