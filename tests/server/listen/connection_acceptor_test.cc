#include "server/listen/connection_acceptor.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <condition_variable>
#include <mutex>
#include <vector>

#include "tests/server/listen/filled_descriptors.h"

namespace seedfed {
namespace {

constexpr int kLongMs = 20'000;

// What an acceptor handed over, and turned away.
class Received {
 public:
  ~Received() {
    for (const int descriptor : accepted_) close(descriptor);
  }

  ConnectionAcceptor::Handlers Handlers() {
    return {.accepted =
                [this](int descriptor) {
                  const std::lock_guard lock(mutex_);
                  accepted_.push_back(descriptor);
                  changed_.notify_all();
                },
            .refused =
                [this](const absl::Status& why) {
                  const std::lock_guard lock(mutex_);
                  refused_.push_back(why);
                  changed_.notify_all();
                }};
  }

  // Until so many have come, or for a long time.
  bool Wait(size_t accepted, size_t refused, int milliseconds = kLongMs) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::milliseconds(milliseconds), [&] {
      return accepted_.size() >= accepted && refused_.size() >= refused;
    });
  }

  std::vector<absl::Status> refused() {
    const std::lock_guard lock(mutex_);
    return refused_;
  }

  // Whether the first one sends small answers at once.
  bool FirstHasNoDelay() {
    const std::lock_guard lock(mutex_);
    int on = 0;
    socklen_t length = sizeof(on);
    getsockopt(accepted_.front(), IPPROTO_TCP, TCP_NODELAY, &on, &length);
    return on != 0;
  }

  void CloseFirst() {
    const std::lock_guard lock(mutex_);
    close(accepted_.front());
    accepted_.erase(accepted_.begin());
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<int> accepted_;
  std::vector<absl::Status> refused_;
};

class Caller {
 public:
  Caller() : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {}
  explicit Caller(uint16_t port) : Caller() { Connect(port); }
  ~Caller() { close(socket_); }
  Caller(const Caller&) = delete;
  Caller& operator=(const Caller&) = delete;

  void Connect(uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
  }

  bool IsClosed() {
    pollfd waiting = {socket_, POLLIN, 0};
    char byte = 0;
    return poll(&waiting, 1, kLongMs) == 1 && recv(socket_, &byte, 1, 0) <= 0;
  }

 private:
  const int socket_;
};

std::unique_ptr<ConnectionAcceptor> Listen(const ConnectionLimits& limits) {
  auto acceptor = ConnectionAcceptor::Listen({"127.0.0.1", 0}, limits, SystemClock());
  EXPECT_TRUE(acceptor.ok()) << acceptor.status().message();
  return *std::move(acceptor);
}

TEST(ConnectionAcceptor, Connection_WaitsForTheStart) {
  Received received;
  const auto acceptor = Listen({});
  const Caller caller(acceptor->port());
  EXPECT_FALSE(received.Wait(1, 0, 20));
  acceptor->Start(received.Handlers());
  ASSERT_TRUE(received.Wait(1, 0));
  EXPECT_TRUE(received.FirstHasNoDelay());
}

TEST(ConnectionAcceptor, ConnectionsBeyondTheLimit_AreClosedAndToldOf) {
  Received received;
  const auto acceptor = Listen({.all = 10, .of_address = 2});
  acceptor->Start(received.Handlers());
  const Caller first(acceptor->port()), second(acceptor->port());
  ASSERT_TRUE(received.Wait(2, 0));
  Caller third(acceptor->port());
  EXPECT_TRUE(third.IsClosed());
  ASSERT_TRUE(received.Wait(2, 1));
  EXPECT_EQ(
      received.refused()[0],
      absl::ResourceExhaustedError("127.0.0.1 has 2 connections, as many as an address may have"));
  received.CloseFirst();
  // A look at the descriptors may have to wait a moment.
  while (!received.Wait(2, 0, 0)) Caller(acceptor->port());
}

TEST(ConnectionAcceptor, Stop_LeavesOpenConnectionsOpen) {
  Received received;
  const auto acceptor = Listen({});
  acceptor->Start(received.Handlers());
  const Caller caller(acceptor->port());
  ASSERT_TRUE(received.Wait(1, 0));
  acceptor->Stop();
  acceptor->Stop();
  EXPECT_TRUE(received.Wait(1, 0));
}

TEST(ConnectionAcceptor, WithoutStart_Ends) { Listen({}); }

TEST(ConnectionAcceptor, WithoutDescriptors_WaitsForThem) {
  Received received;
  const auto acceptor = Listen({});
  acceptor->Start(received.Handlers());
  Caller caller;
  {
    const FilledDescriptors filled;
    caller.Connect(acceptor->port());
    EXPECT_FALSE(received.Wait(1, 0, 50));
  }
  EXPECT_TRUE(received.Wait(1, 0));
}

}  // namespace
}  // namespace seedfed
