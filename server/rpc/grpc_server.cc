#include "server/rpc/grpc_server.h"

#include <google/protobuf/stubs/logging.h>
#include <grpc/support/time.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <limits>
#include <mutex>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/listen/acceptor.h"

namespace seedfed {
namespace {

constexpr int64_t kShutdownSeconds = 2;

// For a new connection until it speaks HTTP/2.
constexpr int kHandshakeMs = 20'000;
// Finds callers that are gone without a word, so that what they hold is given back.
constexpr int kKeepaliveMs = 60'000;
constexpr int kKeepaliveTimeoutMs = 20'000;

void LimitConnections(const CallLimits& limits, grpc::ServerBuilder& builder) {
  const int64_t idle =
      std::min<int64_t>(absl::ToInt64Milliseconds(limits.idle), std::numeric_limits<int>::max());
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_IDLE_MS, static_cast<int>(idle));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS,
                             static_cast<int>(limits.connection_calls));
  builder.AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, kHandshakeMs);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMs);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMs);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
}

}  // namespace

absl::StatusOr<std::unique_ptr<GrpcServer>> GrpcServer::Start(
    const HostPort& listen, std::initializer_list<grpc::Service*> services, size_t most_bytes,
    const CallLimits& limits, const ServerCertificates* certificates) {
  static std::once_flag once;
  std::call_once(once, [] {
    // A message that cannot be read is its sender's fault; libprotobuf would write it to our log.
    google::protobuf::SetLogHandler(nullptr);
    grpc::EnableDefaultHealthCheckService(true);
    grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  });
  // gRPC itself does not say why it could not listen.
  boost::asio::io_context io;
  SEEDFED_RETURN_IF_ERROR(OpenAcceptor(io.get_executor(), listen).status());
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort(
      listen.ToString(),
      certificates == nullptr ? grpc::InsecureServerCredentials() : certificates->Credentials(),
      &port);
  for (grpc::Service* service : services) builder.RegisterService(service);
  builder.SetMaxReceiveMessageSize(static_cast<int>(most_bytes));
  builder.SetMaxSendMessageSize(-1);
  // Without this a second server could share the port unnoticed.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  // Clients on lossy links ping while they wait for a round.
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 5000);
  LimitConnections(limits, builder);
  std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr || port == 0) {
    return absl::UnavailableError(absl::StrCat("cannot listen on ", listen.ToString()));
  }
  return std::unique_ptr<GrpcServer>(
      new GrpcServer(std::move(server), static_cast<uint16_t>(port)));
}

GrpcServer::GrpcServer(std::unique_ptr<grpc::Server> server, uint16_t port)
    : server_(std::move(server)), port_(port) {}

GrpcServer::~GrpcServer() { Shutdown(); }

void GrpcServer::Shutdown() {
  if (server_ == nullptr) return;
  server_->Shutdown(gpr_time_from_seconds(kShutdownSeconds, GPR_TIMESPAN));
  server_->Wait();
  server_.reset();
}

}  // namespace seedfed
