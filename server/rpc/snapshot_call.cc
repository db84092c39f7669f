#include "server/rpc/snapshot_call.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "seedfed/v1/federation.grpc.pb.h"
#include "server/rpc/grpc_status.h"

namespace seedfed {
namespace {

constexpr size_t kChunkBytes = 64 << 10;

}  // namespace

SnapshotCall::SnapshotCall(Runtime& runtime, grpc::CallbackServerContext& context,
                           absl::Duration stall, ConnectionUse connection, Runtime::Step step,
                           std::function<void(size_t bytes)> found, std::function<void()> stalled)
    : runtime_(runtime), connection_(std::move(connection)) {
  call_ = runtime.Begin(
      std::move(step), [this, &context, stall, found = std::move(found),
                        stalled = std::move(stalled)](const Runtime::Content& content) {
        if (const auto* status = std::get_if<absl::Status>(&content)) {
          Finish(ToGrpc(*status));
          return;
        }
        bytes_ = std::get<SnapshotReply>(content).bytes;
        found(bytes_->size());
        watch_ = StallWatch::Begin(runtime_.executor(), stall, [&context, stalled] {
          stalled();
          context.TryCancel();
        });
        WriteNext();
      });
}

void SnapshotCall::OnDone() {
  if (watch_ != nullptr) watch_->End();
  delete this;
}

void SnapshotCall::OnWriteDone(bool ok) {
  watch_->Progress();
  if (ok) {
    WriteNext();
  } else {
    Finish(grpc::Status(grpc::StatusCode::CANCELLED, "the caller has hung up"));
  }
}

void SnapshotCall::WriteNext() {
  if (sent_ == bytes_->size()) {
    Finish(grpc::Status::OK);
    return;
  }
  const size_t count = std::min(kChunkBytes, bytes_->size() - sent_);
  v1::SnapshotChunk chunk;
  chunk.set_total_bytes(bytes_->size());
  chunk.set_data(bytes_->data() + sent_, count);
  sent_ += count;
  chunk_.Clear();
  bool own = false;
  grpc::SerializationTraits<v1::SnapshotChunk>::Serialize(chunk, &chunk_, &own);
  StartWrite(&chunk_);
}

}  // namespace seedfed
