#ifndef SEEDFED_SERVER_ADMISSION_CLIENT_CONNECTIONS_H_
#define SEEDFED_SERVER_ADMISSION_CLIENT_CONNECTIONS_H_

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace seedfed {

// Keeps a connection counted for its client while any copy lives, perhaps longer than what gave it.
using ConnectionUse = std::shared_ptr<const void>;

// The connections on which each client has calls that go on. Whose a connection is shows with its
// calls only, so one without calls is nobody's. Thread-safe.
class ClientConnections {
 public:
  // `limit`: of one client, at a time.
  explicit ClientConnections(size_t limit);
  ~ClientConnections();

  // For as long as a call of `client` goes on; `connection`: where it comes from, with the port.
  // ResourceExhausted when the client has calls on as many other connections as it may.
  absl::StatusOr<ConnectionUse> Use(std::string_view client, std::string_view connection);

 private:
  class Table;
  const std::shared_ptr<Table> table_;
};

}  // namespace seedfed

#endif  // SEEDFED_SERVER_ADMISSION_CLIENT_CONNECTIONS_H_
