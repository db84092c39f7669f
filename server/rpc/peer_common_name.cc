#include "server/rpc/peer_common_name.h"

#include <grpc/grpc_security_constants.h>

#include <vector>

namespace seedfed {

std::optional<std::string> PeerCommonName(const grpc::AuthContext& context) {
  if (!context.IsPeerAuthenticated()) return std::nullopt;
  const std::vector<grpc::string_ref> names =
      context.FindPropertyValues(GRPC_X509_CN_PROPERTY_NAME);
  if (names.size() != 1 || names[0].empty()) return std::nullopt;
  return std::string(names[0].data(), names[0].size());
}

}  // namespace seedfed
