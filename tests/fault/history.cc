#include "tests/fault/history.h"

#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/status.h"
#include "common/model/model.h"
#include "server/runtime/recovery.h"
#include "server/store/sqlite_store.h"

namespace seedfed {
namespace {

constexpr uint32_t kSnapshotEvery = 100;  // the server's default
constexpr uint32_t kVariants = 4;

}  // namespace

absl::StatusOr<size_t> MakeHistory(const std::string& folder, const std::string& sizes,
                                   uint32_t rounds, uint32_t clients) {
  FederationRecord federation;
  SEEDFED_ASSIGN_OR_RETURN(federation.key, FederationKey::Parse("7"));
  const uint32_t tile = 8;
  SEEDFED_ASSIGN_OR_RETURN(federation.spec.layers, MlpLayers(sizes, {&tile, 1}));
  SEEDFED_ASSIGN_OR_RETURN(Model model, Model::Create(federation.spec, federation.key));
  SEEDFED_ASSIGN_OR_RETURN(const std::unique_ptr<Store> store, OpenSqliteStore(folder, {}));
  SEEDFED_RETURN_IF_ERROR(store->Create(federation));

  std::vector<std::string> words;
  std::vector<int32_t> coordinates(federation.spec.coordinates());
  for (uint32_t variant = 0; variant < kVariants; ++variant) {
    for (size_t i = 0; i < coordinates.size(); ++i) {
      coordinates[i] = static_cast<int32_t>((i * 7919 + variant * 104729) % (1 << 20)) - (1 << 19);
    }
    words.push_back(model.codec().Encode(coordinates, variant, {}));
  }
  const uint32_t interval = SnapshotInterval(kSnapshotEvery, federation.spec);
  std::vector<Write> writes;
  for (uint32_t client = 0; client < clients; ++client) {
    writes.push_back(ClientRecord{client, absl::StrCat("client-", client), false});
  }
  for (uint32_t round = 1; round <= rounds; ++round) {
    for (uint32_t client = 0; client < clients; ++client) {
      writes.push_back(UpdateRecord{round, client, 600, 0.5f, 500, words[client % kVariants]});
    }
    SEEDFED_RETURN_IF_ERROR(store->Commit(writes));
    writes.clear();
    RoundRecord record;
    record.round = round;
    record.words = words[round % kVariants];
    SEEDFED_RETURN_IF_ERROR(model.Apply(round, record.words));
    record.fingerprint = model.fingerprint();
    record.base_checksum = model.BaseChecksum();
    record.updates = clients;
    writes.push_back(std::move(record));
    if (round % interval == 0) writes.push_back(SnapshotRecord{round, model.SaveSnapshot()});
    SEEDFED_RETURN_IF_ERROR(store->Commit(writes));
    writes.clear();
  }
  return size_t{rounds} * federation.spec.update_bytes();
}

}  // namespace seedfed
