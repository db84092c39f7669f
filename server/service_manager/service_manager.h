#ifndef SEEDFED_SERVER_SERVICE_MANAGER_SERVICE_MANAGER_H_
#define SEEDFED_SERVER_SERVICE_MANAGER_SERVICE_MANAGER_H_

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/datagram_protocol.hpp>
#include <boost/asio/steady_timer.hpp>

#include "absl/strings/string_view.h"
#include "server/service_manager/service_environment.h"

namespace seedfed {

// Tells the service manager that started this process how it is (systemd's sd_notify protocol: one
// datagram a message). Silent when there is none. A message that cannot be sent is logged and
// otherwise ignored: the manager draws its own conclusions. Not thread-safe: use it on `loop`'s
// thread, or while `loop` does not run.
class ServiceManager {
 public:
  // `loop` is what the watchdog watches.
  ServiceManager(boost::asio::io_context& loop, const ServiceEnvironment& environment);

  // The service serves. From now on, if the manager has a watchdog, `loop` sends it a sign of life
  // twice in every interval, so a loop that hangs is noticed.
  void Ready();

  // The service begins to stop. The signs of life go on: a stop that hangs is noticed too.
  void Stopping();

 private:
  void Send(absl::string_view message);
  void SendSignOfLife();

  boost::asio::local::datagram_protocol::socket socket_;
  boost::asio::local::datagram_protocol::endpoint manager_;
  boost::asio::steady_timer timer_;
  const absl::Duration watchdog_;
  const bool present_;
};

}  // namespace seedfed

#endif  // SEEDFED_SERVER_SERVICE_MANAGER_SERVICE_MANAGER_H_
