#include "server/rpc/unary_call.h"

#include <utility>
#include <variant>

#include "server/rpc/grpc_status.h"

namespace seedfed {

UnaryCall::UnaryCall(Runtime& runtime, Runtime::Step step, Fill fill) : runtime_(runtime) {
  auto call = runtime.Begin(std::move(step),
                            [this, fill = std::move(fill)](const Runtime::Content& content) {
                              const auto* status = std::get_if<absl::Status>(&content);
                              if (status == nullptr) fill(content);
                              Finish(status == nullptr ? grpc::Status::OK : ToGrpc(*status));
                            });
  call_ = std::move(call);
}

}  // namespace seedfed
