#ifndef SEEDFED_SERVER_LISTEN_OPEN_CONNECTIONS_H_
#define SEEDFED_SERVER_LISTEN_OPEN_CONNECTIONS_H_

#include <sys/types.h>

#include <boost/asio/ip/address.hpp>
#include <cstddef>
#include <map>
#include <unordered_map>
#include <unordered_set>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/base/clock.h"

namespace seedfed {

// How many connections may be open at once.
struct ConnectionLimits {
  size_t all = 16'000;
  // From one address, as OriginOf counts them.
  size_t of_address = 4'000;
};

// The connections that a process has open, by where they come from, although whoever serves them
// does not say when he closes them: a connection is open as long as its descriptor is still that of
// its socket, and this is looked up, with fstat, when a limit would be reached. Not thread-safe.
class OpenConnections {
 public:
  // `clock` must outlive this.
  OpenConnections(const ConnectionLimits& limits, const Clock& clock)
      : limits_(limits), clock_(clock) {}

  // ResourceExhausted when there may not be one more from `address`, the peer's.
  absl::Status CheckRoom(const boost::asio::ip::address& address);

  // Counts the open socket `descriptor` until it is closed.
  void Add(const boost::asio::ip::address& address, int descriptor);

  // Connections that are not known to be closed.
  size_t size() const { return sockets_.size(); }

 private:
  struct Origin {
    std::unordered_set<int> descriptors;
    absl::Duration look_again;  // Clock::Monotonic
  };
  using Origins = std::map<boost::asio::ip::address, Origin>;
  struct Socket {
    ino_t inode;
    Origins::iterator origin;
  };

  bool IsOpen(int descriptor, const Socket& socket) const;
  void Forget(std::unordered_map<int, Socket>::iterator socket);
  void ForgetClosed(Origins::iterator origin);
  void ForgetAllClosed();

  const ConnectionLimits limits_;
  const Clock& clock_;
  Origins origins_;                          // each has a descriptor
  std::unordered_map<int, Socket> sockets_;  // by descriptor
  absl::Duration look_again_;                // at all
};

}  // namespace seedfed

#endif  // SEEDFED_SERVER_LISTEN_OPEN_CONNECTIONS_H_
