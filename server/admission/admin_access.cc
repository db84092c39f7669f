#include "server/admission/admin_access.h"

#include <boost/asio/ip/address.hpp>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"

namespace seedfed {
namespace {

constexpr absl::string_view kScheme = "Bearer ";

bool IsLoopback(const boost::asio::ip::address& address) {
  if (address.is_v6() && address.to_v6().is_v4_mapped()) {
    return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, address.to_v6())
        .is_loopback();
  }
  return address.is_loopback();
}

}  // namespace

bool IsLocalPeer(std::string_view peer) {
  absl::string_view rest(peer.data(), peer.size());
  if (absl::StartsWith(rest, "unix:") || absl::StartsWith(rest, "unix-abstract:")) return true;
  if (!absl::StartsWith(rest, "ipv4:") && !absl::StartsWith(rest, "ipv6:")) return false;
  rest.remove_prefix(5);
  const size_t colon = rest.rfind(':');
  if (colon == absl::string_view::npos) return false;
  // gRPC percent-encodes the brackets around an IPv6 address.
  const std::string host = absl::StrReplaceAll(
      rest.substr(0, colon),
      {{"%5B", ""}, {"%5D", ""}, {"%5b", ""}, {"%5d", ""}, {"[", ""}, {"]", ""}});
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(host, error);
  return !error && IsLoopback(address);
}

absl::Status CheckAdminAccess(const std::optional<AdminCredential>& credential,
                              std::string_view peer,
                              std::optional<std::string_view> authorization) {
  if (!credential.has_value()) {
    if (IsLocalPeer(peer)) return absl::OkStatus();
    return absl::PermissionDeniedError(
        "the server takes admin calls from its own machine only; set its admin.token_file to take "
        "them from elsewhere");
  }
  if (!authorization.has_value()) {
    return absl::UnauthenticatedError("the server's admin calls need its admin token");
  }
  const absl::string_view given(authorization->data(), authorization->size());
  if (!absl::StartsWithIgnoreCase(given, kScheme) ||
      !credential->Matches(authorization->substr(kScheme.size()))) {
    return absl::UnauthenticatedError("the admin token is not this server's");
  }
  return absl::OkStatus();
}

}  // namespace seedfed
