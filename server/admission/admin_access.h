#ifndef SEEDFED_SERVER_ADMISSION_ADMIN_ACCESS_H_
#define SEEDFED_SERVER_ADMISSION_ADMIN_ACCESS_H_

#include <optional>
#include <string_view>

#include "absl/status/status.h"
#include "server/admission/admin_credential.h"

namespace seedfed {

// Whether a gRPC peer, as ServerContext::peer() names it, is on this machine: a loopback address or
// a Unix socket. A proxy on this machine makes its own callers look so.
bool IsLocalPeer(std::string_view peer);

// Whether a caller may use the admin service. With a credential: its `authorization` metadata must
// be "Bearer TOKEN", Unauthenticated otherwise. Without one: local peers only, PermissionDenied
// otherwise. Thread-safe.
absl::Status CheckAdminAccess(const std::optional<AdminCredential>& credential,
                              std::string_view peer, std::optional<std::string_view> authorization);

}  // namespace seedfed

#endif  // SEEDFED_SERVER_ADMISSION_ADMIN_ACCESS_H_
