#include "server/admission/call_admission.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "server/core/members.h"
#include "server/origin/origin.h"

namespace seedfed {
namespace {

constexpr absl::string_view kScheme = "Bearer ";
constexpr double kBurstSeconds = 5;

absl::string_view Text(std::string_view text) { return {text.data(), text.size()}; }

RefusedCall TooMany(const Identity& identity, absl::Duration wait) {
  const absl::Duration whole = absl::Ceil(wait, absl::Milliseconds(1));
  return {RefusalReason::kTooManyCalls,
          absl::ResourceExhaustedError(absl::StrCat(
              "too many calls from ", identity.has_value() ? "this client" : "this address",
              "; retry after ", absl::FormatDuration(whole))),
          identity, whole};
}

}  // namespace

CallAdmission::CallAdmission(std::unique_ptr<ClientTokens> tokens, const CallerLimits& limits,
                             const Clock& clock)
    : tokens_(std::move(tokens)),
      clock_(clock),
      identities_(limits.identity_calls, kBurstSeconds * limits.identity_calls),
      addresses_(limits.address_calls, kBurstSeconds * limits.address_calls),
      connections_(limits.identity_connections) {}

std::variant<Identity, RefusedCall> CallAdmission::Identify(const CallOrigin& origin) {
  Identity certified;
  if (origin.common_name.has_value()) {
    if (!IsClientId(Text(*origin.common_name))) {
      return RefusedCall{RefusalReason::kWrongIdentity,
                         absl::PermissionDeniedError(
                             "the common name of the caller's certificate is not a client id")};
    }
    certified = std::string(*origin.common_name);
  }
  if (tokens_ == nullptr) return certified;
  if (!origin.authorization.has_value()) {
    return RefusedCall{RefusalReason::kNoToken,
                       absl::UnauthenticatedError("the call has no token; this server's clients "
                                                  "show one (--token-file)")};
  }
  if (!absl::StartsWithIgnoreCase(Text(*origin.authorization), kScheme)) {
    return RefusedCall{
        RefusalReason::kNoToken,
        absl::UnauthenticatedError("the call's authorization is not of the form 'Bearer TOKEN'")};
  }
  const auto found = tokens_->Find(origin.authorization->substr(kScheme.size()));
  if (!found.has_value()) {
    return RefusedCall{RefusalReason::kUnknownToken,
                       absl::UnauthenticatedError("the token is not one of this server's, or no "
                                                  "longer")};
  }
  if (found->expired) {
    return RefusedCall{
        RefusalReason::kExpiredToken,
        absl::UnauthenticatedError(absl::StrCat("the token of client ", found->client_id,
                                                " expired at ", FormatExpiry(found->expires))),
        found->client_id};
  }
  if (certified.has_value() && *certified != found->client_id) {
    return RefusedCall{
        RefusalReason::kWrongIdentity,
        absl::PermissionDeniedError(absl::StrCat("the token belongs to client ", found->client_id,
                                                 ", the certificate to another")),
        found->client_id};
  }
  return Identity(found->client_id);
}

// How long until the caller may make a call; zero: it has made this one.
absl::Duration CallAdmission::TakeCall(const Identity& identity, std::string_view peer) {
  absl::MutexLock lock(&mutex_);
  const absl::Duration now = clock_.Monotonic();
  return identity.has_value() ? identities_.Take(*identity, now)
                              : addresses_.Take(OriginOfPeer(peer), now);
}

std::variant<AdmittedCall, RefusedCall> CallAdmission::Admit(const CallOrigin& origin) {
  std::variant<Identity, RefusedCall> identified = Identify(origin);
  auto* refused = std::get_if<RefusedCall>(&identified);
  // Who is not known, or not let in, counts for his address.
  AdmittedCall call;
  if (refused == nullptr) call.identity = std::get<Identity>(std::move(identified));
  if (const absl::Duration wait = TakeCall(call.identity, origin.peer);
      wait != absl::ZeroDuration()) {
    return TooMany(call.identity, wait);
  }
  if (refused != nullptr) return *std::move(refused);
  if (!call.identity.has_value()) return call;
  absl::StatusOr<ConnectionUse> use = connections_.Use(*call.identity, origin.peer);
  if (!use.ok()) {
    return RefusedCall{RefusalReason::kTooManyConnections, use.status(), std::move(call.identity)};
  }
  call.connection = *std::move(use);
  return call;
}

}  // namespace seedfed
