#ifndef SEEDFED_SERVER_RPC_ROUND_RESULT_H_
#define SEEDFED_SERVER_RPC_ROUND_RESULT_H_

#include "seedfed/v1/federation.pb.h"
#include "server/core/records.h"

namespace seedfed {

// A complete round as callers get it.
v1::RoundResult ToProto(const RoundRecord& record, bool with_stats);

}  // namespace seedfed

#endif  // SEEDFED_SERVER_RPC_ROUND_RESULT_H_
