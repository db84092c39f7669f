#include "server/runtime/recovery.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/str_cat.h"

namespace seedfed {
namespace {

// A restart replays the rounds after the stored model, in less than 1 ns a weight and round
// (measured; docs/operations.md): so many weights take about a quarter of a second.
constexpr size_t kReplayWeights = 250'000'000;
// Storing a big model more often would write too much, 4 bytes a weight.
constexpr uint32_t kLeastSnapshotInterval = 10;

FederationRecord NewFederation(const ServerConfig& config, RandomSource& random) {
  FederationRecord record;
  random.Fill(record.id);
  std::array<uint8_t, 16> key;
  random.Fill(key);
  record.key = config.key.value_or(FederationKey(key));
  record.spec = config.model;
  return record;
}

absl::StatusOr<Model> Replay(const FederationRecord& federation, const Contents& contents) {
  absl::StatusOr<Model> model =
      contents.snapshot
          ? Model::FromSnapshot(contents.snapshot->bytes, federation.spec, federation.key)
          : Model::Create(federation.spec, federation.key);
  SEEDFED_RETURN_IF_ERROR(model.status());
  for (const RoundRecord& round : contents.rounds) {
    const absl::Status applied = model->Apply(round.round, round.words);
    if (!applied.ok() || model->fingerprint() != round.fingerprint) {
      return absl::DataLossError(absl::StrCat(
          "the store is damaged: replaying its words does not lead to the fingerprint of round ",
          round.round));
    }
  }
  if (!contents.rounds.empty() && model->BaseChecksum() != contents.rounds.back().base_checksum) {
    return absl::DataLossError(absl::StrCat(
        "the store is damaged: replaying its words does not lead to the model of round ",
        model->round()));
  }
  return model;
}

}  // namespace

uint32_t SnapshotInterval(uint32_t configured, const ModelSpec& spec) {
  const size_t affordable =
      std::max<size_t>(kReplayWeights / spec.weights(), kLeastSnapshotInterval);
  return static_cast<uint32_t>(std::min<size_t>(configured, affordable));
}

absl::StatusOr<OpenedFederation> OpenFederation(Store& store, const ServerConfig& config,
                                                RandomSource& random, absl::Duration now) {
  SEEDFED_ASSIGN_OR_RETURN(Contents contents, store.Load());
  if (!contents.federation) {
    contents.federation = NewFederation(config, random);
    SEEDFED_RETURN_IF_ERROR(store.Create(*contents.federation));
  } else {
    SEEDFED_RETURN_IF_ERROR(
        CheckFederation(*contents.federation, config.model, config.key, config.store));
  }
  const FederationRecord& federation = *contents.federation;
  SEEDFED_ASSIGN_OR_RETURN(Model model, Replay(federation, contents));

  Recovered recovered;
  recovered.clients = std::move(contents.clients);
  recovered.open_updates = std::move(contents.open_updates);
  recovered.control = contents.control;
  for (const EvaluationRecord& record : contents.evaluations) {
    uint32_t& reported = recovered.reported_rounds[record.client];
    reported = std::max(reported, record.round);
  }
  if (const uint32_t last = model.round(); last > 0) {
    const uint32_t recent = std::min(FederationCore::RecentRounds(federation.spec), last);
    SEEDFED_ASSIGN_OR_RETURN(recovered.recent_rounds,
                             store.Rounds(last - recent + 1, last, SIZE_MAX / 2));
  }
  const RoundRules rules = {
      .rounds = config.rounds,
      .goal = config.clients,
      .quorum = config.quorum,
      .min_clients = config.min_clients,
      .deadline = config.deadline,
      .poll = config.poll,
      .example_cap = config.example_cap,
      .snapshot_every = SnapshotInterval(config.snapshot_every, federation.spec),
      .participation = config.training.participation,
      .aggregation = config.aggregation};
  SEEDFED_ASSIGN_OR_RETURN(FederationCore core,
                           FederationCore::Create(rules, federation.id, federation.key,
                                                  std::move(model), std::move(recovered), now));
  return OpenedFederation{federation, std::move(core), std::move(contents.evaluations)};
}

absl::Status RestoreMonitor(Store& store, const OpenedFederation& federation, Monitor& monitor) {
  constexpr uint32_t kRoundsAtATime = 10'000;
  const uint32_t last = federation.core.round();
  for (uint32_t first = 1; first <= last; first += kRoundsAtATime) {
    SEEDFED_ASSIGN_OR_RETURN(
        const std::vector<RoundRecord> rounds,
        store.RoundSummaries(first, std::min(first + kRoundsAtATime - 1, last)));
    monitor.Restore(rounds);
  }
  monitor.Restore(federation.evaluations);
  return absl::OkStatus();
}

}  // namespace seedfed
