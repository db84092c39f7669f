#include "server/listen/open_connections.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "tests/server/admission/fake_clock.h"

namespace seedfed {
namespace {

using boost::asio::ip::make_address;

int OpenSocket() { return socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0); }

// Opens sockets, which it closes at its end.
class OpenConnectionsTest : public testing::Test {
 protected:
  ~OpenConnectionsTest() override {
    for (const int descriptor : descriptors_) close(descriptor);
  }

  int Open(OpenConnections& connections, const std::string& address) {
    const int descriptor = OpenSocket();
    descriptors_.push_back(descriptor);
    connections.Add(make_address(address), descriptor);
    return descriptor;
  }

  void Close(int descriptor) {
    std::erase(descriptors_, descriptor);
    close(descriptor);
  }

  FakeClock clock_;

 private:
  std::vector<int> descriptors_;
};

TEST_F(OpenConnectionsTest, Address_HasRoomUntilItsLimit) {
  OpenConnections connections({.all = 10, .of_address = 2}, clock_);
  const auto address = make_address("192.0.2.1");
  EXPECT_TRUE(connections.CheckRoom(address).ok());
  Open(connections, "192.0.2.1");
  EXPECT_TRUE(connections.CheckRoom(address).ok());
  Open(connections, "192.0.2.1");
  EXPECT_EQ(
      connections.CheckRoom(address),
      absl::ResourceExhaustedError("192.0.2.1 has 2 connections, as many as an address may have"));
  EXPECT_TRUE(connections.CheckRoom(make_address("192.0.2.2")).ok());
}

TEST_F(OpenConnectionsTest, All_HaveRoomUntilTheLimit) {
  OpenConnections connections({.all = 2, .of_address = 2}, clock_);
  Open(connections, "192.0.2.1");
  Open(connections, "192.0.2.2");
  EXPECT_EQ(connections.CheckRoom(make_address("192.0.2.3")),
            absl::ResourceExhaustedError("the server has 2 connections, as many as it may have"));
}

TEST_F(OpenConnectionsTest, ClosedConnection_MakesRoom) {
  OpenConnections connections({.all = 3, .of_address = 1}, clock_);
  const auto address = make_address("192.0.2.1");
  const int first = Open(connections, "192.0.2.1");
  EXPECT_FALSE(connections.CheckRoom(address).ok());
  Close(first);
  EXPECT_TRUE(connections.CheckRoom(address).ok());
  EXPECT_EQ(connections.size(), 0U);
}

TEST_F(OpenConnectionsTest, DescriptorOfAnotherFile_IsNoConnection) {
  OpenConnections connections({.all = 1, .of_address = 1}, clock_);
  const int first = Open(connections, "192.0.2.1");
  const int file = open("/dev/null", O_RDONLY | O_CLOEXEC);
  ASSERT_EQ(dup2(file, first), first);
  close(file);
  EXPECT_TRUE(connections.CheckRoom(make_address("192.0.2.1")).ok());
}

TEST_F(OpenConnectionsTest, DescriptorOfAnotherSocket_IsNoConnection) {
  OpenConnections connections({.all = 1, .of_address = 1}, clock_);
  const int first = Open(connections, "192.0.2.1");
  const int other = OpenSocket();
  ASSERT_EQ(dup2(other, first), first);
  close(other);
  EXPECT_TRUE(connections.CheckRoom(make_address("192.0.2.1")).ok());
}

TEST_F(OpenConnectionsTest, DescriptorThatComesAgain_CountsOnce) {
  OpenConnections connections({.all = 2, .of_address = 1}, clock_);
  const int first = Open(connections, "192.0.2.1");
  connections.Add(make_address("192.0.2.2"), first);
  EXPECT_EQ(connections.size(), 1U);
  EXPECT_TRUE(connections.CheckRoom(make_address("192.0.2.1")).ok());
  EXPECT_FALSE(connections.CheckRoom(make_address("192.0.2.2")).ok());
}

TEST_F(OpenConnectionsTest, SubscriberOfIpv6_IsOneAddress) {
  OpenConnections connections({.all = 10, .of_address = 1}, clock_);
  Open(connections, "2001:db8:1:2:aaaa::1");
  EXPECT_FALSE(connections.CheckRoom(make_address("2001:db8:1:2:bbbb::2")).ok());
  EXPECT_TRUE(connections.CheckRoom(make_address("2001:db8:1:3::1")).ok());
}

TEST_F(OpenConnectionsTest, MappedAddress_IsThatOfIpv4) {
  OpenConnections connections({.all = 10, .of_address = 1}, clock_);
  Open(connections, "::ffff:192.0.2.1");
  EXPECT_FALSE(connections.CheckRoom(make_address("192.0.2.1")).ok());
  EXPECT_TRUE(connections.CheckRoom(make_address("::ffff:192.0.2.2")).ok());
}

// Each look at it takes a second.
class SlowClock final : public Clock {
 public:
  absl::Duration Monotonic() const override { return now_ += absl::Seconds(1); }
  absl::Time Wall() const override { return absl::UnixEpoch(); }

 private:
  mutable absl::Duration now_;
};

TEST_F(OpenConnectionsTest, Looking_TakesATenthOfTheTime) {
  const SlowClock slow;
  OpenConnections connections({.all = 10, .of_address = 1}, slow);
  const int first = Open(connections, "192.0.2.1");
  EXPECT_FALSE(connections.CheckRoom(make_address("192.0.2.1")).ok());
  Close(first);
  int refused = 0;
  while (!connections.CheckRoom(make_address("192.0.2.1")).ok()) ++refused;
  EXPECT_EQ(refused, 9);
}

}  // namespace
}  // namespace seedfed
