#include "server/listen/acceptor.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace seedfed {

using boost::asio::ip::tcp;

absl::StatusOr<tcp::acceptor> OpenAcceptor(const boost::asio::any_io_executor& executor,
                                           const HostPort& listen) {
  boost::system::error_code error;
  const auto fail = [&](absl::string_view what) {
    return absl::UnavailableError(
        absl::StrCat("cannot listen on ", listen.ToString(), ": ", what, error.message()));
  };
  tcp::resolver resolver(executor);
  const auto found =
      resolver.resolve(listen.host, std::to_string(listen.port),
                       tcp::resolver::passive | tcp::resolver::numeric_service, error);
  if (error || found.empty()) return fail("the host is not known: ");
  const tcp::endpoint endpoint = found.begin()->endpoint();
  tcp::acceptor acceptor(executor);
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(tcp::acceptor::max_listen_connections, error);
  if (error) return fail("");
  return acceptor;
}

}  // namespace seedfed
