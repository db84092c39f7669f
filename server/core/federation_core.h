#ifndef SEEDFED_SERVER_CORE_FEDERATION_CORE_H_
#define SEEDFED_SERVER_CORE_FEDERATION_CORE_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/time/time.h"
#include "common/base/hash.h"
#include "common/base/key.h"
#include "common/base/status.h"
#include "common/model/model.h"
#include "server/aggregation/strategy.h"
#include "server/core/effects.h"
#include "server/core/history.h"
#include "server/core/members.h"
#include "server/core/records.h"
#include "server/core/round_rules.h"

namespace seedfed {

using FederationId = Digest128;

// What a restarted server gets back from its store.
struct Recovered {
  std::vector<ClientRecord> clients;
  std::vector<RoundRecord> recent_rounds;  // up to the model's round, in order, without gaps
  std::vector<UpdateRecord> open_updates;  // of round model.round() + 1, in the order of commits
  ControlRecord control{};
  std::map<uint32_t, uint32_t> reported_rounds{};  // by evaluator: the last round it reported on
};

// How far a federation is at one moment.
struct Progress {
  absl::string_view state;  // collecting, waiting, held, publishing or finished
  uint32_t round = 0;       // the last complete round
  uint32_t open_round = 0;  // 0: finished
  uint32_t updates = 0;     // of the open round, counted
  absl::Duration age;       // of the open round
  std::optional<absl::Duration> until_deadline;  // absent while the deadline does not run
  uint32_t live_trainers = 0;
  uint32_t live_evaluators = 0;
  uint32_t waiting_calls = 0;
};

// The federation's rules as a pure state machine: events in, effects out; no socket, file, clock or
// thread.
//
//   collecting -> publishing   the goal is reached, or the quorum at the deadline
//   collecting -> paused       no quorum at the deadline and too few live clients
//   paused     -> collecting   enough live clients
//   publishing -> collecting   the round is durable
//   publishing -> finished     it was the last one, or the operator ends the federation
//   collecting, paused -> finished   the operator ends the federation
//
// While the operator holds the federation, it is paused whatever clients are there, and no round
// closes.
//
// Every event carries `now`, the caller's monotonic time, which never decreases. Not thread-safe:
// one strand.
class FederationCore {
 public:
  // InvalidArgument when the rules contradict each other; DataLoss when what was recovered does not
  // fit the model.
  static absl::StatusOr<FederationCore> Create(const RoundRules& rules, const FederationId& id,
                                               const FederationKey& key, Model model,
                                               Recovered recovered, absl::Duration now);

  // What every call but Join carries. `identity` is the client id that the caller has proved to be;
  // absent where nobody has to prove who he is.
  struct Caller {
    absl::string_view federation_id;
    uint32_t client_number = 0;
    std::optional<absl::string_view> identity = std::nullopt;
  };

  struct Submission {
    uint32_t round = 0;
    uint32_t examples = 0;
    float loss = 0;
    uint32_t request_bytes = 0;
    UpdateWords words;
    // codec().Check(words, round): that needs no state, so it is done where the message arrives.
    absl::Status valid;
  };

  // How many of the last complete rounds a federation of `spec` keeps at hand for clients that lag
  // behind.
  static uint32_t RecentRounds(const ModelSpec& spec);

  // Events. Each call gets exactly one reply with its CallId, in these effects or in later ones,
  // unless Cancelled comes first.
  Effects Join(CallId call, const std::string& client_id, bool evaluator, absl::Duration now,
               std::optional<absl::string_view> identity = std::nullopt);
  Effects Await(CallId call, const Caller& caller, uint32_t have_round, absl::Duration now);
  // The caller knows that the federation is finished and asks no more.
  Effects KnowsTheEnd(CallId call, const Caller& caller, absl::Duration now);
  Effects Submit(CallId call, const Caller& caller, Submission submission, absl::Duration now);
  Effects FetchSnapshot(CallId call, const Caller& caller, absl::Duration now);
  Effects ExportModel(CallId call);  // FetchSnapshot for the operator, who is no member
  // An evaluator's report; one for each round, in the order of rounds: another one for the same or
  // an earlier round is answered and not stored.
  Effects Report(CallId call, const Caller& caller, const EvaluationRecord& report,
                 absl::Duration now);
  Effects Pause(CallId call, absl::Duration now);   // by the operator; in force at once
  Effects Resume(CallId call, absl::Duration now);  // in force when durable, as is
  Effects Finish(CallId call, absl::Duration now);  // the end after the last complete round
  Effects Cancelled(CallId call);                   // the caller has hung up
  // A call that was refused, and answered, before it came here: counted and told to those who
  // watch. `identity` as in Caller.
  Effects Rejected(RefusalReason reason, const absl::Status& status,
                   std::optional<absl::string_view> identity);
  Effects Durable(uint64_t ticket, absl::Duration now);  // the store has it
  Effects Wake(absl::Duration now);                      // WakeTime() has come

  // When Wake is to be called; InfiniteDuration for never.
  absl::Duration WakeTime() const;

  // All planned rounds are complete, and `grace` has passed since or every member has said that it
  // knows it (KnowsTheEnd) that may still ask: those heard of within the last deadline or `grace`
  // and, after a restart, those that have not come back yet. That a member was told is not enough,
  // because answers get lost.
  bool EveryoneKnowsTheEnd(absl::Duration grace, absl::Duration now) const;

  // Rounds that are complete and durable.
  uint32_t round() const { return durable_round_; }
  const FederationId& id() const { return id_; }

  // After round().
  const Digest256& fingerprint() const { return fingerprint_; }
  const Digest128& base_checksum() const { return base_checksum_; }

