#ifndef SEEDFED_SERVER_STORE_SQLITE_READER_H_
#define SEEDFED_SERVER_STORE_SQLITE_READER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/store/sqlite_connection.h"
#include "server/store/store.h"

namespace seedfed {

// The reading half of the store, on a connection of its own: in WAL mode it neither waits for the
// writer nor holds it up. Every checksum is checked: DataLoss when one does not match or a round is
// missing. Not thread-safe. The functions are those of Store.
class SqliteReader {
 public:
  static absl::StatusOr<SqliteReader> Prepare(std::unique_ptr<SqliteConnection> connection);

  absl::StatusOr<Contents> Load();
  absl::StatusOr<Contents> LoadWithoutRounds();  // Contents::rounds stays empty
  absl::StatusOr<std::vector<RoundRecord>> Rounds(uint32_t first, uint32_t last, size_t max_bytes);
  absl::StatusOr<std::vector<RoundRecord>> RoundSummaries(uint32_t first, uint32_t last);
  absl::StatusOr<std::vector<UpdateRecord>> Updates(uint32_t round);

 private:
  struct Statements {
    SqliteStatement begin, commit, federation, clients, updates, rounds, last_round, snapshot,
        summaries, evaluations, control;
  };

  SqliteReader(std::unique_ptr<SqliteConnection> connection, Statements statements)
      : connection_(std::move(connection)), statements_(std::move(statements)) {}

  absl::Status Damaged(absl::string_view what) const;

  absl::StatusOr<Contents> Load(bool with_rounds);

  // Parts of Load, inside its read transaction.
  absl::Status LoadAll(Contents& contents, bool with_rounds);
  absl::Status LoadFederation(Contents& contents);
  absl::Status LoadClients(Contents& contents);
  absl::Status LoadSnapshot(Contents& contents);
  absl::Status LoadLastRound(Contents& contents);
  absl::Status LoadEvaluations(Contents& contents);
  absl::Status LoadControl(Contents& contents);

  // The columns that a RoundRecord and its summary share.
  absl::StatusOr<RoundRecord> Summary(SqliteStatement& rows) const;

  std::unique_ptr<SqliteConnection> connection_;
  Statements statements_;  // after the connection, which must outlive them
};

}  // namespace seedfed

#endif  // SEEDFED_SERVER_STORE_SQLITE_READER_H_
