#ifndef SEEDFED_TESTS_SIM_SIM_SERVER_H_
#define SEEDFED_TESTS_SIM_SIM_SERVER_H_

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "server/core/federation_core.h"
#include "tests/sim/faults.h"
#include "tests/sim/ledger.h"
#include "tests/sim/world.h"

namespace seedfed {

// The real FederationCore with a simulated disk. A crash loses the core and all that was not
// durable; of the commit that was under way it keeps or loses the whole, by chance.
class SimServer {
 public:
  using Content = decltype(Reply::content);
  using Event = std::function<Effects(FederationCore&, CallId, absl::Duration)>;

  SimServer(World& world, const Faults& faults, const RoundRules& rules, const ModelSpec& spec,
            const FederationKey& key, Ledger& ledger);

  static FederationId Id();

  // From now on: ends for good when everyone knows the end, or `grace` after it. Start does nothing
  // then.
  void ExitWhenDone(absl::Duration grace);

  bool up() const { return core_.has_value(); }
  void Start();
  void Crash();

  // Applies `event`; `answer` gets the reply, or UNAVAILABLE when the server is down or crashes
  // before.
  void Call(Event event, std::function<void(Content)> answer);

  // The last round's fingerprint; all planned rounds are complete.
  bool finished() const { return core_ && core_->state() == FederationState::kFinished; }
  Digest256 fingerprint() const { return core_->model().fingerprint(); }

 private:
  struct Commit {
    uint64_t ticket;
    std::vector<Write> writes;
  };

  void Run(Effects effects);
  void ScheduleCommit();
  void ScheduleWake();
  void EndTheCore();
  void Watch(const Reply& reply);

  World& world_;
  const Faults faults_;
  const RoundRules rules_;
  const ModelSpec spec_;
  const FederationKey key_;
  Ledger& ledger_;

  std::optional<FederationCore> core_;
  uint64_t life_ = 0;  // what was scheduled in an earlier life is void
  CallId next_call_ = 1;
  std::map<CallId, std::function<void(Content)>> calls_;
  std::map<CallId, std::pair<uint32_t, uint32_t>> submits_;  // client and round of a SubmitUpdate
  std::deque<Commit> queue_;
  bool committing_ = false;
  absl::Duration wake_ = absl::InfiniteDuration();
  bool ended_ = false;

 public:
  // For the ledger: what the next Call is, when it is a SubmitUpdate.
  std::optional<std::pair<uint32_t, uint32_t>> next_submit;
};

}  // namespace seedfed

#endif  // SEEDFED_TESTS_SIM_SIM_SERVER_H_
