#ifndef SEEDFED_TESTS_SERVER_STORE_FAKE_STORE_H_
#define SEEDFED_TESTS_SERVER_STORE_FAKE_STORE_H_

#include <algorithm>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/store/store.h"

namespace seedfed {

// A store in memory that keeps the promises of Store, and fails when it is told to. Thread-safe.
class FakeStore final : public Store {
 public:
  explicit FakeStore(uint32_t keep_update_rounds = 0) : keep_update_rounds_(keep_update_rounds) {}

  // The n-th Commit from now (1: the next) fails with `status` and stores nothing; those after it
  // succeed.
  void FailCommit(int n, absl::Status status) {
    const std::lock_guard<std::mutex> lock(mutex_);
    commits_until_failure_ = n;
    failure_ = std::move(status);
  }

  // Numbers of records in the commits so far, also of those that failed.
  std::vector<size_t> commit_sizes() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return commit_sizes_;
  }

  absl::Status Create(const FederationRecord& federation) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (state_.federation.has_value()) {
      return absl::FailedPreconditionError("the fake store belongs to a federation already");
    }
    state_.federation = federation;
    return absl::OkStatus();
  }

  absl::StatusOr<Contents> Load() override {
    const std::lock_guard<std::mutex> lock(mutex_);
    Contents contents;
    contents.federation = state_.federation;
    for (const auto& [number, client] : state_.clients) contents.clients.push_back(client);
    contents.last_round = state_.last_round();
    contents.snapshot = state_.snapshot;
    const uint32_t replayed = state_.snapshot.has_value() ? state_.snapshot->round : 0;
    contents.rounds.assign(state_.rounds.begin() + replayed, state_.rounds.end());
    contents.open_updates = state_.Updates(contents.last_round + 1);
    contents.evaluations = state_.evaluations;
    contents.control = state_.control;
    return contents;
  }

  absl::Status Commit(std::span<const Write> writes) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    commit_sizes_.push_back(writes.size());
    if (commits_until_failure_ > 0 && --commits_until_failure_ == 0) return failure_;
    State next = state_;
    for (const Write& write : writes) {
      const absl::Status status =
          std::visit([&](const auto& record) { return Add(record, next); }, write);
      if (!status.ok()) return status;
    }
    state_ = std::move(next);
    return absl::OkStatus();
  }

  absl::StatusOr<std::vector<RoundRecord>> Rounds(uint32_t first, uint32_t last,
                                                  size_t max_bytes) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    std::vector<RoundRecord> result;
    size_t bytes = 0;
    for (const RoundRecord& record : state_.rounds) {
      if (record.round < first || record.round > last) continue;
      bytes += record.words.size();
      if (!result.empty() && bytes > max_bytes) break;
      result.push_back(record);
    }
    return result;
  }

  absl::StatusOr<std::vector<RoundRecord>> RoundSummaries(uint32_t first, uint32_t last) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    std::vector<RoundRecord> result;
    for (const RoundRecord& record : state_.rounds) {
      if (record.round < first || record.round > last) continue;
      result.push_back(record);
      result.back().words.clear();
    }
    return result;
  }

  absl::StatusOr<std::vector<UpdateRecord>> Updates(uint32_t round) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    return state_.Updates(round);
  }

 private:
  struct State {
    std::optional<FederationRecord> federation;
    std::map<uint32_t, ClientRecord> clients;
    std::map<uint32_t, std::vector<UpdateRecord>> updates;  // by round, in the order of commits
    std::vector<RoundRecord> rounds;
    std::optional<SnapshotRecord> snapshot;
    std::vector<EvaluationRecord> evaluations;
    ControlRecord control;

    uint32_t last_round() const { return static_cast<uint32_t>(rounds.size()); }

    std::vector<UpdateRecord> Updates(uint32_t round) const {
      const auto found = updates.find(round);
      return found == updates.end() ? std::vector<UpdateRecord>() : found->second;
    }
  };

  absl::Status Add(const ClientRecord& record, State& state) const {
    const bool known = std::any_of(state.clients.begin(), state.clients.end(),
                                   [&](const auto& entry) { return entry.second.id == record.id; });
    if (known || !state.clients.emplace(record.number, record).second) {
      return absl::AlreadyExistsError("the fake store has this client already");
    }
    return absl::OkStatus();
  }

  absl::Status Add(const UpdateRecord& record, State& state) const {
    if (record.round != state.last_round() + 1) {
      return absl::FailedPreconditionError("the fake store takes updates of the next round only");
    }
    std::vector<UpdateRecord>& updates = state.updates[record.round];
    if (std::any_of(updates.begin(), updates.end(),
                    [&](const UpdateRecord& known) { return known.client == record.client; })) {
      return absl::AlreadyExistsError("the fake store has this update already");
    }
    updates.push_back(record);
    return absl::OkStatus();
  }

  absl::Status Add(const RoundRecord& record, State& state) const {
    if (record.round > 0 && record.round <= state.last_round()) {
      return absl::AlreadyExistsError("the fake store has this round already");
    }
    if (record.round != state.last_round() + 1) {
      return absl::FailedPreconditionError("the fake store takes another round next");
    }
    state.rounds.push_back(record);
    if (record.round > keep_update_rounds_) {
      const uint32_t first_kept = record.round - keep_update_rounds_ + 1;
      state.updates.erase(state.updates.begin(), state.updates.lower_bound(first_kept));
    }
    return absl::OkStatus();
  }

  absl::Status Add(const SnapshotRecord& record, State& state) const {
    if (record.round == 0 || record.round > state.last_round()) {
      return absl::FailedPreconditionError("the fake store takes no snapshot of this round");
    }
    if (state.snapshot.has_value() && state.snapshot->round == record.round) {
      return absl::AlreadyExistsError("the fake store has this snapshot already");
    }
    state.snapshot = record;
    return absl::OkStatus();
  }

  absl::Status Add(const EvaluationRecord& record, State& state) const {
    if (record.round == 0 || record.round > state.last_round()) {
      return absl::FailedPreconditionError("the fake store takes no evaluation of this round");
    }
    if (std::any_of(state.evaluations.begin(), state.evaluations.end(),
                    [&](const EvaluationRecord& known) {
                      return known.round == record.round && known.client == record.client;
                    })) {
      return absl::AlreadyExistsError("the fake store has this evaluation already");
    }
    state.evaluations.push_back(record);
    return absl::OkStatus();
  }

  absl::Status Add(const ControlRecord& record, State& state) const {
    state.control = record;
    return absl::OkStatus();
  }

  const uint32_t keep_update_rounds_;
  mutable std::mutex mutex_;
  State state_;
  std::vector<size_t> commit_sizes_;
  int commits_until_failure_ = 0;  // 0: none
  absl::Status failure_;
};

}  // namespace seedfed

#endif  // SEEDFED_TESTS_SERVER_STORE_FAKE_STORE_H_
