#ifndef SEEDFED_SERVER_RPC_SNAPSHOT_CALL_H_
#define SEEDFED_SERVER_RPC_SNAPSHOT_CALL_H_

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "server/admission/client_connections.h"
#include "server/rpc/stall_watch.h"
#include "server/runtime/runtime.h"

namespace seedfed {

// Sends a snapshot, the runtime's reply, in chunks. Ends as cancelled when the reader takes nothing
// for a time. Deletes itself.
class SnapshotCall final : public grpc::ServerWriteReactor<grpc::ByteBuffer> {
 public:
  // `found` is called on the strand with the size of the snapshot, before any of it is sent.
  // `stall`: the longest time without progress, at most doubled; `stalled` is called, on the
  // strand's executor, when it is over.
  SnapshotCall(Runtime& runtime, grpc::CallbackServerContext& context, absl::Duration stall,
               ConnectionUse connection, Runtime::Step step,
               std::function<void(size_t bytes)> found, std::function<void()> stalled);

  void OnWriteDone(bool ok) override;
  void OnCancel() override { runtime_.Cancel(call_); }
  void OnDone() override;

 private:
  void WriteNext();

  Runtime& runtime_;
  const ConnectionUse connection_;
  std::shared_ptr<StallWatch> watch_;  // from the first write on
  std::shared_ptr<Runtime::Call> call_;
  std::shared_ptr<const std::string> bytes_;
  size_t sent_ = 0;
  grpc::ByteBuffer chunk_;  // a v1::SnapshotChunk
};

}  // namespace seedfed

#endif  // SEEDFED_SERVER_RPC_SNAPSHOT_CALL_H_
