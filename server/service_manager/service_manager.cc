#include "server/service_manager/service_manager.h"

#include <spdlog/spdlog.h>

#include <boost/asio/buffer.hpp>
#include <string>

namespace seedfed {
namespace {

// An abstract address begins with a zero byte, which environment variables cannot hold.
std::string AddressBytes(std::string name) {
  if (!name.empty() && name.front() == '@') name.front() = '\0';
  return name;
}

}  // namespace

ServiceManager::ServiceManager(boost::asio::io_context& loop, const ServiceEnvironment& environment)
    : socket_(loop),
      manager_(AddressBytes(environment.notify_socket)),
      timer_(loop),
      watchdog_(environment.watchdog),
      present_(!environment.notify_socket.empty()) {}

void ServiceManager::Ready() {
  Send("READY=1");
  if (present_ && watchdog_ > absl::ZeroDuration()) SendSignOfLife();
}

void ServiceManager::Stopping() { Send("STOPPING=1"); }

void ServiceManager::Send(absl::string_view message) {
  if (!present_) return;
  boost::system::error_code error;
  if (!socket_.is_open()) {
    socket_.open({}, error);
    // A manager that does not read must not stop the loop.
    if (!error) socket_.non_blocking(true, error);
  }
  if (!error) {
    socket_.send_to(boost::asio::buffer(message.data(), message.size()), manager_, 0, error);
  }
  if (error) {
    spdlog::warn("cannot tell the service manager {}: {}", std::string(message), error.message());
  }
}

void ServiceManager::SendSignOfLife() {
  Send("WATCHDOG=1");
  timer_.expires_after(absl::ToChronoNanoseconds(watchdog_ / 2));
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) SendSignOfLife();
  });
}

}  // namespace seedfed
