#include "server/config/server_config.h"

#include <algorithm>
#include <bit>
#include <cctype>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/loopback.h"

namespace seedfed {

absl::StatusOr<HostPort> HostPort::Parse(absl::string_view text) {
  const auto refuse = [text](absl::string_view why) {
    return absl::InvalidArgumentError(absl::StrCat("address '", text, "' ", why));
  };
  HostPort out;
  const size_t colon = text.rfind(':');
  if (colon == absl::string_view::npos)
    return refuse("has no port; expected HOST:PORT, such as 127.0.0.1:7733");
  absl::string_view host = text.substr(0, colon);
  const absl::string_view port = text.substr(colon + 1);
  const bool brackets = host.size() >= 2 && host.front() == '[' && host.back() == ']';
  if (brackets) host = host.substr(1, host.size() - 2);
  if (host.empty())
    return refuse("has no host; expected HOST:PORT, such as 0.0.0.0:7733 for every interface");
  if (!brackets && host.find(':') != absl::string_view::npos) {
    return refuse("has an IPv6 address without brackets; expected [HOST]:PORT, such as [::1]:7733");
  }
  const auto allowed = [brackets](unsigned char c) {
    return std::isalnum(c) != 0 || c == '.' || c == '-' ||
           (brackets ? c == ':' || c == '%' : c == '_');
  };
  if (!std::all_of(host.begin(), host.end(), allowed)) {
    return refuse(
        "has a character that is in no host name; expected HOST:PORT, such as 127.0.0.1:7733");
  }
  const bool digits = !port.empty() && std::all_of(port.begin(), port.end(), [](unsigned char c) {
    return std::isdigit(c) != 0;
  });
  uint32_t number = 0;
  if (!digits || !absl::SimpleAtoi(port, &number) || number > 65535) {
    return refuse("has no port from 0 to 65535 after its last colon");
  }
  out.host = std::string(host);
  out.port = static_cast<uint16_t>(number);
  return out;
}

std::string HostPort::ToString() const {
  const bool ipv6 = host.find(':') != std::string::npos;
  return ipv6 ? absl::StrCat("[", host, "]:", port) : absl::StrCat(host, ":", port);
}

bool HostPort::IsLoopback() const { return IsLoopbackHost(host); }

double DefaultLearningRate(Codec codec, Mode /*mode*/, uint32_t tile) {
  if (codec == Codec::kDense) return 0.001;
  // Measured for tile sides 4, 8, 16, 32, 64, 128 and 256.
  constexpr double kRates[] = {0.1, 0.1, 0.2, 0.3, 0.4, 0.5, 0.5};
  const int doublings = std::bit_width(std::clamp(tile, 4U, 256U)) - std::bit_width(4U);
  return kRates[doublings];
}

}  // namespace seedfed
