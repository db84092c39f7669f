#include "server/listen/acceptor.h"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <string>

#include "absl/strings/match.h"

namespace seedfed {
namespace {

namespace ip = boost::asio::ip;
using ip::tcp;

bool Connects(const std::string& address, uint16_t port) {
  boost::asio::io_context io;
  tcp::socket socket(io);
  boost::system::error_code error;
  socket.connect({ip::make_address(address), port}, error);
  return !error;
}

bool HasIpv6() {
  boost::asio::io_context io;
  tcp::acceptor acceptor(io);
  boost::system::error_code error;
  acceptor.open(tcp::v6(), error);
  if (!error) acceptor.bind({ip::address_v6::loopback(), 0}, error);
  return !error;
}

TEST(OpenAcceptors, AnyAddress_IsThatOfBothFamilies) {
  for (const char* host : {"0.0.0.0", "::"}) {
    boost::asio::io_context io;
    const auto acceptors = OpenAcceptors(io.get_executor(), {host, 0});
    ASSERT_TRUE(acceptors.ok()) << acceptors.status().message();
    ASSERT_EQ(acceptors->size(), 1U);
    const uint16_t port = (*acceptors)[0].local_endpoint().port();
    EXPECT_NE(port, 0);
    EXPECT_TRUE(Connects("127.0.0.1", port)) << host;
    EXPECT_EQ(Connects("::1", port), HasIpv6()) << host;
  }
}

TEST(OpenAcceptors, OneAddress_IsNoOther) {
  boost::asio::io_context io;
  const auto acceptors = OpenAcceptors(io.get_executor(), {"127.0.0.1", 0});
  ASSERT_TRUE(acceptors.ok());
  EXPECT_TRUE(Connects("127.0.0.1", (*acceptors)[0].local_endpoint().port()));
  EXPECT_FALSE(Connects("::1", (*acceptors)[0].local_endpoint().port()));
}

TEST(OpenAcceptors, Name_IsAllItsAddressesOnOnePort) {
  boost::asio::io_context io;
  const auto acceptors = OpenAcceptors(io.get_executor(), {"localhost", 0});
  ASSERT_TRUE(acceptors.ok()) << acceptors.status().message();
  for (const tcp::acceptor& acceptor : *acceptors) {
    EXPECT_EQ(acceptor.local_endpoint().port(), (*acceptors)[0].local_endpoint().port());
    EXPECT_TRUE(acceptor.local_endpoint().address().is_loopback());
  }
}

TEST(OpenAcceptors, PortOfAnother_IsUnavailable) {
  boost::asio::io_context io;
  const auto first = OpenAcceptors(io.get_executor(), {"127.0.0.1", 0});
  ASSERT_TRUE(first.ok());
  const uint16_t port = (*first)[0].local_endpoint().port();
  for (const char* host : {"127.0.0.1", "0.0.0.0"}) {
    const absl::Status second = OpenAcceptors(io.get_executor(), {host, port}).status();
    EXPECT_TRUE(absl::IsUnavailable(second));
    EXPECT_EQ(second.message(),
              absl::string_view("cannot listen on " + std::string(host) + ":" +
                                std::to_string(port) + ": Address already in use"));
  }
}

TEST(OpenAcceptors, AddressOfAnotherMachine_IsUnavailable) {
  boost::asio::io_context io;
  const absl::Status status = OpenAcceptors(io.get_executor(), {"192.0.2.1", 0}).status();
  EXPECT_TRUE(absl::IsUnavailable(status));
  EXPECT_EQ(status.message(),
            absl::string_view("cannot listen on 192.0.2.1:0: Cannot assign requested address"));
}

TEST(OpenAcceptors, UnknownHost_IsUnavailable) {
  boost::asio::io_context io;
  const absl::Status status =
      OpenAcceptors(io.get_executor(), {"no-such-host.invalid", 1}).status();
  EXPECT_TRUE(absl::StartsWith(status.message(),
                               "cannot listen on no-such-host.invalid:1: the host is not known: "));
}

}  // namespace
}  // namespace seedfed
