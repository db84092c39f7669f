#include "server/listen/acceptor.h"

#include <algorithm>
#include <boost/asio/ip/v6_only.hpp>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/base/status.h"

namespace seedfed {
namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;

absl::Status CannotListen(const HostPort& listen, absl::string_view why, const error_code& error) {
  return absl::UnavailableError(
      absl::StrCat("cannot listen on ", listen.ToString(), ": ", why, error.message()));
}

absl::StatusOr<std::vector<tcp::endpoint>> Resolve(const boost::asio::any_io_executor& executor,
                                                   const HostPort& listen) {
  error_code error;
  tcp::resolver resolver(executor);
  const auto found =
      resolver.resolve(listen.host, std::to_string(listen.port),
                       tcp::resolver::passive | tcp::resolver::numeric_service, error);
  if (error || found.empty()) return CannotListen(listen, "the host is not known: ", error);
  std::vector<tcp::endpoint> endpoints;
  for (const auto& entry : found) {
    if (std::find(endpoints.begin(), endpoints.end(), entry.endpoint()) == endpoints.end()) {
      endpoints.push_back(entry.endpoint());
    }
  }
  return endpoints;
}

// `both`: an IPv6 socket takes IPv4 connections too.
tcp::acceptor Listen(const boost::asio::any_io_executor& executor, const tcp::endpoint& endpoint,
                     bool both, error_code& error) {
  tcp::acceptor acceptor(executor);
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error && endpoint.protocol() == tcp::v6()) {
    acceptor.set_option(boost::asio::ip::v6_only(!both), error);
  }
  // Inherited by what is accepted: an answer must not wait for the acknowledgement of another one.
  if (!error) acceptor.set_option(tcp::no_delay(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(tcp::acceptor::max_listen_connections, error);
  return acceptor;
}

bool IsMissingFamily(const error_code& error) {
  return error == boost::asio::error::address_family_not_supported ||
         error == boost::system::errc::address_not_available;
}

}  // namespace

absl::StatusOr<tcp::acceptor> OpenAcceptor(const boost::asio::any_io_executor& executor,
                                           const HostPort& listen) {
  SEEDFED_ASSIGN_OR_RETURN(const std::vector<tcp::endpoint> endpoints, Resolve(executor, listen));
  error_code error;
  tcp::acceptor acceptor = Listen(executor, endpoints[0], true, error);
  if (error) return CannotListen(listen, "", error);
  return acceptor;
}

absl::StatusOr<std::vector<tcp::acceptor>> OpenAcceptors(
    const boost::asio::any_io_executor& executor, const HostPort& listen) {
  SEEDFED_ASSIGN_OR_RETURN(std::vector<tcp::endpoint> endpoints, Resolve(executor, listen));
  std::vector<tcp::acceptor> acceptors;
  const bool all = endpoints[0].address().is_unspecified();
  if (all) {
    // The second one only where the first one's family is missing.
    endpoints = {{boost::asio::ip::address_v6::any(), listen.port},
                 {boost::asio::ip::address_v4::any(), listen.port}};
  }
  error_code error;
  for (tcp::endpoint endpoint : endpoints) {
    if (!acceptors.empty()) {
      if (all) break;
      endpoint.port(acceptors[0].local_endpoint().port());
    }
    tcp::acceptor acceptor = Listen(executor, endpoint, all, error);
    if (!error) {
      acceptors.push_back(std::move(acceptor));
    } else if (!IsMissingFamily(error)) {
      return CannotListen(listen, "", error);
    }
  }
  if (acceptors.empty()) return CannotListen(listen, "", error);
  return acceptors;
}

}  // namespace seedfed