  FederationState state() const;
  const Refusals& refusals() const { return refusals_; }
  Progress progress(absl::Duration now) const;
  const RoundRules& rules() const { return rules_; }
  const Members& members() const { return members_; }

  // Thread-safe, as it never changes.
  const UpdateCodec& codec() const { return model_.codec(); }

  // The model after the last round that closed (durable or about to be).
  const Model& model() const { return model_; }

 private:
  struct Collecting {
    absl::Duration deadline;
  };
  struct Paused {};
  struct Publishing {
    uint64_t ticket;
    RoundRecord record;
    absl::Duration since;
  };
  struct Finished {
    absl::Duration since;
  };

  struct PendingJoin {
    uint32_t number;
    std::vector<CallId> calls;
  };
  struct PendingUpdate {
    uint32_t round;
    uint32_t client;
    UpdateWords words;
    std::vector<CallId> calls;
  };
  struct PendingEvaluation {
    EvaluationRecord record;
    std::vector<CallId> calls;
  };
  struct PendingControl {
    ControlRecord control;
    std::vector<CallId> calls;
  };
  using Pending = std::variant<PendingJoin, PendingUpdate, PendingEvaluation, PendingControl>;

  // Why an update, or a call, is refused.
  struct Refusal {
    RefusalReason reason;
    absl::Status status;
  };

  // An update of the open round, by client. Two updates are the same when words and examples are;
  // the loss takes no part in the average.
  struct Received {
    Digest128 words_checksum;
    uint32_t examples;
    float loss;
    uint32_t request_bytes;
    std::optional<uint64_t> ticket;  // while it is not durable
  };

  struct Waiting {
    uint32_t client;
    uint32_t have_round;
    absl::Duration until;
  };

  FederationCore(const RoundRules& rules, const FederationId& id, const FederationKey& key,
                 Model model, std::vector<ClientRecord> clients);

  uint32_t open_round() const { return durable_round_ + 1; }
  std::optional<Refusal> CheckCaller(const Caller& caller, absl::Duration now);
  std::optional<Refusal> CheckSubmission(const Submission& submission,
                                         const ClientRecord& client) const;
  void Refuse(CallId call, const Caller& caller, uint32_t round, const Refusal& refusal,
              Effects& effects);
  void RefuseCall(CallId call, std::optional<absl::string_view> identity, const Refusal& refusal,
                  Effects& effects);
  const ClientRecord* FindById(std::optional<absl::string_view> id) const;
  void HoldCall(CallId call, const Waiting& waiting, Effects& effects);
  absl::Status CheckReport(const EvaluationRecord& report, const ClientRecord& client) const;
  void Persist(Effects& effects, std::vector<Write> writes);
  void Heard(uint32_t client, Effects& effects, absl::Duration now);
  void OpenIfEnoughClients(Effects& effects, absl::Duration now);
  Effects Control(CallId call, const ControlRecord& wanted);
  Effects Hold(CallId call, bool held);
  void Controlled(const ControlRecord& control, Effects& effects, absl::Duration now);
  void DurableUpdate(const PendingUpdate& update, Effects& effects, absl::Duration now);
  void DurableEvaluation(const PendingEvaluation& evaluation, Effects& effects);
  void End(Effects& effects, absl::Duration now);
  // Of an update that is valid, in the open round.
  void Count(uint32_t client, absl::string_view words);
  void AddToRound(uint32_t client, absl::string_view words, uint32_t examples);
  bool IsOpen() const;        // neither being published nor finished
  bool TakesUpdates() const;  // open and below the goal
  void CloseIfDue(Effects& effects, absl::Duration now);
  void CloseRound(Effects& effects, absl::Duration now);
  void Published(Effects& effects, absl::Duration now);
  void OpenRound(absl::Duration now);
  void AnswerWaiting(Effects& effects, absl::Duration now);
  AwaitReply MakeAwaitReply(uint32_t client, uint32_t have_round) const;
  void SendSnapshot(CallId call, Effects& effects);
  SnapshotReply MakeSnapshotReply();

  RoundRules rules_;
  FederationId id_;
  PhiloxKey dither_key_;
  PhiloxKey cohort_key_;
  Model model_;
  uint32_t durable_round_;
  Digest256 fingerprint_;    // after durable_round_
  Digest128 base_checksum_;  // after durable_round_
  History history_;
  Members members_;
  std::variant<Collecting, Paused, Publishing, Finished> phase_ = Paused{};
  std::optional<absl::Duration> round_started_;

  uint64_t next_ticket_ = 1;
  std::map<uint64_t, Pending> pending_;
  std::map<uint32_t, Received> received_;  // open round only
  uint32_t counted_ = 0;
  std::unique_ptr<Aggregator> aggregator_;
  std::vector<int32_t> coordinates_;  // of the update that is being counted

  std::map<CallId, Waiting> waiting_;
  std::set<std::pair<uint32_t, CallId>> held_calls_;  // of waiting_, by client
  std::vector<CallId> snapshot_calls_;                // held while a round is being published
  std::shared_ptr<const std::string> snapshot_;
  std::set<uint32_t> knows_the_end_;
  Refusals refusals_;
  ControlRecord control_;  // as asked for last; perhaps not durable yet
  bool held_ = false;      // from the wish to pause until the wish to resume is durable
  bool finish_due_ =
      false;  // the wish to finish is durable and waits for the round being published
  std::map<uint32_t, uint32_t> reported_rounds_;  // see Recovered; perhaps not durable yet
};

}  // namespace seedfed

#endif  // SEEDFED_SERVER_CORE_FEDERATION_CORE_H_
