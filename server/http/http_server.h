#ifndef SEEDFED_SERVER_HTTP_HTTP_SERVER_H_
#define SEEDFED_SERVER_HTTP_HTTP_SERVER_H_

#include <boost/asio/any_io_executor.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "server/admission/admin_credential.h"
#include "server/config/server_config.h"
#include "server/http/http_limits.h"
#include "server/http/source.h"

namespace seedfed {

class HttpSite;
class Listener;

// Serves the page, its JSON, its events, the metrics and the probes.
class HttpServer {
 public:
  // Listens on `listen`, or with `any_port` on any free port where that is taken, and serves on
  // `executor`, one handler at a time. `source` and `clock` must outlive this. Unavailable when the
  // address cannot be listened on.
  static absl::StatusOr<std::unique_ptr<HttpServer>> Start(
      const boost::asio::any_io_executor& executor, const HostPort& listen, bool any_port,
      Source& source, const Clock& clock, std::optional<AdminCredential> credential,
      HttpLimits limits = {});

  // Cuts off what is still open. On the executor, or while nothing runs on it.
  ~HttpServer();

  // Where it listens.
  const HostPort& address() const { return address_; }

  // Ends the streams of events in good order; /readyz answers 503 from now on, everything else goes
  // on. On the executor.
  void Stop();

 private:
  HttpServer(HostPort address, std::shared_ptr<HttpSite> site, std::shared_ptr<Listener> listener);

  const HostPort address_;
  const std::shared_ptr<HttpSite> site_;
  const std::shared_ptr<Listener> listener_;
};

}  // namespace seedfed

#endif  // SEEDFED_SERVER_HTTP_HTTP_SERVER_H_
