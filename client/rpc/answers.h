#ifndef SEEDFED_CLIENT_RPC_ANSWERS_H_
#define SEEDFED_CLIENT_RPC_ANSWERS_H_

#include "absl/status/statusor.h"
#include "client/core/session_types.h"
#include "seedfed/v1/federation.pb.h"

namespace seedfed {

// The server's answers as the session's plain values. A server is not trusted: what does not keep
// to proto/seedfed/v1/federation.proto is DataLoss with the first field out of range. The words are
// checked where they are merged. Pure and thread-safe.
absl::StatusOr<Membership> FromProto(const v1::JoinResponse& message, ClientRole role);
absl::StatusOr<AwaitAnswer> FromProto(v1::AwaitRoundResponse message);
absl::StatusOr<SubmitAnswer> FromProto(const v1::SubmitUpdateResponse& message);

}  // namespace seedfed

#endif  // SEEDFED_CLIENT_RPC_ANSWERS_H_
