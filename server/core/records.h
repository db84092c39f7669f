#ifndef SEEDFED_SERVER_CORE_RECORDS_H_
#define SEEDFED_SERVER_CORE_RECORDS_H_

#include <array>
#include <cstdint>
#include <string>
#include <variant>

#include "common/base/hash.h"
#include "server/core/update_words.h"

namespace seedfed {

// What the server keeps: plain values that the round core asks to be made durable, and gets back
// after a restart.

// A member. Trainers' numbers count from 0, evaluators' from 2^31, in the order of joining.
struct ClientRecord {
  uint32_t number = 0;
  std::string id;
  bool evaluator = false;
  friend bool operator==(const ClientRecord&, const ClientRecord&) = default;
};

// One client's update of one round.
struct UpdateRecord {
  uint32_t round = 0;
  uint32_t client = 0;
  uint32_t examples = 0;
  float loss = 0;              // mean training loss, nats
  uint32_t request_bytes = 0;  // of the serialised request it came in
  UpdateWords words;
  friend bool operator==(const UpdateRecord&, const UpdateRecord&) = default;
};

// A complete round.
struct RoundRecord {
  uint32_t round = 0;
  std::string words;  // averaged
  Digest256 fingerprint{};
  Digest128 base_checksum{};
  uint32_t updates = 0;
  uint64_t examples = 0;
  double training_loss = 0;
  uint64_t bytes_up = 0;  // sum of request_bytes
  uint32_t duration_ms = 0;
  friend bool operator==(const RoundRecord&, const RoundRecord&) = default;
};

// The model after a round (Model::SaveSnapshot), so that a restart need not replay all rounds. Only
// the newest is needed.
struct SnapshotRecord {
  uint32_t round = 0;
  std::string bytes;
  friend bool operator==(const SnapshotRecord&, const SnapshotRecord&) = default;
};

// An evaluator's report on the averaged model after a complete round.
struct EvaluationRecord {
  uint32_t round = 0;
  uint32_t client = 0;
  double accuracy = 0;  // share of the examples, 0 to 1
  double loss = 0;      // mean cross-entropy, nats
  uint32_t examples = 0;
  friend bool operator==(const EvaluationRecord&, const EvaluationRecord&) = default;
};

// What the operator has asked for. Only the newest is needed.
struct ControlRecord {
  bool held = false;      // rounds do not end until the operator lets them
  bool finished = false;  // no more rounds, whatever was planned
  friend bool operator==(const ControlRecord&, const ControlRecord&) = default;
};

using Write = std::variant<ClientRecord, UpdateRecord, RoundRecord, SnapshotRecord,
                           EvaluationRecord, ControlRecord>;

}  // namespace seedfed

#endif  // SEEDFED_SERVER_CORE_RECORDS_H_
