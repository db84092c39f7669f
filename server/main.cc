#include <spdlog/spdlog.h>
#include <unistd.h>

#include <cstdio>
#include <memory>
#include <string>
#include <utility>

#include "absl/synchronization/mutex.h"
#include "common/log/log.h"
#include "common/log/standard_streams.h"
#include "common/terminal/screen.h"
#include "common/terminal/status_line.h"
#include "server/config/server_config.h"
#include "server/process/grpc_log.h"
#include "server/process/server_process.h"

namespace seedfed {
namespace {

constexpr int kBadInput = 2;

void StartLog(const ServerConfig& config) {
  constexpr bool kStatus = false;
  SetUpLog({config.log_format, config.log_level, ScreenOf(STDERR_FILENO).color},
           std::make_shared<StatusLine>(STDERR_FILENO, kStatus));
  TakeOverGrpcLog();
}

int Main(int argc, char** argv) {
  SecureStandardStreams();
  const absl::StatusOr<ServerCommand> command = ParseServerFlags(argc, argv);
  if (!command.ok()) {
    std::fprintf(stderr, "seedfed-server: %s\n", std::string(command.status().message()).c_str());
    return kBadInput;
  }
  if (command->print) {
    std::fputs(command->print->c_str(), stdout);
    return 0;
  }
  StartLog(command->config);
  // Debian builds Abseil so that it looks for deadlocks in every lock that gRPC takes.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  const absl::Status status = RunServer(command->config);
  if (status.ok()) return 0;
  spdlog::error("{}", std::string(status.message()));
  const bool bad_input = absl::IsFailedPrecondition(status) || absl::IsInvalidArgument(status);
  return bad_input ? kBadInput : 1;
}

}  // namespace
}  // namespace seedfed

int main(int argc, char** argv) { return seedfed::Main(argc, argv); }
