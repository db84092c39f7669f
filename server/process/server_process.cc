#include "server/process/server_process.h"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "common/base/random.h"
#include "common/base/status.h"
#include "common/base/version.h"
#include "server/admission/admin_credential.h"
#include "server/admission/call_admission.h"
#include "server/admission/client_tokens.h"
#include "server/http/http_server.h"
#include "server/metrics/metrics.h"
#include "server/process/certificate_watch.h"
#include "server/process/descriptor_limit.h"
#include "server/process/event_logger.h"
#include "server/process/federation_source.h"
#include "server/process/output_file.h"
#include "server/process/refused_connections.h"
#include "server/process/server_log.h"
#include "server/rpc/admin_service.h"
#include "server/rpc/federation_service.h"
#include "server/rpc/grpc_server.h"
#include "server/rpc/server_certificates.h"
#include "server/runtime/recovery.h"
#include "server/runtime/runtime.h"
#include "server/service_manager/service_environment.h"
#include "server/service_manager/service_manager.h"
#include "server/store/sqlite_store.h"

namespace seedfed {
namespace {

constexpr size_t kMessageSlack = 64 << 10;  // bytes of a request besides its words
// Files that are open besides clients' connections: the page's connections, the store's files, ...
constexpr uint32_t kOtherDescriptors = 512;

absl::Status WritePort(const std::string& file, uint16_t port) {
  return file.empty() ? absl::OkStatus() : WriteOutputFile(file, absl::StrCat(port, "\n"));
}

// The parts of a server. Each uses those above it, and is destroyed before them.
class ServerProcess {
 public:
  ServerProcess(const ServerConfig& config, const ServiceEnvironment& environment)
      : config_(config), service_manager_(io_, environment), metrics_(config.deadline) {}

  absl::Status Run() {
    SEEDFED_RETURN_IF_ERROR(OpenRuntime());
    SEEDFED_RETURN_IF_ERROR(StartHttp());
    SEEDFED_RETURN_IF_ERROR(StartGrpc());
    signals_.async_wait([this](const boost::system::error_code& error, int signal) {
      if (error) return;
      spdlog::info("stopping on {}", signal == SIGINT ? "SIGINT" : "SIGTERM");
      Stop(absl::OkStatus());
    });
    runtime_->Start();
    service_manager_.Ready();
    io_.run();
    shutdown_.join();
    if (!config_.export_model.empty()) {
      SEEDFED_RETURN_IF_ERROR(
          WriteOutputFile(config_.export_model, runtime_->core().model().SaveSnapshot()));
    }
    event_logger_->Flush();
    LogEnd(runtime_->core());
    return result_;
  }

 private:
  absl::Status OpenRuntime() {
    if (!config_.admin_token_file.empty()) {
      SEEDFED_ASSIGN_OR_RETURN(credential_, AdminCredential::Load(config_.admin_token_file));
    }
    if (config_.tls.enabled()) {
      SEEDFED_ASSIGN_OR_RETURN(certificates_,
                               ServerCertificates::Load(config_.tls, SystemClock().Wall()));
    }
    std::unique_ptr<ClientTokens> tokens;
    if (!config_.client_token_file.empty()) {
      SEEDFED_ASSIGN_OR_RETURN(tokens,
                               ClientTokens::Load(config_.client_token_file, SystemClock()));
    }
    const CallLimits& limits = config_.limits;
    admission_.emplace(std::move(tokens),
                       CallerLimits{.identity_calls = limits.calls_per_second,
                                    .address_calls = limits.address_calls_per_second,
                                    .identity_connections = limits.client_connections},
                       SystemClock());
    room_.emplace(limits.queue);
    SEEDFED_ASSIGN_OR_RETURN(store_, OpenSqliteStore(config_.store, {config_.keep_update_rounds}));
    SEEDFED_ASSIGN_OR_RETURN(
        OpenedFederation federation,
        OpenFederation(*store_, config_, SystemRandom(), SystemClock().Monotonic()));
    Monitor monitor({.version = Version(),
                     .started = SystemClock().Wall(),
                     .settings = DescribeSettings(config_)});
    SEEDFED_RETURN_IF_ERROR(RestoreMonitor(*store_, federation, monitor));
    runtime_ = std::make_unique<Runtime>(io_, std::move(federation.core), std::move(monitor),
                                         *store_, SystemClock(), config_.exit_when_done,
                                         [this](const absl::Status& status) { Stop(status); });
    event_logger_.emplace(runtime_->executor(), SystemClock());
    runtime_->Observe([this](const Event& event) {
      event_logger_->Write(event);
      metrics_.Observe(event);
    });
    runtime_->ObserveCommits([this](const StorageThread::Report& report) {
      metrics_.ObserveCommit(report.writes, report.took);
    });
    const JoinTerms terms = {.federation_id = federation.record.id,
                             .key = federation.record.key,
                             .plan = config_.training,
                             .shards = config_.shards,
                             .alpha = config_.alpha,
                             .rounds = config_.rounds,
                             .poll = config_.poll,
                             .example_cap = config_.example_cap};
    federation_service_ =
        std::make_unique<FederationService>(*runtime_, terms, &*admission_, &*room_, limits.stall);
    admin_service_ =
        std::make_unique<AdminService>(*runtime_, *store_, terms, credential_, limits.stall);
    return absl::OkStatus();
  }

