#ifndef SEEDFED_SERVER_CORE_EVENT_H_
#define SEEDFED_SERVER_CORE_EVENT_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/core/records.h"

namespace seedfed {

// What happened in the federation, for whoever watches it: the log, the metrics, the page.

enum class EventKind {
  kClientJoined,
  kRoundOpened,
  kUpdateAccepted,  // durable and counted
  kUpdateLate,      // its round was closed
  kUpdateRefused,
  kCallRefused,       // another call, or one that was not looked at
  kRoundComplete,     // durable
  kDeadlineExtended,  // no quorum at the deadline, but enough clients
  kWaiting,           // no quorum at the deadline and too few clients
  kHeld,              // paused by the operator
  kResumed,
  kEvaluated,
  kFinished,
};

// "client_joined", "round_opened", ...
absl::string_view EventKindName(EventKind kind);

enum class RefusalReason {
  kWrongFederation,  // the caller belongs to another federation
  kUnknownClient,    // nobody has the client number
  kEvaluator,        // evaluators do not submit updates
  kWrongRound,       // of a round that is not open yet
  kNotAsked,         // the client does not take part in the round
  kNoExamples,
  kLoss,           // not finite
  kWords,          // wrong length, or not valid
  kOtherContent,   // the client has sent another update for the round
  kWrongIdentity,  // the caller's credential belongs to another client id
  kNoToken,
  kUnknownToken,
  kExpiredToken,
  kTooManyCalls,        // more calls than the limits allow
  kTooManyConnections,  // a connection beyond the limits
  kBusy,                // no room for an update before others are stored
  kUnknownMethod,       // a call of what this server does not have
  kMessageFormat,       // the message is not of the call's type
  kMessageSize,         // the message is longer than a valid one can be
  kSlowReader,          // the caller took nothing of a snapshot for too long
  kJoin,          // the id, role or protocol of a Join
  kReport,        // an evaluator's report
};
inline constexpr size_t kRefusalReasons = 22;

// "wrong_federation", "unknown_client", ...
absl::string_view RefusalReasonName(RefusalReason reason);

// Calls that were refused since the start, by reason. A late update is answered, not refused.
class Refusals {
 public:
  void Count(RefusalReason reason) { ++counts_[static_cast<size_t>(reason)]; }
  uint64_t of(RefusalReason reason) const { return counts_[static_cast<size_t>(reason)]; }
  uint64_t sum() const;

 private:
  std::array<uint64_t, kRefusalReasons> counts_{};
};

struct UpdateDetails {
  uint32_t examples = 0;
  float loss = 0;              // nats
  uint32_t request_bytes = 0;  // of the serialised request it came in
};

struct RoundDetails {
  std::shared_ptr<const RoundRecord> record;
  absl::Duration collecting;  // from the round's opening to its close
  absl::Duration publishing;  // from its close until it was durable
};

struct Event {
  enum class Level { kDebug, kInfo, kWarning };

  EventKind kind{};
  Level level = Level::kInfo;
  std::string text;                      // one sentence
  uint32_t round = 0;                    // 0: it belongs to none
  std::optional<ClientRecord> client{};  // absent: it belongs to none, or to a stranger
  // By kind: of an update accepted, of what is refused, of a complete round, of an evaluation.
  std::variant<std::monostate, UpdateDetails, RefusalReason, RoundDetails, EvaluationRecord>
      details{};
};

}  // namespace seedfed

#endif  // SEEDFED_SERVER_CORE_EVENT_H_
