#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/clock.h"
#include "common/base/random.h"
#include "common/base/status.h"
#include "common/base/version.h"
#include "server/admission/admin_credential.h"
#include "server/config/server_config.h"
#include "server/rpc/admin_service.h"
#include "server/rpc/federation_service.h"
#include "server/rpc/grpc_server.h"
#include "server/runtime/recovery.h"
#include "server/runtime/runtime.h"
#include "server/service_manager/service_environment.h"
#include "server/service_manager/service_manager.h"
#include "server/store/sqlite_store.h"

namespace seedfed {
namespace {

constexpr int kBadInput = 2;
constexpr size_t kMessageSlack = 64 << 10;  // bytes of a request besides its words

void StartLog(const std::string& level) {
  auto log = spdlog::stderr_color_mt("seedfed-server");
  log->set_pattern("%Y-%m-%d %H:%M:%S.%e %^%l%$ %v");
  log->set_level(spdlog::level::from_str(level));
  spdlog::set_default_logger(std::move(log));
}

absl::Status WriteFile(const std::string& path, const std::string& bytes) {
  const std::string partial = absl::StrCat(path, ".part");
  std::ofstream file(partial, std::ios::binary | std::ios::trunc);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (!file || std::rename(partial.c_str(), path.c_str()) != 0) {
    return absl::UnavailableError(absl::StrCat("cannot write ", path));
  }
  return absl::OkStatus();
}

void LogEvent(const Event& event) {
  switch (event.level) {
    case Event::Level::kDebug:
      return spdlog::debug(event.text);
    case Event::Level::kInfo:
      return spdlog::info(event.text);
    case Event::Level::kWarning:
      return spdlog::warn(event.text);
  }
}

// "3 words, 1 loss"
std::string DescribeRefusals(const Refusals& refusals) {
  std::vector<std::string> parts;
  for (size_t i = 0; i < kRefusalReasons; ++i) {
    const auto reason = static_cast<RefusalReason>(i);
    if (refusals.of(reason) == 0) continue;
    parts.push_back(absl::StrCat(refusals.of(reason), " ", std::string(RefusalReasonName(reason))));
  }
  return absl::StrJoin(parts, ", ");
}

void LogStart(const FederationCore& core, const ServerConfig& config, uint16_t port) {
  const ModelSpec& spec = core.codec().spec();
  HostPort address = config.listen;
  address.port = port;
  spdlog::info("listening on {}: federation {}, model {}, {} words, {} mode, {} bytes an update",
               address.ToString(), ToHex(core.id()), DescribeLayers(spec.layers),
               std::string(CodecName(spec.codec)), std::string(ModeName(spec.mode)),
               spec.update_bytes());
  spdlog::info("{} rounds of {} are complete; waiting for {} clients", core.round(),
               config.rounds == 0 ? std::string("no planned end") : std::to_string(config.rounds),
               config.min_clients);
}

absl::Status Serve(const ServerConfig& config) {
  SEEDFED_ASSIGN_OR_RETURN(
      const ServiceEnvironment environment,
      ReadServiceEnvironment([](const char* name) { return std::getenv(name); }, getpid()));
  std::optional<AdminCredential> credential;
  if (!config.admin_token_file.empty()) {
    SEEDFED_ASSIGN_OR_RETURN(credential, AdminCredential::Load(config.admin_token_file));
  }
  SEEDFED_ASSIGN_OR_RETURN(const std::unique_ptr<Store> store,
                           OpenSqliteStore(config.store, {config.keep_update_rounds}));
  SEEDFED_ASSIGN_OR_RETURN(
      OpenedFederation federation,
      OpenFederation(*store, config, SystemRandom(), SystemClock().Monotonic()));

  boost::asio::io_context io(1);
  ServiceManager service_manager(io, environment);
  absl::Status result;
  std::thread shutdown;
  std::unique_ptr<GrpcServer> server;
  std::unique_ptr<Runtime> runtime;
  boost::asio::signal_set signals(io, SIGINT, SIGTERM);
  const auto stop = [&](const absl::Status& status) {
    if (shutdown.joinable()) return;
    result = status;
    service_manager.Stopping();
    signals.cancel();
    runtime->Stop();
    // The io_context goes on meanwhile, to answer the calls that are still open.
    shutdown = std::thread([&] {
      server->Shutdown();
      io.stop();
    });
  };
  Monitor monitor({.version = Version(),
                   .started = SystemClock().Wall(),
                   .settings = DescribeSettings(config)});
  SEEDFED_RETURN_IF_ERROR(RestoreMonitor(*store, federation, monitor));
  runtime = std::make_unique<Runtime>(io, std::move(federation.core), std::move(monitor), *store,
                                      SystemClock(), config.exit_when_done, stop);
  runtime->Observe([](const Event& event) { LogEvent(event); });
  const JoinTerms terms = {.federation_id = federation.record.id,
                           .key = federation.record.key,
                           .plan = config.training,
                           .shards = config.shards,
                           .alpha = config.alpha,
                           .rounds = config.rounds,
                           .poll = config.poll,
                           .example_cap = config.example_cap};
  FederationService federation_service(*runtime, terms);
  AdminService admin_service(*runtime, *store, terms, std::move(credential));
  SEEDFED_ASSIGN_OR_RETURN(server,
                           GrpcServer::Start(config.listen, {&federation_service, &admin_service},
                                             config.model.update_bytes() + kMessageSlack));
  LogStart(runtime->core(), config, server->port());
  if (!config.port_file.empty()) {
    SEEDFED_RETURN_IF_ERROR(WriteFile(config.port_file, absl::StrCat(server->port(), "\n")));
  }
  signals.async_wait([&](const boost::system::error_code& error, int signal) {
    if (error) return;
    spdlog::info("stopping on {}", signal == SIGINT ? "SIGINT" : "SIGTERM");
    stop(absl::OkStatus());
  });
  runtime->Start();
  service_manager.Ready();
  io.run();
  shutdown.join();

  const Model& model = runtime->core().model();
  if (!config.export_model.empty()) {
    SEEDFED_RETURN_IF_ERROR(WriteFile(config.export_model, model.SaveSnapshot()));
  }
  if (const Refusals& refused = runtime->core().refusals(); refused.sum() > 0) {
    spdlog::info("{} updates were refused: {}", refused.sum(), DescribeRefusals(refused));
  }
  spdlog::info("stopped after round {}, fingerprint {}", runtime->core().round(),
               ToHex(model.fingerprint()));
  return result;
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
  const absl::Status status = Serve(command->config);
  if (status.ok()) return 0;
  spdlog::error("{}", std::string(status.message()));
  return status.code() == absl::StatusCode::kFailedPrecondition ? kBadInput : 1;
}

}  // namespace
}  // namespace seedfed

int main(int argc, char** argv) { return seedfed::Main(argc, argv); }
