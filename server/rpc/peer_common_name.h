#ifndef SEEDFED_SERVER_RPC_PEER_COMMON_NAME_H_
#define SEEDFED_SERVER_RPC_PEER_COMMON_NAME_H_

#include <grpcpp/security/auth_context.h>

#include <optional>
#include <string>

namespace seedfed {

// The common name in the certificate that a caller has proved to hold, as the client CA signed it:
// any bytes. Absent where the caller showed no certificate, so always without mutual TLS.
std::optional<std::string> PeerCommonName(const grpc::AuthContext& context);

}  // namespace seedfed

#endif  // SEEDFED_SERVER_RPC_PEER_COMMON_NAME_H_
