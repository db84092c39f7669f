#include "server/rpc/unary_call.h"

#include <utility>
#include <variant>

#include "server/rpc/grpc_status.h"

namespace seedfed {

namespace {

Runtime::Handler FinishWith(grpc::ServerUnaryReactor* reactor, FillAnswer fill) {
  return [reactor, fill = std::move(fill)](const Runtime::Content& content) {
    const auto* status = std::get_if<absl::Status>(&content);
    if (status == nullptr) fill(content);
    reactor->Finish(status == nullptr ? grpc::Status::OK : ToGrpc(*status));
  };
}

}  // namespace

UnaryCall::UnaryCall(Runtime& runtime, Runtime::Step step, FillAnswer fill)
    : runtime_(runtime), call_(runtime.Begin(std::move(step), FinishWith(this, std::move(fill)))) {}

grpc::ServerUnaryReactor* AnswerSoon(grpc::CallbackServerContext& context, Runtime& runtime,
                                     Runtime::Step step, FillAnswer fill) {
  grpc::ServerUnaryReactor* reactor = context.DefaultReactor();
  runtime.Begin(std::move(step), FinishWith(reactor, std::move(fill)));
  return reactor;
}

}  // namespace seedfed
