#include "cli/model_source/store_source.h"

#include <algorithm>
#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/store/database.h"
#include "common/base/status.h"
#include "common/model/model.h"
#include "server/store/sqlite_open.h"

namespace seedfed {
namespace {

// Words of rounds held at a time, bytes.
constexpr size_t kReadBytes = size_t{4} << 20;

using EachRecord = std::function<absl::Status(const RoundRecord&)>;

absl::Status ReadRecords(SqliteReader& reader, uint32_t first, uint32_t last,
                         const EachRecord& each) {
  while (first <= last) {
    SEEDFED_ASSIGN_OR_RETURN(const std::vector<RoundRecord> records,
                             reader.Rounds(first, last, kReadBytes));
    if (records.empty()) {
      return absl::DataLossError(absl::StrCat("round ", first, " is missing in the store"));
    }
    for (const RoundRecord& record : records) SEEDFED_RETURN_IF_ERROR(each(record));
    first = records.back().round + 1;
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<ModelSource>> StoreSource::Open(const std::string& store) {
  SEEDFED_ASSIGN_OR_RETURN(const std::string database, FindDatabase(store));
  SEEDFED_ASSIGN_OR_RETURN(std::unique_ptr<SqliteConnection> connection,
                           OpenStoreDatabaseForReading(database));
  SEEDFED_ASSIGN_OR_RETURN(SqliteReader reader, SqliteReader::Prepare(std::move(connection)));
  SEEDFED_ASSIGN_OR_RETURN(Contents contents, reader.LoadWithoutRounds());
  if (!contents.federation) {
    return absl::FailedPreconditionError(absl::StrCat(database, " has no federation yet"));
  }
  return std::unique_ptr<ModelSource>(
      new StoreSource(store, std::move(reader), std::move(contents)));
}

absl::StatusOr<std::string> StoreSource::Snapshot() {
  const FederationRecord& federation = *contents_.federation;
  SEEDFED_ASSIGN_OR_RETURN(Model model, contents_.snapshot
                                            ? Model::FromSnapshot(contents_.snapshot->bytes,
                                                                  federation.spec, federation.key)
                                            : Model::Create(federation.spec, federation.key));
  SEEDFED_RETURN_IF_ERROR(
      ReadRecords(reader_, model.round() + 1, contents_.last_round, [&](const RoundRecord& record) {
        const absl::Status applied = model.Apply(record.round, record.words);
        if (applied.ok() && model.fingerprint() == record.fingerprint) return absl::OkStatus();
        return absl::DataLossError(
            absl::StrCat("round ", record.round, " of ", name_, " is damaged",
                         applied.ok() ? ": its words do not lead to its fingerprint"
                                      : absl::StrCat(": ", applied.message())));
      }));
  return model.SaveSnapshot();
}

absl::Status StoreSource::ReadRounds(uint32_t last, const EachRound& each) {
  return ReadRecords(
      reader_, 1, std::min(last, contents_.last_round),
      [&each](const RoundRecord& record) { return each(record.round, record.words); });
}

}  // namespace seedfed
