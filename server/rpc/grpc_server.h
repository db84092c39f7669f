#ifndef SEEDFED_SERVER_RPC_GRPC_SERVER_H_
#define SEEDFED_SERVER_RPC_GRPC_SERVER_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>

#include "common/base/status.h"
#include "server/config/server_config.h"
#include "server/core/event.h"
#include "server/listen/connection_acceptor.h"
#include "server/rpc/server_certificates.h"
#include "server/rpc/unknown_calls.h"

namespace grpc {
class Server;
class Service;
}  // namespace grpc

namespace seedfed {

// A listening gRPC server with the standard health and reflection services.
class GrpcServer {
 public:
  using Refused = std::function<void(RefusalReason reason, const absl::Status& why)>;

  // Serves `services`, which must outlive this, and `certificates` too, if any: with them by TLS
  // only. `most_bytes` limits a received message, `limits` connections and memory. `refused`
  // is told, on any thread, why a connection was closed at once, or a call refused that reached no
  // service. Unavailable when the address cannot be listened on.
  static absl::StatusOr<std::unique_ptr<GrpcServer>> Start(
      const HostPort& listen, std::initializer_list<grpc::Service*> services, size_t most_bytes,
      const CallLimits& limits = {}, const ServerCertificates* certificates = nullptr,
      const Refused& refused = [](RefusalReason, const absl::Status&) {});
  ~GrpcServer();

  // The port it listens on.
  uint16_t port() const { return acceptor_->port(); }

  // Takes no more calls and waits until the open ones have been answered, at most two seconds; then
  // ends them.
  void Shutdown();

 private:
  explicit GrpcServer(std::unique_ptr<ConnectionAcceptor> acceptor, const Refused& refused);

  std::unique_ptr<ConnectionAcceptor> acceptor_;
  UnknownCalls unknown_calls_;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace seedfed

#endif  // SEEDFED_SERVER_RPC_GRPC_SERVER_H_
