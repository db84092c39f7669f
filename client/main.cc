#include <spdlog/spdlog.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "client/config/options.h"
#include "client/driver/driver.h"
#include "client/driver/local_data.h"
#include "client/driver/report.h"
#include "client/driver/stop_signals.h"
#include "client/progress/progress_display.h"
#include "common/base/clock.h"
#include "common/base/random.h"
#include "common/base/version.h"
#include "common/log/log.h"
#include "common/log/standard_streams.h"
#include "common/terminal/screen.h"
#include "common/terminal/status_line.h"
#include "common/tls/channel_credentials.h"
#include "common/tls/tls_options.h"
#include "common/token/token_file.h"

namespace {

constexpr int kBadInput = 2;

std::string HostName() {
  std::array<char, 256> name = {};
  if (gethostname(name.data(), name.size() - 1) != 0) return "";
  return name.data();
}

int BadInput(const absl::Status& status) {
  spdlog::error("{}", std::string(status.message()));
  return kBadInput;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace seedfed;
  SecureStandardStreams();
  BlockStopSignals();
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
  const Screen screen = ScreenOf(STDERR_FILENO);
  const auto log_lines = std::make_shared<StatusLine>(STDERR_FILENO, screen.live);
  SetUpLog({options.log_format, options.log_level, screen.color}, log_lines);

  if (!options.token_file.empty()) {
    const absl::StatusOr<std::string> token = ReadTokenFile(options.token_file, "token");
    if (!token.ok()) return BadInput(token.status());
    const std::string warning = WarningOfClearToken(options.server, options.tls);
    if (!warning.empty()) spdlog::warn("{}", warning);
  }
  absl::StatusOr<ChannelCredentials> credentials =
      ChannelCredentials::Load(options.tls, SystemClock().Wall());
  if (!credentials.ok()) return BadInput(credentials.status());
  absl::StatusOr<Dataset> data = LoadData(options.data, options.role);
  if (!data.ok()) return BadInput(data.status());
  std::optional<LineFile> report;
  if (!options.json.empty()) {
    absl::StatusOr<LineFile> file = LineFile::Open(options.json);
    if (!file.ok()) return BadInput(file.status());
    report = *std::move(file);
  }
  // Lines on standard output would run into the bar when both are the terminal.
  const bool lines_on_terminal = options.json == "-" && isatty(STDOUT_FILENO) != 0;
  std::optional<ProgressDisplay> display;
  ClientDriver::ShowProgress show;
  if (screen.live && options.progress && options.log_format == LogFormat::kText &&
      !lines_on_terminal) {
    display.emplace(log_lines, screen, SystemClock());
    show = [&display](const ClientProgress& progress) { display->Set(progress); };
  }
  ClientDriver driver(std::move(options), *std::move(credentials),
                      std::string("seedfed-client ") + Version(), *std::move(data),
                      std::move(report), SystemClock(), SystemRandom(), std::move(show));
  const StopSignalWatcher watcher([&driver] { driver.Stop(); });
  return driver.Run();
}
