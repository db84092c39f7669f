#ifndef SEEDFED_SERVER_RPC_UNKNOWN_CALLS_H_
#define SEEDFED_SERVER_RPC_UNKNOWN_CALLS_H_

#include <grpcpp/generic/async_generic_service.h>

#include <functional>
#include <utility>

#include "absl/status/status.h"

namespace seedfed {

// Answers the calls of methods that no service has. Thread-safe.
class UnknownCalls final : public grpc::CallbackGenericService {
 public:
  // `refused` is told of each, on any thread.
  explicit UnknownCalls(std::function<void(const absl::Status&)> refused)
      : refused_(std::move(refused)) {}

  grpc::ServerGenericBidiReactor* CreateReactor(
      grpc::GenericCallbackServerContext* context) override;

 private:
  const std::function<void(const absl::Status&)> refused_;
};

}  // namespace seedfed

#endif  // SEEDFED_SERVER_RPC_UNKNOWN_CALLS_H_
