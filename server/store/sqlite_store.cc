#include "server/store/sqlite_store.h"

#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "common/base/checksum.h"
#include "common/base/mutex.h"
#include "common/base/status.h"
#include "server/store/sqlite_connection.h"
#include "server/store/sqlite_open.h"
#include "server/store/sqlite_reader.h"
#include "server/store/store_folder.h"

namespace seedfed {
namespace {

constexpr char kFile[] = "seedfed.db";

absl::string_view View(const std::string& text) { return text; }

template <size_t N>
Blob AsBlob(const std::array<uint8_t, N>& bytes) {
  return {{reinterpret_cast<const char*>(bytes.data()), N}};
}

// Statements of the writing connection.
struct Writer {
  std::unique_ptr<SqliteConnection> connection;
  SqliteStatement begin, commit, rollback;
  SqliteStatement add_federation, add_client, add_update, add_round, add_snapshot;
  SqliteStatement add_evaluation, set_control;
  SqliteStatement drop_updates, drop_all_updates, drop_snapshots;

  static absl::StatusOr<Writer> Prepare(std::unique_ptr<SqliteConnection> connection);
};

absl::StatusOr<Writer> Writer::Prepare(std::unique_ptr<SqliteConnection> connection) {
  SqliteConnection& c = *connection;
  SEEDFED_ASSIGN_OR_RETURN(auto begin, c.Prepare("BEGIN IMMEDIATE"));
  SEEDFED_ASSIGN_OR_RETURN(auto commit, c.Prepare("COMMIT"));
  SEEDFED_ASSIGN_OR_RETURN(auto rollback, c.Prepare("ROLLBACK"));
  SEEDFED_ASSIGN_OR_RETURN(auto federation,
                           c.Prepare("INSERT INTO federation VALUES (1, ?, ?, ?)"));
  SEEDFED_ASSIGN_OR_RETURN(auto client, c.Prepare("INSERT INTO clients VALUES (?, ?, ?)"));
  SEEDFED_ASSIGN_OR_RETURN(auto update,
                           c.Prepare("INSERT INTO updates VALUES (?, ?, ?, ?, ?, ?, ?)"));
  SEEDFED_ASSIGN_OR_RETURN(auto round,
                           c.Prepare("INSERT INTO rounds VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
  SEEDFED_ASSIGN_OR_RETURN(auto snapshot, c.Prepare("INSERT INTO snapshots VALUES (?, ?, ?)"));
  SEEDFED_ASSIGN_OR_RETURN(auto evaluation,
                           c.Prepare("INSERT INTO evaluations VALUES (?, ?, ?, ?, ?)"));
  SEEDFED_ASSIGN_OR_RETURN(auto control, c.Prepare("REPLACE INTO control VALUES (1, ?, ?)"));
  // By rowid: in the order of the pages, which a round's updates fill one after the other, whatever
  // the order of their clients.
  SEEDFED_ASSIGN_OR_RETURN(
      auto drop_updates, c.Prepare("DELETE FROM updates WHERE rowid <= (SELECT rowid FROM updates "
                                   "WHERE round <= ? ORDER BY round DESC, rowid DESC LIMIT 1)"));
  // SQLite's quick way to empty a table, which does not look at its rows.
  SEEDFED_ASSIGN_OR_RETURN(auto drop_all_updates, c.Prepare("DELETE FROM updates"));
  SEEDFED_ASSIGN_OR_RETURN(auto drop_snapshots,
                           c.Prepare("DELETE FROM snapshots WHERE round <> ?"));
  return Writer{std::move(connection),       std::move(begin),         std::move(commit),
                std::move(rollback),         std::move(federation),    std::move(client),
                std::move(update),           std::move(round),         std::move(snapshot),
                std::move(evaluation),       std::move(control),       std::move(drop_updates),
                std::move(drop_all_updates), std::move(drop_snapshots)};
}

class SqliteStore final : public Store {
 public:
  SqliteStore(StoreFolder folder, Writer writer, SqliteReader reader, uint32_t last_round,
              const SqliteStoreOptions& options)
      : folder_(std::move(folder)),
        writer_(std::move(writer)),
        last_round_(last_round),
        reader_(std::move(reader)),
        keep_update_rounds_(options.keep_update_rounds) {}

  absl::Status Create(const FederationRecord& federation) override {
    const MutexLock lock(writer_mutex_);
    const std::string spec = SpecBytes(federation.spec);
    const absl::Status status =
        writer_.add_federation
            .Bind(AsBlob(federation.id), AsBlob(federation.key.bytes()), Blob{View(spec)})
            .Run();
    if (!absl::IsAlreadyExists(status)) return status;
    return absl::FailedPreconditionError(absl::StrCat(path(), " belongs to a federation already"));
  }

  absl::Status Commit(std::span<const Write> writes) override {
    const MutexLock lock(writer_mutex_);
    SEEDFED_RETURN_IF_ERROR(writer_.begin.Bind().Run());
    const uint32_t last_round_before = last_round_;
    absl::Status status;
    for (const Write& write : writes) {
      status = std::visit(
          [this](const auto& record) {
            writer_mutex_.AssertHeld();
            return Add(record);
          },
          write);
      if (!status.ok()) break;
    }
    if (status.ok()) status = writer_.commit.Bind().Run();
    if (!status.ok()) {
      last_round_ = last_round_before;
      // SQLite has rolled back by itself after some errors, such as a full disk: then this fails.
      writer_.rollback.Bind().Run().IgnoreError();
    }
    return status;
  }

  absl::StatusOr<Contents> Load() override {
    const MutexLock lock(reader_mutex_);
    return reader_.Load();
  }

  absl::StatusOr<std::vector<RoundRecord>> Rounds(uint32_t first, uint32_t last,
                                                  size_t max_bytes) override {
    const MutexLock lock(reader_mutex_);
    return reader_.Rounds(first, last, max_bytes);
  }

  absl::StatusOr<std::vector<RoundRecord>> RoundSummaries(uint32_t first, uint32_t last) override {
    const MutexLock lock(reader_mutex_);
    return reader_.RoundSummaries(first, last);
  }

  absl::StatusOr<std::vector<UpdateRecord>> Updates(uint32_t round) override {
    const MutexLock lock(reader_mutex_);
    return reader_.Updates(round);
  }

 private:
  const std::string& path() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(writer_mutex_) {
    return writer_.connection->path();
  }

  // One record of the running transaction.

  absl::Status Add(const ClientRecord& record) ABSL_EXCLUSIVE_LOCKS_REQUIRED(writer_mutex_) {
    return Named(writer_.add_client.Bind(record.number, record.id, record.evaluator).Run(),
                 [&] { return absl::StrCat("client ", record.number, " ('", record.id, "')"); });
  }

  absl::Status Add(const UpdateRecord& record) ABSL_EXCLUSIVE_LOCKS_REQUIRED(writer_mutex_) {
    if (record.round != last_round_ + 1) {
      return absl::FailedPreconditionError(absl::StrCat(
          path(), " takes updates of round ", last_round_ + 1, ", not of round ", record.round));
    }
    return Named(
        writer_.add_update
            .Bind(record.round, record.client, record.examples, static_cast<double>(record.loss),
                  record.request_bytes, AsBlob(record.words.checksum()), Blob{record.words})
            .Run(),
        [&] {
          return absl::StrCat("an update of client ", record.client, " in round ", record.round);
        });
  }

  absl::Status Add(const RoundRecord& record) ABSL_EXCLUSIVE_LOCKS_REQUIRED(writer_mutex_) {
    if (record.round <= last_round_ && record.round > 0) {
      return absl::AlreadyExistsError(
          absl::StrCat(path(), " has round ", record.round, " already"));
    }
    if (record.round != last_round_ + 1) {
      return absl::FailedPreconditionError(absl::StrCat(path(), " takes round ", last_round_ + 1,
                                                        " next, not round ", record.round));
    }
    const Digest128 checksum = Checksum128(record.words);
    SEEDFED_RETURN_IF_ERROR(writer_.add_round
                                .Bind(record.round, AsBlob(record.fingerprint),
                                      AsBlob(record.base_checksum), record.updates, record.examples,
                                      record.training_loss, record.bytes_up, record.duration_ms,
                                      AsBlob(checksum), Blob{View(record.words)})
                                .Run());
    last_round_ = record.round;
    if (keep_update_rounds_ == 0) return writer_.drop_all_updates.Bind().Run();
    if (record.round <= keep_update_rounds_) return absl::OkStatus();
    return writer_.drop_updates.Bind(record.round - keep_update_rounds_).Run();
  }

  absl::Status Add(const SnapshotRecord& record) ABSL_EXCLUSIVE_LOCKS_REQUIRED(writer_mutex_) {
    if (record.round == 0 || record.round > last_round_) {
      return absl::FailedPreconditionError(
          absl::StrCat(path(), " takes no snapshot of round ", record.round,
                       ": the last complete round is ", last_round_));
    }
    const Digest128 checksum = Checksum128(record.bytes);
    SEEDFED_RETURN_IF_ERROR(Named(
        writer_.add_snapshot.Bind(record.round, AsBlob(checksum), Blob{View(record.bytes)}).Run(),
        [&] { return absl::StrCat("a snapshot of round ", record.round); }));
    return writer_.drop_snapshots.Bind(record.round).Run();
  }

  absl::Status Add(const EvaluationRecord& record) ABSL_EXCLUSIVE_LOCKS_REQUIRED(writer_mutex_) {
    if (record.round == 0 || record.round > last_round_) {
      return absl::FailedPreconditionError(
          absl::StrCat(path(), " takes no evaluation of round ", record.round,
                       ": the last complete round is ", last_round_));
    }
    return Named(
        writer_.add_evaluation
            .Bind(record.round, record.client, record.accuracy, record.loss, record.examples)
            .Run(),
        [&] {
          return absl::StrCat("an evaluation of client ", record.client, " of round ",
                              record.round);
        });
  }

  absl::Status Add(const ControlRecord& record) ABSL_EXCLUSIVE_LOCKS_REQUIRED(writer_mutex_) {
    return writer_.set_control.Bind(record.held, record.finished).Run();
  }

  // Says of a record that is stored already which one it is.
  template <typename Name>
  absl::Status Named(absl::Status status, const Name& name) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(writer_mutex_) {
    if (!absl::IsAlreadyExists(status)) return status;
    return absl::AlreadyExistsError(absl::StrCat(path(), " has ", name(), " already"));
  }

  const StoreFolder folder_;  // first: unlocked last

  Mutex writer_mutex_;
  Writer writer_ ABSL_GUARDED_BY(writer_mutex_);
  uint32_t last_round_ ABSL_GUARDED_BY(writer_mutex_);  // of the running transaction

  Mutex reader_mutex_;
  SqliteReader reader_ ABSL_GUARDED_BY(reader_mutex_);

  const uint32_t keep_update_rounds_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Store>> OpenSqliteStore(const std::string& folder,
                                                       const SqliteStoreOptions& options) {
  SEEDFED_ASSIGN_OR_RETURN(StoreFolder locked, StoreFolder::Lock(folder));
  SEEDFED_RETURN_IF_ERROR(locked.MakeFile(kFile));
  const std::string path = locked.FilePath(kFile);
  SEEDFED_ASSIGN_OR_RETURN(std::unique_ptr<SqliteConnection> writing, OpenStoreDatabase(path));
  SEEDFED_ASSIGN_OR_RETURN(const int64_t last_round,
                           writing->QueryInteger("SELECT max(round) FROM rounds"));
  SEEDFED_ASSIGN_OR_RETURN(std::unique_ptr<SqliteConnection> reading,
                           SqliteConnection::Open(path, SqliteConnection::Access::kRead));
  SEEDFED_ASSIGN_OR_RETURN(Writer writer, Writer::Prepare(std::move(writing)));
  SEEDFED_ASSIGN_OR_RETURN(SqliteReader reader, SqliteReader::Prepare(std::move(reading)));
  return std::make_unique<SqliteStore>(std::move(locked), std::move(writer), std::move(reader),
                                       static_cast<uint32_t>(last_round), options);
}

}  // namespace seedfed
