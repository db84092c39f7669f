#include "server/http/listener.h"

#include <chrono>
#include <utility>

#include "server/http/connection.h"

namespace seedfed {
namespace {

using boost::asio::ip::tcp;

// More connections than the limit of which each is told so; others are closed at once.
constexpr size_t kTurnedAway = 64;
// After an error such as too many open files.
constexpr std::chrono::milliseconds kPause(100);

}  // namespace

Listener::Listener(tcp::acceptor acceptor, std::shared_ptr<HttpSite> site)
    : acceptor_(std::move(acceptor)), pause_(acceptor_.get_executor()), site_(std::move(site)) {}

void Listener::Close() {
  boost::system::error_code ignored;
  acceptor_.close(ignored);
  pause_.cancel();
}

void Listener::Accept() {
  acceptor_.async_accept(
      [self = shared_from_this()](const boost::system::error_code& error, tcp::socket socket) {
        if (!self->acceptor_.is_open()) return;
        if (error) return self->AcceptLater();
        self->Admit(std::move(socket));
        self->Accept();
      });
}

void Listener::Admit(tcp::socket socket) {
  const size_t open = site_->connections(), most = site_->limits().connections;
  if (open >= most + kTurnedAway) return;
  boost::system::error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  const auto connection = std::make_shared<Connection>(std::move(socket), site_);
  open < most ? connection->Start() : connection->TurnAway();
}

void Listener::AcceptLater() {
  pause_.expires_after(kPause);
  pause_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
    if (!error) self->Accept();
  });
}

}  // namespace seedfed
