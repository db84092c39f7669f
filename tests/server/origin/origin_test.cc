#include "server/origin/origin.h"

#include <gtest/gtest.h>

namespace seedfed {
namespace {

using boost::asio::ip::make_address;

TEST(Origin, Ipv4_IsTheAddress) {
  EXPECT_EQ(OriginOf(make_address("192.0.2.1")), make_address("192.0.2.1"));
  EXPECT_EQ(OriginOf(make_address("::ffff:192.0.2.1")), make_address("192.0.2.1"));
  EXPECT_EQ(OriginOfPeer("ipv4:192.0.2.1:999"), "192.0.2.1");
  EXPECT_EQ(OriginOfPeer("ipv6:%5B::ffff:192.0.2.1%5D:999"), "192.0.2.1");
}

TEST(Origin, Ipv6_IsTheSubscriber) {
  EXPECT_EQ(OriginOf(make_address("2001:db8:1:2:aaaa::1")), make_address("2001:db8:1:2::"));
  EXPECT_EQ(OriginOfPeer("ipv6:%5B2001:db8:1:2:aaaa::1%5D:999"), "2001:db8:1:2::");
  EXPECT_EQ(OriginOfPeer("ipv6:[2001:db8:1:2:bbbb::1]:7"), "2001:db8:1:2::");
  EXPECT_EQ(OriginOfPeer("ipv6:%5B2001:db8:1:3::1%5D:999"), "2001:db8:1:3::");
}

TEST(Origin, PeerOfAnotherKind_IsItsName) {
  EXPECT_EQ(OriginOfPeer("unix:/run/socket"), "unix");
  EXPECT_EQ(OriginOfPeer("ipv4:nonsense:1"), "ipv4:nonsense");
  EXPECT_EQ(OriginOfPeer("nothing"), "nothing");
  EXPECT_EQ(OriginOfPeer(""), "");
}

}  // namespace
}  // namespace seedfed
