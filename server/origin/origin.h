#ifndef SEEDFED_SERVER_ORIGIN_ORIGIN_H_
#define SEEDFED_SERVER_ORIGIN_ORIGIN_H_

#include <boost/asio/ip/address.hpp>
#include <string>
#include <string_view>

namespace seedfed {

// Where a caller is, for limits: an IPv4 address, or the first 64 bits of one of IPv6 (the others
// 0), for a subscriber of IPv6 has 2^64 addresses at least (RFC 6177). What stands for IPv4 in IPv6
// is the IPv4 address.
boost::asio::ip::address OriginOf(const boost::asio::ip::address& address);

// The same, as text, for a peer as gRPC names it: "ipv4:192.0.2.1:999" or
// "ipv6:%5B2001:db8::1%5D:999". What is neither is taken without what follows its last colon.
std::string OriginOfPeer(std::string_view peer);

}  // namespace seedfed

#endif  // SEEDFED_SERVER_ORIGIN_ORIGIN_H_
