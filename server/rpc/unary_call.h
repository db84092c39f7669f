#ifndef SEEDFED_SERVER_RPC_UNARY_CALL_H_
#define SEEDFED_SERVER_RPC_UNARY_CALL_H_

#include <grpcpp/support/server_callback.h>

#include <functional>
#include <memory>

#include "server/runtime/runtime.h"

namespace seedfed {

// A unary call that waits for the runtime's reply. Deletes itself.
class UnaryCall final : public grpc::ServerUnaryReactor {
 public:
  // `fill` writes the answer from a reply that is not a status.
  using Fill = std::function<void(const Runtime::Content&)>;

  UnaryCall(Runtime& runtime, Runtime::Step step, Fill fill);

  void OnCancel() override { runtime_.Cancel(call_); }
  void OnDone() override { delete this; }

 private:
  Runtime& runtime_;
  std::shared_ptr<Runtime::Call> call_;
};

}  // namespace seedfed

#endif  // SEEDFED_SERVER_RPC_UNARY_CALL_H_
