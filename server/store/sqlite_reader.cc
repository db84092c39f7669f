#include "server/store/sqlite_reader.h"

#include <algorithm>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "common/base/checksum.h"
#include "common/base/status.h"

namespace seedfed {

absl::StatusOr<SqliteReader> SqliteReader::Prepare(std::unique_ptr<SqliteConnection> connection) {
  SqliteConnection& c = *connection;
  SEEDFED_ASSIGN_OR_RETURN(auto begin, c.Prepare("BEGIN"));
  SEEDFED_ASSIGN_OR_RETURN(auto commit, c.Prepare("COMMIT"));
  SEEDFED_ASSIGN_OR_RETURN(auto federation, c.Prepare("SELECT id, key, spec FROM federation"));
  SEEDFED_ASSIGN_OR_RETURN(auto clients,
                           c.Prepare("SELECT number, id, evaluator FROM clients ORDER BY number"));
  SEEDFED_ASSIGN_OR_RETURN(
      auto updates, c.Prepare("SELECT client, examples, loss, request_bytes, checksum, words "
                              "FROM updates WHERE round = ? ORDER BY rowid"));
  SEEDFED_ASSIGN_OR_RETURN(
      auto rounds,
      c.Prepare("SELECT round, fingerprint, base_checksum, updates, examples, training_loss, "
                "bytes_up, duration_ms, checksum, words "
                "FROM rounds WHERE round BETWEEN ? AND ? ORDER BY round"));
  SEEDFED_ASSIGN_OR_RETURN(auto last_round, c.Prepare("SELECT max(round) FROM rounds"));
  SEEDFED_ASSIGN_OR_RETURN(auto snapshot,
                           c.Prepare("SELECT round, checksum, bytes FROM snapshots"));
  SEEDFED_ASSIGN_OR_RETURN(
      auto summaries,
      c.Prepare("SELECT round, fingerprint, base_checksum, updates, examples, training_loss, "
                "bytes_up, duration_ms FROM rounds WHERE round BETWEEN ? AND ? ORDER BY round"));
  SEEDFED_ASSIGN_OR_RETURN(
      auto evaluations,
      c.Prepare("SELECT round, client, accuracy, loss, examples FROM evaluations ORDER BY rowid"));
  SEEDFED_ASSIGN_OR_RETURN(auto control, c.Prepare("SELECT held, finished FROM control"));
  return SqliteReader(
      std::move(connection),
      {std::move(begin), std::move(commit), std::move(federation), std::move(clients),
       std::move(updates), std::move(rounds), std::move(last_round), std::move(snapshot),
       std::move(summaries), std::move(evaluations), std::move(control)});
}

absl::Status SqliteReader::Damaged(absl::string_view what) const {
  return absl::DataLossError(absl::StrCat(connection_->path(), " is damaged: ", what));
}

absl::StatusOr<RoundRecord> SqliteReader::Summary(SqliteStatement& rows) const {
  RoundRecord record;
  record.round = static_cast<uint32_t>(rows.Integer(0));
  SEEDFED_ASSIGN_OR_RETURN(record.fingerprint, rows.Array<32>(1));
  SEEDFED_ASSIGN_OR_RETURN(record.base_checksum, rows.Array<16>(2));
  record.updates = static_cast<uint32_t>(rows.Integer(3));
  record.examples = static_cast<uint64_t>(rows.Integer(4));
  record.training_loss = rows.Real(5);
  record.bytes_up = static_cast<uint64_t>(rows.Integer(6));
  record.duration_ms = static_cast<uint32_t>(rows.Integer(7));
  return record;
}

absl::StatusOr<std::vector<RoundRecord>> SqliteReader::RoundSummaries(uint32_t first,
                                                                      uint32_t last) {
  SqliteStatement& rows = statements_.summaries;
  const absl::Cleanup reset = [&rows] { rows.Reset(); };
  std::vector<RoundRecord> result;
  rows.Bind(first, last);
  while (true) {
    SEEDFED_ASSIGN_OR_RETURN(const bool row, rows.Next());
    if (!row) return result;
    SEEDFED_ASSIGN_OR_RETURN(RoundRecord record, Summary(rows));
    result.push_back(std::move(record));
  }
}

absl::StatusOr<std::vector<RoundRecord>> SqliteReader::Rounds(uint32_t first, uint32_t last,
                                                              size_t max_bytes) {
  SqliteStatement& rows = statements_.rounds;
  const absl::Cleanup reset = [&rows] { rows.Reset(); };
  std::vector<RoundRecord> result;
  uint32_t expected = std::max(first, 1U);
  size_t bytes = 0;
  rows.Bind(expected, last);
  while (true) {
    SEEDFED_ASSIGN_OR_RETURN(const bool row, rows.Next());
    if (!row) return result;
    SEEDFED_ASSIGN_OR_RETURN(RoundRecord record, Summary(rows));
    if (record.round != expected) return Damaged(absl::StrCat("round ", expected, " is missing"));
    SEEDFED_ASSIGN_OR_RETURN(const Digest128 checksum, rows.Array<16>(8));
    record.words = rows.Bytes(9);
    if (checksum != Checksum128(record.words)) {
      return Damaged(
          absl::StrCat("the words of round ", record.round, " do not match their checksum"));
    }
    bytes += record.words.size();
    if (!result.empty() && bytes > max_bytes) return result;
    result.push_back(std::move(record));
    ++expected;
  }
}

absl::StatusOr<std::vector<UpdateRecord>> SqliteReader::Updates(uint32_t round) {
  SqliteStatement& rows = statements_.updates;
  const absl::Cleanup reset = [&rows] { rows.Reset(); };
  std::vector<UpdateRecord> result;
  rows.Bind(round);
  while (true) {
    SEEDFED_ASSIGN_OR_RETURN(const bool row, rows.Next());
    if (!row) return result;
    UpdateRecord record;
    record.round = round;
    record.client = static_cast<uint32_t>(rows.Integer(0));
    record.examples = static_cast<uint32_t>(rows.Integer(1));
    record.loss = static_cast<float>(rows.Real(2));
    record.request_bytes = static_cast<uint32_t>(rows.Integer(3));
    SEEDFED_ASSIGN_OR_RETURN(const Digest128 checksum, rows.Array<16>(4));
    record.words = rows.Bytes(5);
    if (checksum != record.words.checksum()) {
      return Damaged(absl::StrCat("the words of client ", record.client, " in round ", round,
                                  " do not match their checksum"));
    }
    result.push_back(std::move(record));
  }
}

absl::StatusOr<Contents> SqliteReader::Load() { return Load(true); }

absl::StatusOr<Contents> SqliteReader::LoadWithoutRounds() { return Load(false); }

absl::StatusOr<Contents> SqliteReader::Load(bool with_rounds) {
  SEEDFED_RETURN_IF_ERROR(statements_.begin.Bind().Run());
  Contents contents;
  const absl::Status status = LoadAll(contents, with_rounds);
  const absl::Status end = statements_.commit.Bind().Run();
  if (!status.ok()) return status;
  if (!end.ok()) return end;
  return contents;
}

absl::Status SqliteReader::LoadAll(Contents& contents, bool with_rounds) {
  SEEDFED_RETURN_IF_ERROR(LoadFederation(contents));
  SEEDFED_RETURN_IF_ERROR(LoadClients(contents));
  SEEDFED_RETURN_IF_ERROR(LoadSnapshot(contents));
  SEEDFED_RETURN_IF_ERROR(LoadLastRound(contents));
  const uint32_t replayed = contents.snapshot.has_value() ? contents.snapshot->round : 0;
  if (replayed > contents.last_round) {
    return Damaged(absl::StrCat("it has a snapshot of round ", replayed, " and no round after ",
                                contents.last_round));
  }
  if (with_rounds) {
    SEEDFED_ASSIGN_OR_RETURN(contents.rounds, Rounds(replayed + 1, contents.last_round, SIZE_MAX));
  }
  SEEDFED_ASSIGN_OR_RETURN(contents.open_updates, Updates(contents.last_round + 1));
  SEEDFED_RETURN_IF_ERROR(LoadEvaluations(contents));
  SEEDFED_RETURN_IF_ERROR(LoadControl(contents));
  return absl::OkStatus();
}

absl::Status SqliteReader::LoadFederation(Contents& contents) {
  SqliteStatement& rows = statements_.federation;
  const absl::Cleanup reset = [&rows] { rows.Reset(); };
  SEEDFED_ASSIGN_OR_RETURN(const bool row, rows.Bind().Next());
  if (!row) return absl::OkStatus();
  FederationRecord record;
  SEEDFED_ASSIGN_OR_RETURN(record.id, rows.Array<16>(0));
  SEEDFED_ASSIGN_OR_RETURN(const auto key, rows.Array<16>(1));
  record.key = FederationKey(key);
  const std::string bytes = rows.Bytes(2);
  absl::string_view rest = bytes;
  absl::StatusOr<ModelSpec> spec = ConsumeSpecBytes(rest);
  if (!spec.ok()) return Damaged(spec.status().message());
  record.spec = *std::move(spec);
  contents.federation = std::move(record);
  return absl::OkStatus();
}

absl::Status SqliteReader::LoadClients(Contents& contents) {
  SqliteStatement& rows = statements_.clients;
  rows.Bind();
  while (true) {
    SEEDFED_ASSIGN_OR_RETURN(const bool row, rows.Next());
    if (!row) return absl::OkStatus();
    contents.clients.push_back(
        {static_cast<uint32_t>(rows.Integer(0)), rows.Bytes(1), rows.Integer(2) != 0});
  }
}

absl::Status SqliteReader::LoadSnapshot(Contents& contents) {
  SqliteStatement& rows = statements_.snapshot;
  const absl::Cleanup reset = [&rows] { rows.Reset(); };
  SEEDFED_ASSIGN_OR_RETURN(const bool row, rows.Bind().Next());
  if (!row) return absl::OkStatus();
  SnapshotRecord record;
  record.round = static_cast<uint32_t>(rows.Integer(0));
  SEEDFED_ASSIGN_OR_RETURN(const Digest128 checksum, rows.Array<16>(1));
  record.bytes = rows.Bytes(2);
  if (checksum != Checksum128(record.bytes)) {
    return Damaged(
        absl::StrCat("the snapshot of round ", record.round, " does not match its checksum"));
  }
  contents.snapshot = std::move(record);
  return absl::OkStatus();
}

absl::Status SqliteReader::LoadEvaluations(Contents& contents) {
  SqliteStatement& rows = statements_.evaluations;
  rows.Bind();
  while (true) {
    SEEDFED_ASSIGN_OR_RETURN(const bool row, rows.Next());
    if (!row) return absl::OkStatus();
    EvaluationRecord record = {.round = static_cast<uint32_t>(rows.Integer(0)),
                               .client = static_cast<uint32_t>(rows.Integer(1)),
                               .accuracy = rows.Real(2),
                               .loss = rows.Real(3),
                               .examples = static_cast<uint32_t>(rows.Integer(4))};
    if (record.round > contents.last_round) {
      return Damaged(absl::StrCat("it has an evaluation of round ", record.round,
                                  " and no round after ", contents.last_round));
    }
    contents.evaluations.push_back(record);
  }
}

absl::Status SqliteReader::LoadControl(Contents& contents) {
  SqliteStatement& rows = statements_.control;
  const absl::Cleanup reset = [&rows] { rows.Reset(); };
  SEEDFED_ASSIGN_OR_RETURN(const bool row, rows.Bind().Next());
  if (row) contents.control = {.held = rows.Integer(0) != 0, .finished = rows.Integer(1) != 0};
  return absl::OkStatus();
}

absl::Status SqliteReader::LoadLastRound(Contents& contents) {
  SqliteStatement& rows = statements_.last_round;
  const absl::Cleanup reset = [&rows] { rows.Reset(); };
  SEEDFED_ASSIGN_OR_RETURN(const bool row, rows.Bind().Next());
  // Without rounds the maximum is NULL, which reads as 0.
  contents.last_round = row ? static_cast<uint32_t>(rows.Integer(0)) : 0;
  return absl::OkStatus();
}

}  // namespace seedfed
