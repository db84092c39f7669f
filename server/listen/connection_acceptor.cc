#include "server/listen/connection_acceptor.h"

#include <netinet/in.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/post.hpp>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

#include "common/base/status.h"
#include "server/listen/acceptor.h"

namespace seedfed {
namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;

// Connections that are taken from one socket before the others get their turn.
constexpr int kInARow = 64;
// After an error such as too many open files.
constexpr std::chrono::milliseconds kPause(100);
constexpr absl::Duration kWarnAgain = absl::Seconds(10);

// Whether an error of accept is the connection's, not the listening socket's: accept(2).
bool IsOfConnection(int error) {
  switch (error) {
    case EINTR:
    case ECONNABORTED:
    case EPERM:
    case EPROTO:
    case ENETDOWN:
    case ENOPROTOOPT:
    case EHOSTDOWN:
    case ENONET:
    case EHOSTUNREACH:
    case ENETUNREACH:
    case ETIMEDOUT:
      return true;
    default:
      return false;
  }
}

// Where the other end of a socket is; nothing when it is gone.
std::optional<boost::asio::ip::address> PeerOf(int descriptor) {
  tcp::endpoint peer;
  socklen_t length = static_cast<socklen_t>(peer.capacity());
  if (getpeername(descriptor, peer.data(), &length) != 0) return std::nullopt;
  peer.resize(length);
  return peer.address();
}

}  // namespace

absl::StatusOr<std::unique_ptr<ConnectionAcceptor>> ConnectionAcceptor::Listen(
    const HostPort& listen, const ConnectionLimits& limits, const Clock& clock) {
  std::unique_ptr<ConnectionAcceptor> result(new ConnectionAcceptor(limits, clock));
  SEEDFED_ASSIGN_OR_RETURN(std::vector<tcp::acceptor> acceptors,
                           OpenAcceptors(result->io_.get_executor(), listen));
  result->port_ = acceptors[0].local_endpoint().port();
  for (tcp::acceptor& acceptor : acceptors) {
    acceptor.non_blocking(true);
    result->listeners_.push_back(
        {std::move(acceptor), boost::asio::steady_timer(result->io_.get_executor())});
  }
  return result;
}

void ConnectionAcceptor::Start(Handlers handlers) {
  handlers_ = std::move(handlers);
  for (Listener& listener : listeners_) Wait(listener);
  thread_ = std::thread([this] { io_.run(); });
}

void ConnectionAcceptor::Stop() {
  boost::asio::post(io_, [this] {
    stopped_ = true;
    listeners_.clear();
  });
  if (thread_.joinable()) {
    thread_.join();
  } else {
    io_.run();
  }
}

void ConnectionAcceptor::Wait(Listener& listener) {
  listener.acceptor.async_wait(tcp::acceptor::wait_read, [this, &listener](error_code error) {
    if (!error && !stopped_) AcceptWaiting(listener);
  });
}

void ConnectionAcceptor::AcceptWaiting(Listener& listener) {
  for (int i = 0; i < kInARow; ++i) {
    const int descriptor =
        accept4(listener.acceptor.native_handle(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (descriptor >= 0) {
      Admit(descriptor);
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      break;
    } else if (!IsOfConnection(errno)) {
      return Pause(listener, errno);
    }
  }
  Wait(listener);
}

void ConnectionAcceptor::Admit(int descriptor) {
  const auto peer = PeerOf(descriptor);
  const absl::Status room = peer.has_value() ? open_.CheckRoom(*peer) : absl::OkStatus();
  if (!peer.has_value() || !room.ok()) {
    close(descriptor);
    if (!room.ok() && handlers_.refused) handlers_.refused(room);
    return;
  }
  open_.Add(*peer, descriptor);
  handlers_.accepted(descriptor);
}

void ConnectionAcceptor::Pause(Listener& listener, int error) {
  if (const absl::Duration now = clock_.Monotonic(); now >= next_warning_) {
    next_warning_ = now + kWarnAgain;
    spdlog::warn("no connection can be accepted: {}; those that come wait", std::strerror(error));
  }
  listener.pause.expires_after(kPause);
  listener.pause.async_wait([this, &listener](error_code aborted) {
    if (!aborted && !stopped_) Wait(listener);
  });
}

}  // namespace seedfed
