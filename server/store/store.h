#ifndef SEEDFED_SERVER_STORE_STORE_H_
#define SEEDFED_SERVER_STORE_STORE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/hash.h"
#include "common/base/key.h"
#include "common/model/spec.h"
#include "server/core/records.h"

namespace seedfed {

// What a store is made for; written once, never changed.
struct FederationRecord {
  Digest128 id{};  // JoinResponse.federation_id
  FederationKey key;
  ModelSpec spec;

  friend bool operator==(const FederationRecord&, const FederationRecord&) = default;
};

// What a server needs to go on where the last one stopped.
struct Contents {
  std::optional<FederationRecord> federation;  // absent: a new store
  std::vector<ClientRecord> clients;           // by number
  uint32_t last_round = 0;                     // 0: none is complete
  std::optional<SnapshotRecord> snapshot;
  std::vector<RoundRecord> rounds;            // those after the snapshot, or all; up to last_round
  std::vector<UpdateRecord> open_updates;     // of round last_round + 1, as they came
  std::vector<EvaluationRecord> evaluations;  // of all rounds, as they came
  ControlRecord control;                      // the newest
};

// Where a federation's state is kept. Errors are one sentence that names the file:
//   FailedPrecondition, AlreadyExists   the store refuses; it is as it was
//   DataLoss                            what is stored is damaged
//   InvalidArgument                     a record is too big for the store; it is as it was
//   ResourceExhausted                   no space left; nothing of the transaction is stored
//   Internal                            reading or writing failed; the transaction is stored as a
//   whole or not at all
// All functions are thread-safe. Reading never waits for the disk flush of a Commit.
class Store {
 public:
  virtual ~Store() = default;

  // Writes what the store is made for; durable on return. FailedPrecondition when it has been
  // written before.
  virtual absl::Status Create(const FederationRecord& federation) = 0;

  // Everything but the rounds before the snapshot. Checks checksums and that no round is missing.
  virtual absl::StatusOr<Contents> Load() = 0;

  // One transaction: all or nothing, durable on return, in order. A RoundRecord ends its round:
  // updates of rounds up to round - (rounds of updates to keep) are deleted. A SnapshotRecord
  // replaces the one before it, and so does a ControlRecord. AlreadyExists for a client, an update,
  // a round or an evaluation that is stored already; FailedPrecondition for a round that does not
  // follow the last one, an update of another round than the one after the last one, or a snapshot
  // or an evaluation of a round that is not complete.
  virtual absl::Status Commit(std::span<const Write> writes) = 0;

  // The stored rounds of first to last (both inclusive), in order: as many as have at most
  // max_bytes of words together, but at least one if there is one.
  virtual absl::StatusOr<std::vector<RoundRecord>> Rounds(uint32_t first, uint32_t last,
                                                          size_t max_bytes) = 0;

  // The stored rounds of first to last, in order, without their words.
  virtual absl::StatusOr<std::vector<RoundRecord>> RoundSummaries(uint32_t first,
                                                                  uint32_t last) = 0;

  // The stored updates of a round, in the order they were committed. Those of a complete round are
  // kept for as many rounds as the store was told, perhaps none.
  virtual absl::StatusOr<std::vector<UpdateRecord>> Updates(uint32_t round) = 0;
};

// FailedPrecondition with the first difference when a store made for `stored` cannot serve a
// federation of this spec and, if one was asked for, key. `store` names the store in the sentence.
// Never prints a key.
absl::Status CheckFederation(const FederationRecord& stored, const ModelSpec& spec,
                             const std::optional<FederationKey>& key, const std::string& store);

}  // namespace seedfed

#endif  // SEEDFED_SERVER_STORE_STORE_H_
