#include "server/service_manager/service_manager.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <optional>
#include <string>

namespace seedfed {
namespace {

using Datagram = boost::asio::local::datagram_protocol;

// The end of the socket on which a service manager listens.
class ServiceManagerTest : public ::testing::Test {
 protected:
  ServiceManagerTest() : folder_(testing::TempDir() + "seedfed-notify-XXXXXX") {
    if (mkdtemp(folder_.data()) == nullptr) ADD_FAILURE() << "cannot make a folder at " << folder_;
  }
  ~ServiceManagerTest() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  std::string SocketPath() const { return folder_ + "/notify"; }

  void Listen(const std::string& address) {
    listener_.emplace(loop_, Datagram::endpoint(address));
    listener_->non_blocking(true);
  }

  // What has arrived; empty if nothing has.
  std::string Received() {
    std::array<char, 256> bytes;
    boost::system::error_code error;
    const size_t size = listener_->receive(boost::asio::buffer(bytes), 0, error);
    return error ? "" : std::string(bytes.data(), size);
  }

  boost::asio::io_context loop_;
  std::optional<Datagram::socket> listener_;

 private:
  std::string folder_;
};

TEST_F(ServiceManagerTest, ReadyAndStopping_AreOneDatagramEach) {
  Listen(SocketPath());
  ServiceManager manager(loop_, {.notify_socket = SocketPath()});
  EXPECT_EQ(Received(), "");
  manager.Ready();
  EXPECT_EQ(Received(), "READY=1");
  manager.Stopping();
  EXPECT_EQ(Received(), "STOPPING=1");
  EXPECT_EQ(Received(), "");
  EXPECT_EQ(loop_.run(), 0u) << "without a watchdog the loop has nothing to do";
}

TEST_F(ServiceManagerTest, AbstractAddress_IsReached) {
  const std::string name =
      "seedfed-test-" + std::filesystem::path(SocketPath()).parent_path().filename().string();
  Listen(std::string(1, '\0') + name);
  ServiceManager manager(loop_, {.notify_socket = "@" + name});
  manager.Ready();
  EXPECT_EQ(Received(), "READY=1");
}

TEST_F(ServiceManagerTest, Watchdog_SignsOfLifeComeFromTheLoopOnly) {
  Listen(SocketPath());
  ServiceManager manager(loop_, {.notify_socket = SocketPath(), .watchdog = absl::Milliseconds(2)});
  EXPECT_EQ(loop_.poll(), 0u) << "a service that is not ready has no watchdog";
  loop_.restart();
  manager.Ready();
  EXPECT_EQ(Received(), "READY=1");
  EXPECT_EQ(Received(), "WATCHDOG=1");
  EXPECT_EQ(Received(), "") << "the loop does not run";
  for (int i = 0; i < 3; ++i) {
    loop_.run_one();
    EXPECT_EQ(Received(), "WATCHDOG=1");
  }
  manager.Stopping();
  EXPECT_EQ(Received(), "STOPPING=1");
  loop_.run_one();
  EXPECT_EQ(Received(), "WATCHDOG=1") << "stopping may hang too";
}

TEST_F(ServiceManagerTest, NoManager_Silent) {
  ServiceManager manager(loop_, {.watchdog = absl::Milliseconds(2)});
  manager.Ready();
  manager.Stopping();
  EXPECT_EQ(loop_.run(), 0u);
}

TEST_F(ServiceManagerTest, ManagerGone_TheLoopGoesOn) {
  ServiceManager manager(loop_, {.notify_socket = SocketPath(), .watchdog = absl::Milliseconds(2)});
  manager.Ready();
  loop_.run_one();
  Listen(SocketPath());
  loop_.run_one();
  EXPECT_EQ(Received(), "WATCHDOG=1");
}

TEST_F(ServiceManagerTest, ManagerThatDoesNotRead_DoesNotStopTheLoop) {
  Listen(SocketPath());
  ServiceManager manager(loop_, {.notify_socket = SocketPath()});
  for (int i = 0; i < 5000; ++i) manager.Ready();  // more than any socket's queue
  EXPECT_EQ(Received(), "READY=1");
}

}  // namespace
}  // namespace seedfed
