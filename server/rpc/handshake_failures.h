#ifndef SEEDFED_SERVER_RPC_HANDSHAKE_FAILURES_H_
#define SEEDFED_SERVER_RPC_HANDSHAKE_FAILURES_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace seedfed {

// The TLS connections that did not come about, since the last call of TakeHandshakeFailures.
struct HandshakeFailures {
  uint64_t count = 0;
  std::string last;  // why, in OpenSSL's words
};

// Counts a failed handshake if that is what a message of gRPC's own log tells, the only place where
// gRPC tells of them. Thread-safe.
void CountHandshakeFailure(absl::string_view message);

// Thread-safe.
HandshakeFailures TakeHandshakeFailures();

}  // namespace seedfed

#endif  // SEEDFED_SERVER_RPC_HANDSHAKE_FAILURES_H_
