#ifndef SEEDFED_SERVER_ADMISSION_CALL_ADMISSION_H_
#define SEEDFED_SERVER_ADMISSION_CALL_ADMISSION_H_

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "server/admission/client_connections.h"
#include "server/admission/client_tokens.h"
#include "server/admission/rate_limiter.h"
#include "server/core/event.h"

namespace seedfed {

// What one caller may do. Calls: a second, on average, and five seconds of them at once.
struct CallerLimits {
  double identity_calls = 200;       // of a client that has proved who it is
  double address_calls = 50'000;     // of all others from one address: there may be many behind it
  size_t identity_connections = 16;  // on which a client that has proved who it is has open calls
};

// Who makes a call: the client id that it has proved to be. Absent where nobody has to.
using Identity = std::optional<std::string>;

struct RefusedCall {
  RefusalReason reason;
  absl::Status status;
  Identity identity{};                          // if it got so far
  std::optional<absl::Duration> retry_after{};  // when sending again will help
};

// A call that is to be looked at.
struct AdmittedCall {
  Identity identity;
  ConnectionUse connection;  // to be kept until the call ends
};

// What a call says about where it comes from.
struct CallOrigin {
  std::string_view peer;                          // as ServerContext::peer() names it
  std::optional<std::string_view> authorization;  // metadata
  std::optional<std::string_view> common_name;    // of a certificate that was checked
};

// Decides whether a call of a client is looked at. Thread-safe.
class CallAdmission {
 public:
  // `tokens`: null when none are asked for. `clock` must outlive this.
  CallAdmission(std::unique_ptr<ClientTokens> tokens, const CallerLimits& limits,
                const Clock& clock);

  // Unauthenticated without a good token, if tokens are asked for; PermissionDenied when token and
  // certificate are of different clients; ResourceExhausted above a limit.
  std::variant<AdmittedCall, RefusedCall> Admit(const CallOrigin& origin);

 private:
  std::variant<Identity, RefusedCall> Identify(const CallOrigin& origin);
  absl::Duration TakeCall(const Identity& identity, std::string_view peer);

  const std::unique_ptr<ClientTokens> tokens_;
  const Clock& clock_;
  absl::Mutex mutex_;
  RateLimiter identities_ ABSL_GUARDED_BY(mutex_);
  RateLimiter addresses_ ABSL_GUARDED_BY(mutex_);
  ClientConnections connections_;
};

}  // namespace seedfed

#endif  // SEEDFED_SERVER_ADMISSION_CALL_ADMISSION_H_
