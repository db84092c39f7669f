#ifndef SEEDFED_CLIENT_CORE_SESSION_TYPES_H_
#define SEEDFED_CLIENT_CORE_SESSION_TYPES_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/base/hash.h"
#include "common/base/key.h"
#include "common/model/plan.h"
#include "common/model/spec.h"

namespace seedfed {

// What the session says and hears, as plain values: the service's messages
// (proto/seedfed/v1/federation.proto) once they are validated, the events that the session takes
// and the actions it asks for.

enum class ClientRole { kTrain, kEvaluate };

enum class FederationPhase { kCollecting, kPaused, kFinished };

// What Join answers.
struct Membership {
  std::string federation_id;  // 16 bytes
  FederationKey key;
  uint32_t client_number = 0;
  ModelSpec model;
  TrainingPlan plan;
  std::optional<Shard> shard;
  uint32_t round = 0;   // the last complete round
  uint32_t rounds = 0;  // planned; 0: without end
  FederationPhase phase = FederationPhase::kCollecting;
  absl::Duration poll;  // longest time the server holds an AwaitRound
};

// About a complete round, for evaluators.
struct RoundSummary {
  uint32_t updates = 0;
  uint64_t examples = 0;
  double training_loss = 0;  // mean over the updates, nats
  uint64_t bytes_up = 0;     // of all updates together
  absl::Duration duration;
};

// A complete round.
struct RoundWords {
  uint32_t round = 0;
  std::string words;  // averaged
  Digest256 fingerprint{};
  Digest128 base_checksum{};
  std::optional<RoundSummary> summary;
};

struct AwaitAnswer {
  uint32_t round = 0;  // the last complete round
  FederationPhase phase = FederationPhase::kCollecting;
  std::vector<RoundWords> rounds;  // those the client lacks, or the first of them
  bool snapshot = false;           // fetch a snapshot instead
};

// This client's result of one round of training.
struct RoundUpdate {
  uint32_t round = 0;
  std::string words;
  uint32_t examples = 0;
  float loss = 0;  // mean over the steps, nats
};

// What an evaluator measured of the model after a complete round.
struct EvaluationReport {
  uint32_t round = 0;
  double accuracy = 0;  // share of the examples whose class is right, 0 to 1
  double loss = 0;      // mean cross-entropy, nats; finite
  uint32_t examples = 0;

  friend bool operator==(const EvaluationReport&, const EvaluationReport&) = default;
};

enum class SubmitOutcome { kAccepted, kLate };

struct SubmitAnswer {
  SubmitOutcome outcome = SubmitOutcome::kAccepted;
  uint32_t round = 0;  // the last complete round
};

// What happened. Each but Stop answers the action that the session asked for last.
namespace event {

struct Joined {
  Membership membership;
};
struct Prepared {};
struct Awaited {
  AwaitAnswer answer;
  absl::Duration now;  // monotonic, as everywhere below
};
struct Trained {
  RoundUpdate update;
};
struct Submitted {
  SubmitAnswer answer;
};
struct SnapshotFetched {
  std::string bytes;
};
struct Evaluated {
  EvaluationReport report;
};
struct Reported {};
struct EndConfirmed {};
struct Woke {};

// Join, Await, Submit, Report, ConfirmEnd or FetchSnapshot failed. DataLoss: the server answered,
// but the answer is not valid.
struct CallFailed {
  absl::Status status;
  absl::Duration now;
  absl::Duration retry_after;  // the shortest time to wait, as the server said; usually zero
};

// Prepare, Train or Evaluate failed; the session ends.
struct LocalFault {
  int exit_status = 1;
  absl::Status status;
};

struct Stop {};

}  // namespace event

using SessionEvent =
    std::variant<event::Joined, event::Prepared, event::Awaited, event::Trained, event::Submitted,
                 event::SnapshotFetched, event::Evaluated, event::Reported, event::EndConfirmed,
                 event::Woke, event::CallFailed, event::LocalFault, event::Stop>;

// What to do next.
namespace action {

struct Join {};

// Make data and trainer ready for Session::membership().
struct Prepare {};

struct Await {
  uint32_t have_round = 0;
};

// Train on Session::model() for `round`.
struct Train {
  uint32_t round = 0;
};

// Send Session::update().
struct Submit {};

struct FetchSnapshot {};

struct Sleep {
  absl::Duration duration;
};

// Measure Session::model(), the one after `round`. What the server did not say (after a snapshot)
// is missing.
struct Evaluate {
  uint32_t round = 0;
  std::optional<RoundSummary> summary;
  std::optional<size_t> bytes_down;  // words that one client received for this round
  Digest256 fingerprint{};
  Digest128 base_checksum{};
};

// Send Session::report().
struct Report {};

// Tell the server that this client knows that the federation is finished.
struct ConfirmEnd {};

struct Finish {
  int exit_status = 0;
};

}  // namespace action

using SessionAction =
    std::variant<action::Join, action::Prepare, action::Await, action::Train, action::Submit,
                 action::FetchSnapshot, action::Sleep, action::Evaluate, action::Report,
                 action::ConfirmEnd, action::Finish>;

// A sentence for the log.
struct SessionNote {
  enum class Level { kInfo, kWarning, kError };
  Level level = Level::kInfo;
  std::string text;
  bool connection = false;  // about reaching the server, which can change many times a second
};

// What follows from one event.
struct SessionStep {
  std::vector<SessionNote> notes;
  SessionAction action;
};

}  // namespace seedfed

#endif  // SEEDFED_CLIENT_CORE_SESSION_TYPES_H_
