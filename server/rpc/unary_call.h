#ifndef SEEDFED_SERVER_RPC_UNARY_CALL_H_
#define SEEDFED_SERVER_RPC_UNARY_CALL_H_

#include <grpcpp/support/server_callback.h>

#include <functional>
#include <memory>

#include "server/runtime/runtime.h"

namespace seedfed {

// Writes a call's answer from a reply that is not a status.
using FillAnswer = std::function<void(const Runtime::Content&)>;

// A unary call that waits for the runtime's reply, perhaps for long: it ends when the caller hangs
// up. Deletes itself.
class UnaryCall final : public grpc::ServerUnaryReactor {
 public:
  UnaryCall(Runtime& runtime, Runtime::Step step, FillAnswer fill);

  void OnCancel() override { runtime_.Cancel(call_); }
  void OnDone() override { delete this; }

 private:
  Runtime& runtime_;
  std::shared_ptr<Runtime::Call> call_;
};

// The same for a call that is answered soon, whether the caller hangs up or not. gRPC's own reactor
// ends it without a turn on another thread.
grpc::ServerUnaryReactor* AnswerSoon(grpc::CallbackServerContext& context, Runtime& runtime,
                                     Runtime::Step step, FillAnswer fill);

}  // namespace seedfed

#endif  // SEEDFED_SERVER_RPC_UNARY_CALL_H_
