#ifndef SEEDFED_SERVER_PROCESS_CERTIFICATE_WATCH_H_
#define SEEDFED_SERVER_PROCESS_CERTIFICATE_WATCH_H_

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <string>

#include "absl/time/time.h"
#include "common/base/clock.h"
#include "server/config/server_config.h"
#include "server/metrics/metrics.h"
#include "server/rpc/server_certificates.h"

namespace seedfed {

// Looks, once a second, whether the certificate files have changed and whether clients were
// refused, and tells the log and the metrics: what is in force, what is wrong with new files, and
// daily when a certificate ends within two weeks. All calls on the executor.
class CertificateWatch {
 public:
  // All must outlive this. `look`: the time between two looks.
  CertificateWatch(const boost::asio::any_io_executor& executor, const TlsFiles& files,
                   ServerCertificates& certificates, Metrics& metrics, const Clock& clock,
                   absl::Duration look = absl::Seconds(1));

  // Tells what is in force, and goes on until Stop.
  void Start();
  void Stop();

 private:
  void Arm();
  void Check();
  void Refresh();
  void ReportEnds();
  void WarnOfEnd(const std::string& file, absl::Time ends) const;
  void CountRefused();

  const TlsFiles& files_;
  ServerCertificates& certificates_;
  Metrics& metrics_;
  const Clock& clock_;
  const absl::Duration look_;
  boost::asio::steady_timer timer_;
  bool stopped_ = false;
  std::string problem_;           // of the files, at the last look; empty: none
  bool problem_told_ = false;     // to the log
  absl::Duration next_warning_;   // monotonic
  absl::Duration next_refusals_;  // monotonic
  uint64_t refused_ = 0;          // and not yet told
  std::string refusal_;           // why the last one was
};

}  // namespace seedfed

#endif  // SEEDFED_SERVER_PROCESS_CERTIFICATE_WATCH_H_
