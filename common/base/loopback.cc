#include "common/base/loopback.h"

#include <arpa/inet.h>

namespace seedfed {

bool IsLoopbackHost(const std::string& host) {
  in_addr ipv4;
  in6_addr ipv6;
  if (inet_pton(AF_INET, host.c_str(), &ipv4) == 1) return ntohl(ipv4.s_addr) >> 24 == 127;
  if (inet_pton(AF_INET6, host.c_str(), &ipv6) == 1) return IN6_IS_ADDR_LOOPBACK(&ipv6) != 0;
  return host == "localhost";
}

}  // namespace seedfed
