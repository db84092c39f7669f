#ifndef SEEDFED_SERVER_LISTEN_CONNECTION_ACCEPTOR_H_
#define SEEDFED_SERVER_LISTEN_CONNECTION_ACCEPTOR_H_

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <thread>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "server/config/server_config.h"
#include "server/listen/open_connections.h"

namespace seedfed {

// Listens, and hands every connection within the limits to whoever serves it; closes the others at
// once. Has a thread of its own, so that a flood of connections is in nobody's way. When there are
// no descriptors left it waits until there are.
class ConnectionAcceptor {
 public:
  struct Handlers {
    // Owns the connected socket, which does not block, from then on.
    std::function<void(int descriptor)> accepted;
    // Why a connection was closed; may be empty.
    std::function<void(const absl::Status& why)> refused;
  };

  // Listens, but leaves connections to wait until Start. The errors of OpenAcceptors. `clock` must
  // outlive this.
  static absl::StatusOr<std::unique_ptr<ConnectionAcceptor>> Listen(const HostPort& listen,
                                                                    const ConnectionLimits& limits,
                                                                    const Clock& clock);
  ~ConnectionAcceptor() { Stop(); }
  ConnectionAcceptor(const ConnectionAcceptor&) = delete;
  ConnectionAcceptor& operator=(const ConnectionAcceptor&) = delete;

  uint16_t port() const { return port_; }

  // Once. The handlers are called on the acceptor's thread.
  void Start(Handlers handlers);

  // Listens no more. No handler is called when this returns. May be called again.
  void Stop();

 private:
  struct Listener {
    boost::asio::ip::tcp::acceptor acceptor;
    boost::asio::steady_timer pause;
  };

  ConnectionAcceptor(const ConnectionLimits& limits, const Clock& clock)
      : clock_(clock), open_(limits, clock) {}

  // On the thread.
  void Wait(Listener& listener);
  void AcceptWaiting(Listener& listener);
  void Admit(int descriptor);
  void Pause(Listener& listener, int error);

  const Clock& clock_;
  boost::asio::io_context io_{1};
  uint16_t port_ = 0;
  std::list<Listener> listeners_;
  bool stopped_ = false;
  Handlers handlers_;
  OpenConnections open_;
  absl::Duration next_warning_;  // Clock::Monotonic
  std::thread thread_;
};

}  // namespace seedfed

#endif  // SEEDFED_SERVER_LISTEN_CONNECTION_ACCEPTOR_H_
