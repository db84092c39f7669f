#ifndef SEEDFED_SERVER_RPC_REFUSED_STREAM_H_
#define SEEDFED_SERVER_RPC_REFUSED_STREAM_H_

#include <grpcpp/support/server_callback.h>

#include "absl/status/status.h"
#include "server/rpc/grpc_status.h"

namespace seedfed {

// A stream that ends before its first message. Deletes itself.
template <typename Message>
class RefusedStream final : public grpc::ServerWriteReactor<Message> {
 public:
  explicit RefusedStream(const absl::Status& status) { this->Finish(ToGrpc(status)); }
  void OnDone() override { delete this; }
};

}  // namespace seedfed

#endif  // SEEDFED_SERVER_RPC_REFUSED_STREAM_H_
