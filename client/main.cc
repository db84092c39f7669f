#include <signal.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "client/config/options.h"
#include "client/driver/driver.h"
#include "client/driver/local_data.h"
#include "client/driver/report.h"
#include "client/driver/stop_signals.h"
#include "common/base/clock.h"
#include "common/base/random.h"
#include "common/base/version.h"

namespace {

constexpr int kBadInput = 2;

std::string HostName() {
  std::array<char, 256> name = {};
  if (gethostname(name.data(), name.size() - 1) != 0) return "";
  return name.data();
}

void SetUpLog(const std::string& level) {
  const auto logger = spdlog::stderr_color_mt("seedfed-client");
  logger->set_pattern("%Y-%m-%d %H:%M:%S.%e %^%l%$ %v");
  logger->set_level(spdlog::level::from_str(level));
  spdlog::set_default_logger(logger);
}

int BadInput(const absl::Status& status) {
  spdlog::error("{}", std::string(status.message()));
  return kBadInput;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace seedfed;
  BlockStopSignals();
  signal(SIGPIPE, SIG_IGN);
  std::variant<ClientOptions, EarlyExit> parsed =
      ParseClientOptions(argc, argv, HostName(), Version());
  if (const auto* early = std::get_if<EarlyExit>(&parsed)) {
    if (early->exit_status == 0) {
      std::fputs(early->text.c_str(), stdout);
    } else {
      std::fprintf(stderr, "seedfed-client: %s\n", early->text.c_str());
    }
    return early->exit_status;
  }
  auto& options = std::get<ClientOptions>(parsed);
  SetUpLog(options.log_level);

  absl::StatusOr<Dataset> data = LoadData(options.data, options.role);
  if (!data.ok()) return BadInput(data.status());
  std::optional<LineFile> report;
  if (!options.json.empty()) {
    absl::StatusOr<LineFile> file = LineFile::Open(options.json);
    if (!file.ok()) return BadInput(file.status());
    report = *std::move(file);
  }
  ClientDriver driver(std::move(options), std::string("seedfed-client ") + Version(),
                      *std::move(data), std::move(report), SystemClock(), SystemRandom());
  const StopSignalWatcher watcher([&driver] { driver.Stop(); });
  return driver.Run();
}
