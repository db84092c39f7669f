#include "cli/store/verify.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/status.h"
#include "common/model/model.h"
#include "server/core/members.h"
#include "server/store/sqlite_reader.h"

namespace seedfed {
namespace {

// Words of rounds held at a time, bytes.
constexpr size_t kReadBytes = size_t{4} << 20;

absl::Status CheckMembers(const std::vector<ClientRecord>& clients) {
  for (const ClientRecord& client : clients) {
    if (client.evaluator != (client.number >= Members::kFirstEvaluator) || client.id.empty()) {
      return absl::DataLossError(absl::StrCat("member ", client.number, " ('", client.id,
                                              "') has a number that is not of its role"));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckOpenUpdates(const Contents& contents, const UpdateCodec& codec) {
  for (const UpdateRecord& update : contents.open_updates) {
    const auto named = [&](absl::string_view what) {
      return absl::DataLossError(absl::StrCat("the update of client ", update.client,
                                              " for the open round ", update.round, " ", what));
    };
    const bool known = std::any_of(contents.clients.begin(), contents.clients.end(),
                                   [&](const ClientRecord& client) {
                                     return client.number == update.client && !client.evaluator;
                                   });
    if (!known) return named("is of no trainer that is a member");
    if (const auto coordinates = codec.Decode(update.words, update.round); !coordinates.ok()) {
      return named(absl::StrCat("does not decode: ", coordinates.status().message()));
    }
  }
  return absl::OkStatus();
}

absl::Status ApplyRound(const RoundRecord& record, Model& model) {
  const auto named = [&](absl::string_view what) {
    return absl::DataLossError(absl::StrCat("round ", record.round, " is damaged: ", what));
  };
  if (const absl::Status applied = model.Apply(record.round, record.words); !applied.ok()) {
    return named(applied.message());
  }
  if (model.fingerprint() != record.fingerprint) {
    return named(absl::StrCat("replaying the history leads to the fingerprint ",
                              ToHex(model.fingerprint()), ", and ", ToHex(record.fingerprint),
                              " is stored"));
  }
  const Digest128 checksum = model.BaseChecksum();
  if (checksum != record.base_checksum) {
    return named(absl::StrCat("replaying the history leads to the base checksum ", ToHex(checksum),
                              ", and ", ToHex(record.base_checksum), " is stored"));
  }
  return absl::OkStatus();
}

absl::Status Replay(SqliteReader& reader, const Contents& contents, Model& model) {
  while (model.round() < contents.last_round) {
    SEEDFED_ASSIGN_OR_RETURN(const std::vector<RoundRecord> records,
                             reader.Rounds(model.round() + 1, contents.last_round, kReadBytes));
    if (records.empty()) {
      return absl::DataLossError(absl::StrCat("round ", model.round() + 1, " is missing"));
    }
    for (const RoundRecord& record : records) {
      SEEDFED_RETURN_IF_ERROR(ApplyRound(record, model));
      if (contents.snapshot && contents.snapshot->round == record.round &&
          contents.snapshot->bytes != model.SaveSnapshot()) {
        return absl::DataLossError(absl::StrCat("the stored model of round ", record.round,
                                                " is not the one that the history leads to"));
      }
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<VerifiedStore> VerifyStore(std::unique_ptr<SqliteConnection> connection) {
  const std::string path = connection->path();
  SEEDFED_ASSIGN_OR_RETURN(const std::string verdict,
                           connection->QueryText("PRAGMA integrity_check(1)"));
  if (verdict != "ok") return absl::DataLossError(absl::StrCat(path, " is damaged: ", verdict));
  SEEDFED_ASSIGN_OR_RETURN(SqliteReader reader, SqliteReader::Prepare(std::move(connection)));
  SEEDFED_ASSIGN_OR_RETURN(const Contents contents, reader.LoadWithoutRounds());
  if (!contents.federation) {
    return absl::FailedPreconditionError(absl::StrCat(path, " has no federation yet"));
  }
  const FederationRecord& federation = *contents.federation;
  SEEDFED_ASSIGN_OR_RETURN(Model model, Model::Create(federation.spec, federation.key));
  SEEDFED_RETURN_IF_ERROR(CheckMembers(contents.clients));
  SEEDFED_RETURN_IF_ERROR(Replay(reader, contents, model));
  SEEDFED_RETURN_IF_ERROR(CheckOpenUpdates(contents, model.codec()));
  VerifiedStore verified;
  verified.federation_id = federation.id;
  verified.rounds = model.round();
  verified.fingerprint = model.fingerprint();
  verified.base_checksum = model.BaseChecksum();
  if (contents.snapshot) verified.snapshot_round = contents.snapshot->round;
  verified.members = contents.clients.size();
  verified.open_updates = contents.open_updates.size();
  return verified;
}

}  // namespace seedfed
