#ifndef SEEDFED_SERVER_STORE_STORE_H_
#define SEEDFED_SERVER_STORE_STORE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/hash.h"
#include "common/base/key.h"
#include "common/model/spec.h"

namespace seedfed {

// What a store is made for; written once, never changed.
struct FederationRecord {
  Digest128 id{};  // JoinResponse.federation_id
  FederationKey key;
  ModelSpec spec;

  friend bool operator==(const FederationRecord&, const FederationRecord&) = default;
};

// A member. Both the number and the id are given once only.
struct ClientRecord {
  uint32_t number = 0;
  std::string id;
  bool evaluator = false;

  friend bool operator==(const ClientRecord&, const ClientRecord&) = default;
};

// An accepted update; at most one per round and client.
struct UpdateRecord {
  uint32_t round = 0;
  uint32_t client = 0;
  uint32_t examples = 0;       // before capping
  float loss = 0;              // nats, finite
  uint32_t request_bytes = 0;  // size of the serialised SubmitUpdateRequest
  std::string words;

  friend bool operator==(const UpdateRecord&, const UpdateRecord&) = default;
};

// A complete round. Rounds count from 1 without gaps and are kept for ever.
struct RoundRecord {
  uint32_t round = 0;
  std::string words;  // the averaged words
  Digest256 fingerprint{};
  Digest128 base_checksum{};
  uint32_t updates = 0;
  uint64_t examples = 0;     // before capping
  double training_loss = 0;  // nats, finite
  uint64_t bytes_up = 0;
  uint32_t duration_ms = 0;

  friend bool operator==(const RoundRecord&, const RoundRecord&) = default;
};

// The model after a stored round, so that a restart need not replay all rounds. Replaces the snapshot before it.
struct SnapshotRecord {
  uint32_t round = 0;
  std::string bytes;  // Model::SaveSnapshot

  friend bool operator==(const SnapshotRecord&, const SnapshotRecord&) = default;
};

using Write = std::variant<ClientRecord, UpdateRecord, RoundRecord, SnapshotRecord>;

// What a server needs to go on where the last one stopped.
struct Contents {
  std::optional<FederationRecord> federation;  // absent: a new store
  std::vector<ClientRecord> clients;           // by number
  uint32_t last_round = 0;                     // 0: none is complete
  std::optional<SnapshotRecord> snapshot;
  std::vector<RoundRecord> rounds;         // those after the snapshot, or all; up to last_round
  std::vector<UpdateRecord> open_updates;  // of round last_round + 1, by client
};

// Where a federation's state is kept. Errors are one sentence that names the file:
//   FailedPrecondition, AlreadyExists   the store refuses; it is as it was
//   DataLoss                            what is stored is damaged
//   ResourceExhausted                   no space left; nothing of the transaction is stored
//   Internal                            reading or writing failed; nothing of the transaction is stored
// All functions are thread-safe. Reading never waits for the disk flush of a Commit.
class Store {
 public:
  virtual ~Store() = default;

  // Writes what the store is made for; durable on return. FailedPrecondition when it has been written before.
  virtual absl::Status Create(const FederationRecord& federation) = 0;

  // Everything but the rounds before the snapshot. Checks digests and that no round is missing.
  virtual absl::StatusOr<Contents> Load() = 0;

  // One transaction: all or nothing, durable on return, in order. A RoundRecord ends its round: updates of rounds up to
  // round - (rounds of updates to keep) are deleted. AlreadyExists for a client, an update or a round that is stored
  // already; FailedPrecondition for a round that does not follow the last one, an update of a complete round, or a
  // snapshot of a round that is not complete.
  virtual absl::Status Commit(std::span<const Write> writes) = 0;

  // The stored rounds of first to last (both inclusive), in order: as many as have at most max_bytes of words together,
  // but at least one if there is one.
  virtual absl::StatusOr<std::vector<RoundRecord>> Rounds(uint32_t first, uint32_t last, size_t max_bytes) = 0;

  // The stored updates of a round, by client. Those of a complete round are kept for as many rounds as the store was
  // told, perhaps none.
  virtual absl::StatusOr<std::vector<UpdateRecord>> Updates(uint32_t round) = 0;
};

// FailedPrecondition with the first difference when a store made for `stored` cannot serve a federation of this spec
// and, if one was asked for, key. `store` names the store in the sentence. Never prints a key.
absl::Status CheckFederation(const FederationRecord& stored, const ModelSpec& spec,
                             const std::optional<FederationKey>& key, const std::string& store);

}  // namespace seedfed

#endif  // SEEDFED_SERVER_STORE_STORE_H_
