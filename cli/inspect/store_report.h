#ifndef SEEDFED_CLI_INSPECT_STORE_REPORT_H_
#define SEEDFED_CLI_INSPECT_STORE_REPORT_H_

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/store/store.h"

namespace seedfed {

// A server's store as it was at its last commit.
struct StoreSummary {
  std::string path;                // of the database
  std::optional<uint32_t> holder;  // process of the server that runs on it
  FederationRecord federation;
  std::vector<ClientRecord> clients;
  uint32_t last_round = 0;
  std::optional<uint32_t> snapshot_round;
  uint64_t snapshot_bytes = 0;
  uint32_t open_updates = 0;        // of round last_round + 1
  std::vector<RoundRecord> rounds;  // the last ones, without their words
};

// Reads the store whose database is at `path`, and its last `rounds` rounds (0: all). A server may
// be running on it: its lock is not taken, and it does not wait. Errors as
// OpenStoreDatabaseForReading and Store; FailedPrecondition when no federation has been written to
// it.
absl::StatusOr<StoreSummary> SummariseStore(const std::string& path, uint32_t rounds);

// The key is shown only with `show_key`.
std::string StoreText(const StoreSummary& summary, bool show_key);

// kind "store", file, server_process (null: none), federation_id, key (with show_key only), model
// as of a snapshot, last_round, open_updates, snapshot {round, bytes} or null, trainers,
// evaluators, members: array of {number, id, evaluator}, fingerprint and base_checksum (null before
// the first round), rounds: array of {round, updates, examples, training_loss, bytes_up, seconds,
// fingerprint, base_checksum}
nlohmann::ordered_json StoreJson(const StoreSummary& summary, bool show_key);

}  // namespace seedfed

#endif  // SEEDFED_CLI_INSPECT_STORE_REPORT_H_
