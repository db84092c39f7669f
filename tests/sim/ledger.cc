#include "tests/sim/ledger.h"

#include <algorithm>
#include <memory>
#include <variant>

#include "absl/strings/str_cat.h"
#include "common/base/check.h"
#include "common/base/rounding.h"
#include "common/model/update_codec.h"

namespace seedfed {

void Ledger::Durable(std::span<const Write> writes) {
  for (const Write& write : writes) {
    if (const auto* client = std::get_if<ClientRecord>(&write)) {
      clients_.push_back(*client);
    } else if (const auto* update = std::get_if<UpdateRecord>(&write)) {
      if (updates_[update->round].emplace(update->client, *update).second) {
        order_[update->round].push_back(update->client);
      } else {
        violations_.push_back(absl::StrCat("update of client ", update->client, " for round ",
                                           update->round, " was stored twice"));
      }
    } else if (const auto* round = std::get_if<RoundRecord>(&write)) {
      if (round->round != rounds_.size() + 1) {
        violations_.push_back(
            absl::StrCat("round ", round->round, " was stored after round ", rounds_.size()));
      }
      if (held_) {
        violations_.push_back(
            absl::StrCat("round ", round->round, " ended while the federation was held"));
      }
      CheckRound(*round);
      rounds_.push_back(*round);
    } else if (const auto* control = std::get_if<ControlRecord>(&write)) {
      control_ = *control;
    }
  }
}

void Ledger::CheckRound(const RoundRecord& round) {
  const std::vector<uint32_t>& order = order_[round.round];
  if (round.updates > order.size()) {
    violations_.push_back(absl::StrCat("round ", round.round, " counted ", round.updates,
                                       " updates but only ", order.size(), " were sent"));
    return;
  }
  // Updates count in the order of their commits, until the round closes.
  std::vector<const UpdateRecord*> counted;
  std::set<uint32_t> forgotten = acknowledged_[round.round];
  for (uint32_t i = 0; i < round.updates; ++i) {
    counted.push_back(&updates_[round.round].at(order[i]));
    forgotten.erase(order[i]);
  }
  for (const uint32_t client : forgotten) {
    violations_.push_back(absl::StrCat("round ", round.round,
                                       " closed without the update of client ", client,
                                       ", which was acknowledged"));
  }
  const UpdateCodec codec(spec_, key_);
  if (codec.Encode(Average(counted), round.round, {key_.SubKey(Purpose::kDitherDown), 0}) !=
      round.words) {
    violations_.push_back(
        absl::StrCat("the words of round ", round.round, " are not the average of its updates"));
  }
}

// The average again: as plainly as can be, or for other strategies than the mean with the updates
// in the opposite order.
std::vector<int32_t> Ledger::Average(const std::vector<const UpdateRecord*>& updates) const {
  const UpdateCodec codec(spec_, key_);
  const auto weight = [this](const UpdateRecord* update) {
    return std::min(update->examples, example_cap_);
  };
  if (aggregation_.strategy != Strategy::kMean) {
    const std::unique_ptr<Aggregator> aggregator =
        MakeAggregator(aggregation_, spec_.coordinates());
    for (auto update = updates.rbegin(); update != updates.rend(); ++update) {
      const auto coordinates = *codec.Decode((*update)->words, (*update)->round);
      SEEDFED_CHECK(aggregator->Add((*update)->client, coordinates, weight(*update)));
    }
    return aggregator->Result();
  }
  std::vector<int64_t> sums(spec_.coordinates());
  int64_t total = 0;
  for (const UpdateRecord* update : updates) {
    const std::vector<int32_t> coordinates = *codec.Decode(update->words, update->round);
    for (size_t i = 0; i < sums.size(); ++i) sums[i] += int64_t{coordinates[i]} * weight(update);
    total += weight(update);
  }
  std::vector<int32_t> mean;
  for (const int64_t sum : sums) {
    mean.push_back(static_cast<int32_t>(RoundHalfEvenDivide(sum, total)));
  }
  return mean;
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
  const auto round = static_cast<uint32_t>(rounds_.size()) + 1;
  const auto found = order_.find(round);
  if (found == order_.end()) return open;
  for (const uint32_t client : found->second) open.push_back(updates_.at(round).at(client));
  return open;
}

}  // namespace seedfed
