#ifndef SEEDFED_SERVER_CORE_EFFECTS_H_
#define SEEDFED_SERVER_CORE_EFFECTS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "absl/time/time.h"
#include "common/base/status.h"
#include "server/core/event.h"
#include "server/core/records.h"

namespace seedfed {

// One call of a client that waits for its answer. Chosen by the caller of the core, ascending in
// the order of the events.
using CallId = uint64_t;

enum class FederationState { kCollecting, kPaused, kFinished };

struct JoinReply {
  uint32_t client_number = 0;
  uint32_t round = 0;  // the last complete round
  FederationState state = FederationState::kCollecting;
};

struct AwaitReply {
  uint32_t round = 0;  // the last complete round
  FederationState state = FederationState::kCollecting;
  std::vector<std::shared_ptr<const RoundRecord>> results;
  bool snapshot = false;  // the caller should fetch a snapshot: it is fewer bytes, or the rounds
                          // are no longer at hand
  bool with_stats = false;
};

struct SubmitReply {
  bool late = false;   // otherwise durable and counted
  uint32_t round = 0;  // the last complete round
};

struct SnapshotReply {
  std::shared_ptr<const std::string> bytes;
};

// An evaluation, or what the operator asked for, is durable and in force.
struct DoneReply {
  uint32_t round = 0;  // the last complete round
};

struct Reply {
  CallId call = 0;
  std::variant<JoinReply, AwaitReply, SubmitReply, SnapshotReply, DoneReply, absl::Status> content;
};

// What the core asks of its surroundings after one event, in this order:
struct Effects {
  // 1. Make these durable, all or nothing, then call FederationCore::Durable(ticket). Tickets are
  //    asked for, and must become durable, in ascending order. Empty: nothing to store.
  uint64_t ticket = 0;
  std::vector<Write> persist;

  // 2. Send these now. A reply never speaks of anything that is not durable yet: the core itself
  //    keeps back what depends on a ticket until it is told that the ticket is durable.
  std::vector<Reply> replies;

  // 3. For whoever watches.
  std::vector<Event> events;
};

}  // namespace seedfed

#endif  // SEEDFED_SERVER_CORE_EFFECTS_H_
