#ifndef SEEDFED_SERVER_HTTP_ACCESS_CHECK_H_
#define SEEDFED_SERVER_HTTP_ACCESS_CHECK_H_

#include <optional>

#include "server/admission/admin_credential.h"
#include "server/http/http_message.h"

namespace seedfed {

// The answer to a request that may not see the federation; absent when it may. With a credential:
// its token, as `Authorization: Bearer TOKEN` or as the password of HTTP Basic; 401 without it.
// Without one: the Host must be this machine's own name or address; 403 otherwise. The address that
// is listened on keeps other machines out; the Host keeps out pages of other sites whose name leads
// to this machine (DNS rebinding).
std::optional<HttpResponse> RefuseAccess(const std::optional<AdminCredential>& credential,
                                         const HttpRequest& request);

}  // namespace seedfed

#endif  // SEEDFED_SERVER_HTTP_ACCESS_CHECK_H_
