#include "server/core/event.h"

#include <numeric>

namespace seedfed {

absl::string_view EventKindName(EventKind kind) {
  switch (kind) {
    case EventKind::kClientJoined:
      return "client_joined";
    case EventKind::kRoundOpened:
      return "round_opened";
    case EventKind::kUpdateAccepted:
      return "update_accepted";
    case EventKind::kUpdateLate:
      return "update_late";
    case EventKind::kUpdateRefused:
      return "update_refused";
    case EventKind::kCallRefused:
      return "call_refused";
    case EventKind::kRoundComplete:
      return "round_complete";
    case EventKind::kDeadlineExtended:
      return "deadline_extended";
    case EventKind::kWaiting:
      return "waiting";
    case EventKind::kHeld:
      return "held";
    case EventKind::kResumed:
      return "resumed";
    case EventKind::kEvaluated:
      return "evaluated";
    case EventKind::kFinished:
      return "finished";
  }
  return "";
}

absl::string_view RefusalReasonName(RefusalReason reason) {
  switch (reason) {
    case RefusalReason::kWrongFederation:
      return "wrong_federation";
    case RefusalReason::kUnknownClient:
      return "unknown_client";
    case RefusalReason::kEvaluator:
      return "evaluator";
    case RefusalReason::kWrongRound:
      return "wrong_round";
    case RefusalReason::kNotAsked:
      return "not_asked";
    case RefusalReason::kNoExamples:
      return "no_examples";
    case RefusalReason::kLoss:
      return "loss";
    case RefusalReason::kWords:
      return "words";
    case RefusalReason::kOtherContent:
      return "other_content";
    case RefusalReason::kWrongIdentity:
      return "wrong_identity";
    case RefusalReason::kNoToken:
      return "no_token";
    case RefusalReason::kUnknownToken:
      return "unknown_token";
    case RefusalReason::kExpiredToken:
      return "expired_token";
    case RefusalReason::kTooManyCalls:
      return "too_many_calls";
    case RefusalReason::kTooManyConnections:
      return "too_many_connections";
    case RefusalReason::kBusy:
      return "busy";
    case RefusalReason::kUnknownMethod:
      return "unknown_method";
    case RefusalReason::kMessageFormat:
      return "message_format";
    case RefusalReason::kMessageSize:
      return "message_size";
    case RefusalReason::kSlowReader:
      return "slow_reader";
    case RefusalReason::kJoin:
      return "join";
    case RefusalReason::kReport:
      return "report";
  }
  return "";
}

uint64_t Refusals::sum() const {
  return std::accumulate(counts_.begin(), counts_.end(), uint64_t{0});
}

}  // namespace seedfed