  absl::Status StartHttp() {
    if (!config_.http.has_value()) return absl::OkStatus();
    source_ = std::make_unique<FederationSource>(*runtime_, metrics_);
    SEEDFED_ASSIGN_OR_RETURN(
        http_, HttpServer::Start(runtime_->executor(), *config_.http, config_.http_any_port,
                                 *source_, SystemClock(), credential_));
    return WritePort(config_.http_port_file, http_->address().port);
  }

  // The limits that are to be, as far as the process may open as many files.
  CallLimits PossibleLimits() const {
    CallLimits limits = config_.limits;
    const uint64_t files = RaiseDescriptorLimit(uint64_t{limits.connections} + kOtherDescriptors);
    const uint64_t most = files - std::min<uint64_t>(files / 2, kOtherDescriptors);
    if (most < limits.connections) {
      spdlog::warn(
          "at most {} connections, not limits.connections, {}: the process may open {} files", most,
          limits.connections, files);
      limits.connections = static_cast<uint32_t>(most);
    }
    return limits;
  }

  // On any thread: connections are refused on one only.
  void Refused(RefusalReason reason, const absl::Status& why) {
    if (reason == RefusalReason::kTooManyConnections) {
      refused_connections_->Add(why);
    } else {
      runtime_->Reject(reason, why, std::nullopt);
    }
  }

  absl::Status StartGrpc() {
    refused_connections_.emplace(*runtime_, SystemClock());
    SEEDFED_ASSIGN_OR_RETURN(
        grpc_,
        GrpcServer::Start(
            config_.listen, {federation_service_.get(), admin_service_.get()},
            config_.model.update_bytes() + kMessageSlack, PossibleLimits(), certificates_.get(),
            [this](RefusalReason reason, const absl::Status& why) { Refused(reason, why); }));
    HostPort listen = config_.listen;
    listen.port = grpc_->port();
    LogStart(runtime_->core(), config_, listen);
    if (certificates_ != nullptr) {
      certificate_watch_.emplace(runtime_->executor(), config_.tls, *certificates_, metrics_,
                                 SystemClock());
      certificate_watch_->Start();
    }
    if (http_ != nullptr) spdlog::info("page at http://{}/", http_->address().ToString());
    return WritePort(config_.port_file, listen.port);
  }

  // On the io_context's thread.
  void Stop(const absl::Status& status) {
    if (shutdown_.joinable()) return;
    result_ = status;
    service_manager_.Stopping();
    signals_.cancel();
    if (certificate_watch_) certificate_watch_->Stop();
    if (http_ != nullptr) http_->Stop();
    runtime_->Stop();
    // The io_context goes on meanwhile, to answer the calls that are still open.
    shutdown_ = std::thread([this] {
      grpc_->Shutdown();
      // After what is queued: the ends of the page's streams, too.
      boost::asio::post(runtime_->executor(), [this] { io_.stop(); });
    });
  }

  const ServerConfig& config_;
  boost::asio::io_context io_{1};
  ServiceManager service_manager_;
  boost::asio::signal_set signals_{io_, SIGINT, SIGTERM};
  std::optional<AdminCredential> credential_;
  std::optional<CallAdmission> admission_;
  std::optional<UpdateRoom> room_;
  Metrics metrics_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Runtime> runtime_;
  std::optional<EventLogger> event_logger_;
  std::unique_ptr<FederationSource> source_;
  std::unique_ptr<HttpServer> http_;
  std::unique_ptr<FederationService> federation_service_;
  std::unique_ptr<AdminService> admin_service_;
  std::unique_ptr<ServerCertificates> certificates_;
  std::optional<CertificateWatch> certificate_watch_;
  std::optional<RefusedConnections> refused_connections_;
  std::unique_ptr<GrpcServer> grpc_;
  std::thread shutdown_;
  absl::Status result_;
};

}  // namespace

absl::Status RunServer(const ServerConfig& config) {
  SEEDFED_ASSIGN_OR_RETURN(
      const ServiceEnvironment environment,
      ReadServiceEnvironment([](const char* name) { return std::getenv(name); }, getpid()));
  return ServerProcess(config, environment).Run();
}

}  // namespace seedfed
