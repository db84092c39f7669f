#include "cli/inspect/store_report.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "cli/inspect/lock_holder.h"
#include "cli/inspect/snapshot_report.h"
#include "cli/layout/quantity.h"
#include "cli/layout/text_table.h"
#include "common/base/hash.h"
#include "common/base/status.h"
#include "common/terminal/text.h"
#include "server/store/sqlite_open.h"
#include "server/store/sqlite_reader.h"

namespace seedfed {
namespace {

using nlohmann::ordered_json;
using Align = TextTable::Align;

// Words of rounds held at a time, bytes.
constexpr size_t kReadBytes = size_t{16} << 20;
// Members that the text names.
constexpr size_t kNamed = 10;

absl::Status ReadRounds(SqliteReader& reader, uint32_t first, StoreSummary& summary) {
  while (first <= summary.last_round) {
    SEEDFED_ASSIGN_OR_RETURN(std::vector<RoundRecord> records,
                             reader.Rounds(first, summary.last_round, kReadBytes));
    if (records.empty()) {
      return absl::DataLossError(
          absl::StrCat(summary.path, " is damaged: round ", first, " is missing"));
    }
    first = records.back().round + 1;
    for (RoundRecord& record : records) {
      std::string().swap(record.words);
      summary.rounds.push_back(std::move(record));
    }
  }
  return absl::OkStatus();
}

size_t Evaluators(const StoreSummary& summary) {
  return static_cast<size_t>(
      std::count_if(summary.clients.begin(), summary.clients.end(),
                    [](const ClientRecord& client) { return client.evaluator; }));
}

std::string MembersText(const StoreSummary& summary) {
  const size_t evaluators = Evaluators(summary);
  const size_t trainers = summary.clients.size() - evaluators;
  std::string text =
      absl::StrCat(WithSeparators(trainers), trainers == 1 ? " trainer" : " trainers", ", ",
                   WithSeparators(evaluators), evaluators == 1 ? " evaluator" : " evaluators");
  std::vector<std::string> names;
  for (size_t i = 0; i < std::min(kNamed, summary.clients.size()); ++i) {
    names.push_back(summary.clients[i].id);
  }
  if (!names.empty()) absl::StrAppend(&text, ": ", absl::StrJoin(names, ", "));
  if (summary.clients.size() > kNamed)
    absl::StrAppend(&text, " and ", summary.clients.size() - kNamed, " more");
  return text;
}

std::string RoundsTable(const StoreSummary& summary) {
  TextTable table(std::vector<Align>(7, Align::kRight));
  table.Row({"round", "updates", "examples", "training loss", "bytes up", "time", "fingerprint"});
  for (const RoundRecord& round : summary.rounds) {
    table.Row({absl::StrCat(round.round), WithSeparators(round.updates),
               WithSeparators(round.examples), absl::StrFormat("%.4f", round.training_loss),
               WithSeparators(round.bytes_up), RoundDuration(absl::Milliseconds(round.duration_ms)),
               ToHex(round.fingerprint).substr(0, 16)});
  }
  return table.Text();
}

}  // namespace

absl::StatusOr<StoreSummary> SummariseStore(const std::string& path, uint32_t rounds) {
  StoreSummary summary;
  summary.path = path;
  summary.holder =
      LockHolder((std::filesystem::path(path).parent_path() / "seedfed.lock").string());
  SEEDFED_ASSIGN_OR_RETURN(std::unique_ptr<SqliteConnection> connection,
                           OpenStoreDatabaseForReading(path));
  SEEDFED_ASSIGN_OR_RETURN(SqliteReader reader, SqliteReader::Prepare(std::move(connection)));
  SEEDFED_ASSIGN_OR_RETURN(Contents contents, reader.Load());
  if (!contents.federation.has_value()) {
    return absl::FailedPreconditionError(absl::StrCat(path, " has no federation yet"));
  }
  summary.federation = *std::move(contents.federation);
  summary.clients = std::move(contents.clients);
  summary.last_round = contents.last_round;
  summary.open_updates = static_cast<uint32_t>(contents.open_updates.size());
  if (contents.snapshot.has_value()) {
    summary.snapshot_round = contents.snapshot->round;
    summary.snapshot_bytes = contents.snapshot->bytes.size();
  }
  const uint32_t shown = rounds == 0 ? summary.last_round : std::min(rounds, summary.last_round);
  SEEDFED_RETURN_IF_ERROR(ReadRounds(reader, summary.last_round - shown + 1, summary));
  return summary;
}

std::string StoreText(const StoreSummary& summary, bool show_key) {
  TextTable head({Align::kLeft, Align::kLeft});
  head.Row({"Store", summary.path});
  head.Row({"Server", summary.holder.has_value()
                          ? absl::StrCat("process ", *summary.holder,
                                         " holds this store; it is shown as of its last commit")
                          : std::string("none runs on it")});
  head.Row({"Federation", ToHex(summary.federation.id)});
  head.Row({"Key", show_key ? ToHex(summary.federation.key.bytes()) : "not shown (--show-key)"});
  head.Row({"Model", ModelText(summary.federation.spec)});
  head.Row({"Members", MembersText(summary)});
  head.Row(
      {"Rounds", absl::StrCat(WithSeparators(summary.last_round), " complete, ",
                              WithSeparators(summary.open_updates),
                              summary.open_updates == 1 ? " update" : " updates", " of the next")});
  head.Row({"Snapshot", summary.snapshot_round.has_value()
                            ? absl::StrCat("of round ", *summary.snapshot_round, ", ",
                                           WithSeparators(summary.snapshot_bytes), " bytes")
                            : std::string("none")});
  if (summary.rounds.empty()) return head.Text();
  head.Row({"Fingerprint", ToHex(summary.rounds.back().fingerprint)});
  head.Row({"Base checksum", ToHex(summary.rounds.back().base_checksum)});
  return absl::StrCat(head.Text(), "\n", RoundsTable(summary));
}

ordered_json StoreJson(const StoreSummary& summary, bool show_key) {
  ordered_json document = {
      {"kind", "store"},
      {"file", summary.path},
      {"server_process",
       summary.holder.has_value() ? ordered_json(*summary.holder) : ordered_json()},
      {"federation_id", ToHex(summary.federation.id)}};
  if (show_key) document["key"] = ToHex(summary.federation.key.bytes());
  document["model"] = ModelJson(summary.federation.spec);
  document["last_round"] = summary.last_round;
  document["open_updates"] = summary.open_updates;
  document["snapshot"] = nullptr;
  if (summary.snapshot_round.has_value()) {
    document["snapshot"] = {{"round", *summary.snapshot_round}, {"bytes", summary.snapshot_bytes}};
  }
  document["trainers"] = summary.clients.size() - Evaluators(summary);
  document["evaluators"] = Evaluators(summary);
  document["members"] = ordered_json::array();
  for (const ClientRecord& client : summary.clients) {
    document["members"].push_back(
        {{"number", client.number}, {"id", client.id}, {"evaluator", client.evaluator}});
  }
  const bool any = !summary.rounds.empty();
  document["fingerprint"] =
      any ? ordered_json(ToHex(summary.rounds.back().fingerprint)) : ordered_json();
  document["base_checksum"] =
      any ? ordered_json(ToHex(summary.rounds.back().base_checksum)) : ordered_json();
  document["rounds"] = ordered_json::array();
  for (const RoundRecord& round : summary.rounds) {
    document["rounds"].push_back({{"round", round.round},
                                  {"updates", round.updates},
                                  {"examples", round.examples},
                                  {"training_loss", round.training_loss},
                                  {"bytes_up", round.bytes_up},
                                  {"seconds", round.duration_ms / 1000.0},
                                  {"fingerprint", ToHex(round.fingerprint)},
                                  {"base_checksum", ToHex(round.base_checksum)}});
  }
  return document;
}

}  // namespace seedfed
