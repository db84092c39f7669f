#include "server/process/certificate_watch.h"

#include <spdlog/spdlog.h>

#include <utility>

#include "server/rpc/handshake_failures.h"

namespace seedfed {
namespace {

constexpr absl::Duration kSoon = absl::Hours(24 * 14);
constexpr absl::Duration kWarnAgain = absl::Hours(24);
constexpr absl::Duration kRefusalsAgain = absl::Seconds(10);

std::string Date(absl::Time time) {
  return absl::FormatTime("%Y-%m-%d %H:%M UTC", time, absl::UTCTimeZone());
}

}  // namespace

CertificateWatch::CertificateWatch(const boost::asio::any_io_executor& executor,
                                   const TlsFiles& files, ServerCertificates& certificates,
                                   Metrics& metrics, const Clock& clock, absl::Duration look)
    : files_(files),
      certificates_(certificates),
      metrics_(metrics),
      clock_(clock),
      look_(look),
      timer_(executor),
      next_warning_(clock.Monotonic()),
      next_refusals_(clock.Monotonic()) {}

void CertificateWatch::Start() {
  spdlog::info("clients must use TLS{}; the certificate in {} is valid until {}",
               files_.client_ca.empty() ? "" : " and show a certificate of " + files_.client_ca,
               files_.certificate, Date(certificates_.certificate_ends()));
  ReportEnds();
  metrics_.ObserveRefusedConnections(0);  // so that it is there
  Arm();
}

void CertificateWatch::Stop() {
  stopped_ = true;
  timer_.cancel();
}

void CertificateWatch::Arm() {
  timer_.expires_after(absl::ToChronoNanoseconds(look_));
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (error || stopped_) return;
    Check();
    Arm();
  });
}

void CertificateWatch::Check() {
  Refresh();
  if (clock_.Monotonic() >= next_warning_) ReportEnds();
  CountRefused();
}

void CertificateWatch::Refresh() {
  const absl::StatusOr<bool> renewed = certificates_.Refresh(clock_.Wall());
  if (!renewed.ok()) {
    // Seen twice before it is told: files are exchanged one after the other.
    const std::string problem(renewed.status().message());
    const bool again = problem == std::exchange(problem_, problem);
    if (!again) problem_told_ = false;
    if (again && !std::exchange(problem_told_, true)) {
      spdlog::warn("{}; the certificates from before stay in force", problem);
    }
    return;
  }
  problem_.clear();
  problem_told_ = false;
  if (!*renewed) return;
  spdlog::info("new connections use the new certificate in {}, valid until {}", files_.certificate,
               Date(certificates_.certificate_ends()));
  ReportEnds();
}

void CertificateWatch::ReportEnds() {
  next_warning_ = clock_.Monotonic() + kWarnAgain;
  metrics_.ObserveCertificate("server", certificates_.certificate_ends());
  WarnOfEnd(files_.certificate, certificates_.certificate_ends());
  if (const auto ends = certificates_.client_ca_ends()) {
    metrics_.ObserveCertificate("client_ca", *ends);
    WarnOfEnd(files_.client_ca, *ends);
  }
}

void CertificateWatch::WarnOfEnd(const std::string& file, absl::Time ends) const {
  const absl::Duration left = ends - clock_.Wall();
  if (left < absl::ZeroDuration()) {
    spdlog::warn("the certificate in {} expired on {}: nobody new can connect", file, Date(ends));
  } else if (left < kSoon) {
    spdlog::warn("the certificate in {} expires on {}, in {} days", file, Date(ends),
                 left / absl::Hours(24));
  }
}

void CertificateWatch::CountRefused() {
  if (HandshakeFailures failures = TakeHandshakeFailures(); failures.count > 0) {
    metrics_.ObserveRefusedConnections(failures.count);
    refused_ += failures.count;
    refusal_ = std::move(failures.last);
  }
  if (refused_ == 0 || clock_.Monotonic() < next_refusals_) return;
  next_refusals_ = clock_.Monotonic() + kRefusalsAgain;
  spdlog::warn("TLS connections that did not come about: {}; the last one: {}",
               std::exchange(refused_, 0), refusal_);
}

}  // namespace seedfed
