#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <cstdio>
#include <string>
#include <utility>

#include "server/config/server_config.h"
#include "server/process/server_process.h"

namespace seedfed {
namespace {

constexpr int kBadInput = 2;

void StartLog(const std::string& level) {
  auto log = spdlog::stderr_color_mt("seedfed-server");
  log->set_pattern("%Y-%m-%d %H:%M:%S.%e %^%l%$ %v");
  log->set_level(spdlog::level::from_str(level));
  spdlog::set_default_logger(std::move(log));
}

int Main(int argc, char** argv) {
  const absl::StatusOr<ServerCommand> command = ParseServerFlags(argc, argv);
  if (!command.ok()) {
    std::fprintf(stderr, "seedfed-server: %s\n", std::string(command.status().message()).c_str());
    return kBadInput;
  }
  if (command->print) {
    std::fputs(command->print->c_str(), stdout);
    return 0;
  }
  StartLog(command->config.log_level);
  const absl::Status status = RunServer(command->config);
  if (status.ok()) return 0;
  spdlog::error("{}", std::string(status.message()));
  return status.code() == absl::StatusCode::kFailedPrecondition ? kBadInput : 1;
}

}  // namespace
}  // namespace seedfed

int main(int argc, char** argv) { return seedfed::Main(argc, argv); }
