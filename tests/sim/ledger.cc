#include "tests/sim/ledger.h"

#include <algorithm>
#include <variant>

#include "absl/strings/str_cat.h"
#include "common/base/rounding.h"
#include "common/model/update_codec.h"

namespace seedfed {

void Ledger::Durable(std::span<const Write> writes) {
  for (const Write& write : writes) {
    if (const auto* client = std::get_if<ClientRecord>(&write)) {
      clients_.push_back(*client);
    } else if (const auto* update = std::get_if<UpdateRecord>(&write)) {
      if (!updates_[update->round].emplace(update->client, *update).second) {
        violations_.push_back(absl::StrCat("update of client ", update->client, " for round ",
                                           update->round, " was stored twice"));
      }
    } else if (const auto* round = std::get_if<RoundRecord>(&write)) {
      if (round->round != rounds_.size() + 1) {
        violations_.push_back(
            absl::StrCat("round ", round->round, " was stored after round ", rounds_.size()));
      }
      CheckRound(*round);
      rounds_.push_back(*round);
    }
  }
}

void Ledger::CheckRound(const RoundRecord& round) {
  const auto& durable = updates_[round.round];
  const std::set<uint32_t>& acknowledged = acknowledged_[round.round];
  if (round.updates > durable.size()) {
    violations_.push_back(absl::StrCat("round ", round.round, " counted ", round.updates,
                                       " updates but only ", durable.size(), " were sent"));
  }
  if (acknowledged.size() > round.updates) {
    violations_.push_back(absl::StrCat("round ", round.round, " counted ", round.updates,
                                       " updates but ", acknowledged.size(), " were acknowledged"));
  }
  // Which updates were counted is known when all stored ones were, or just the acknowledged ones.
  std::vector<const UpdateRecord*> counted;
  for (const auto& [client, update] : durable) {
    if (durable.size() == round.updates || acknowledged.contains(client))
      counted.push_back(&update);
  }
  if (counted.size() != round.updates) return;
  // The average again, as plainly as can be.
  const UpdateCodec codec(spec_, key_);
  std::vector<int64_t> sums(spec_.coordinates());
  int64_t total = 0;
  for (const UpdateRecord* update : counted) {
    const std::vector<int32_t> coordinates = *codec.Decode(update->words, update->round);
    for (size_t i = 0; i < sums.size(); ++i) sums[i] += int64_t{coordinates[i]} * update->examples;
    total += update->examples;
  }
  std::vector<int32_t> mean;
  for (const int64_t sum : sums) {
    mean.push_back(static_cast<int32_t>(RoundHalfEvenDivide(sum, total)));
  }
  if (codec.Encode(mean, round.round, {key_.SubKey(Purpose::kDitherDown), 0}) != round.words) {
    violations_.push_back(
        absl::StrCat("the words of round ", round.round, " are not the average of its updates"));
  }
}

void Ledger::Acknowledged(uint32_t client, uint32_t round) {
  acknowledged_[round].insert(client);
  if (!updates_[round].contains(client)) {
    violations_.push_back(absl::StrCat("update of client ", client, " for round ", round,
                                       " was acknowledged before it was durable"));
  }
}

void Ledger::Shown(uint32_t round) {
  shown_ = std::max(shown_, round);
  if (round > rounds_.size()) {
    violations_.push_back(absl::StrCat("round ", round, " was shown before it was durable"));
  }
}

void Ledger::Restarted(uint32_t round) {
  if (round < shown_) {
    violations_.push_back(absl::StrCat("a restarted server is at round ", round, ", but round ",
                                       shown_, " had been shown"));
  }
}

std::vector<UpdateRecord> Ledger::OpenUpdates() const {
  std::vector<UpdateRecord> open;
  const auto found = updates_.find(static_cast<uint32_t>(rounds_.size()) + 1);
  if (found == updates_.end()) return open;
  for (const auto& [client, update] : found->second) open.push_back(update);
  return open;
}

}  // namespace seedfed
