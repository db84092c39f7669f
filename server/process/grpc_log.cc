#include "server/process/grpc_log.h"

#include <grpc/support/log.h>

#include "absl/strings/str_cat.h"
#include "common/log/log.h"
#include "server/rpc/handshake_failures.h"

namespace seedfed {
namespace {

constexpr size_t kMostBytes = 300;  // of a message that may repeat a whole header field

void LogGrpc(gpr_log_func_args* args) {
  CountHandshakeFailure(args->message);
  LogEntry entry;
  entry.level = LogLevel::kDebug;
  entry.text = absl::StrCat("gRPC: ", absl::string_view(args->message).substr(0, kMostBytes));
  Log(entry);
}

}  // namespace

void TakeOverGrpcLog() { gpr_set_log_function(LogGrpc); }

}  // namespace seedfed
