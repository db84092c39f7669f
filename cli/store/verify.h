#ifndef SEEDFED_CLI_STORE_VERIFY_H_
#define SEEDFED_CLI_STORE_VERIFY_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "common/base/hash.h"
#include "server/store/sqlite_connection.h"

namespace seedfed {

// What a valid store holds.
struct VerifiedStore {
  Digest128 federation_id{};
  uint32_t rounds = 0;      // complete ones, all replayed
  Digest256 fingerprint{};  // after the last
  Digest128 base_checksum{};
  std::optional<uint32_t> snapshot_round;
  size_t members = 0;
  size_t open_updates = 0;  // of round rounds + 1
};

// Makes the model of round 0 from the store's key and applies the words of every round: each must
// lead to the stored fingerprint and base checksum, and at its round to the stored snapshot's
// bytes. Members must have numbers of their role, open updates must decode. Reads the store as it
// is when this begins; holds two models (more while a snapshot is compared) and some MiB of words,
// however long the history. DataLoss names the first thing that is wrong; other errors: it cannot
// be read.
absl::StatusOr<VerifiedStore> VerifyStore(std::unique_ptr<SqliteConnection> connection);

}  // namespace seedfed

#endif  // SEEDFED_CLI_STORE_VERIFY_H_
