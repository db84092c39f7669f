#ifndef SEEDFED_SERVER_LISTEN_ACCEPTOR_H_
#define SEEDFED_SERVER_LISTEN_ACCEPTOR_H_

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <vector>

#include "absl/status/statusor.h"
#include "server/config/server_config.h"

namespace seedfed {

// A socket that listens on the first address that `listen` resolves to. Unavailable with one
// sentence that says why there can be none.
absl::StatusOr<boost::asio::ip::tcp::acceptor> OpenAcceptor(
    const boost::asio::any_io_executor& executor, const HostPort& listen);

// Sockets that listen on all addresses that `listen` resolves to, on one port; an address of a
// family that this machine does not have is left out. "0.0.0.0" and "::" are all addresses of both
// families. At least one, or Unavailable as above.
absl::StatusOr<std::vector<boost::asio::ip::tcp::acceptor>> OpenAcceptors(
    const boost::asio::any_io_executor& executor, const HostPort& listen);

}  // namespace seedfed

#endif  // SEEDFED_SERVER_LISTEN_ACCEPTOR_H_
