#include "server/origin/origin.h"

#include <algorithm>

#include "absl/strings/str_replace.h"

namespace seedfed {

namespace ip = boost::asio::ip;

ip::address OriginOf(const ip::address& address) {
  if (!address.is_v6()) return address;
  if (address.to_v6().is_v4_mapped()) return ip::make_address_v4(ip::v4_mapped, address.to_v6());
  ip::address_v6::bytes_type bytes = address.to_v6().to_bytes();
  std::fill(bytes.begin() + 8, bytes.end(), 0);
  return ip::make_address_v6(bytes);
}

std::string OriginOfPeer(std::string_view peer) {
  const std::string place(peer.substr(0, peer.rfind(':')));
  const std::string address = absl::StrReplaceAll(
      place, {{"ipv4:", ""}, {"ipv6:", ""}, {"%5B", ""}, {"%5D", ""}, {"[", ""}, {"]", ""}});
  boost::system::error_code error;
  const ip::address parsed = ip::make_address(address, error);
  return error ? place : OriginOf(parsed).to_string();
}

}  // namespace seedfed
