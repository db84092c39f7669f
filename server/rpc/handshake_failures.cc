#include "server/rpc/handshake_failures.h"

#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/strip.h"
#include "absl/synchronization/mutex.h"

namespace seedfed {
namespace {

// gRPC tells its log by a bare function, so this cannot be a member of anything.
ABSL_CONST_INIT absl::Mutex mutex(absl::kConstInit);
HandshakeFailures& Failures() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) {
  static auto& failures = *new HandshakeFailures;
  return failures;
}

}  // namespace

// "Handshake failed with fatal error SSL_ERROR_SSL: error:0A0000C7:SSL routines::peer did not
// return a certificate."
void CountHandshakeFailure(absl::string_view message) {
  if (message.find("Handshake failed") == absl::string_view::npos) return;
  const size_t reason = message.rfind("::");
  const absl::string_view why =
      reason == absl::string_view::npos ? message : message.substr(reason + 2);
  absl::MutexLock lock(&mutex);
  ++Failures().count;
  Failures().last = std::string(absl::StripSuffix(why, "."));
}

HandshakeFailures TakeHandshakeFailures() {
  absl::MutexLock lock(&mutex);
  return std::exchange(Failures(), {});
}

}  // namespace seedfed
