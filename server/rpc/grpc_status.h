#ifndef SEEDFED_SERVER_RPC_GRPC_STATUS_H_
#define SEEDFED_SERVER_RPC_GRPC_STATUS_H_

#include <grpcpp/support/status.h>

#include <string>

#include "absl/status/status.h"

namespace seedfed {

// The same code and sentence: the codes have the same numbers.
inline grpc::Status ToGrpc(const absl::Status& status) {
  return {static_cast<grpc::StatusCode>(status.code()), std::string(status.message())};
}

}  // namespace seedfed

#endif  // SEEDFED_SERVER_RPC_GRPC_STATUS_H_
