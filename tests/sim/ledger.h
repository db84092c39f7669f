#ifndef SEEDFED_TESTS_SIM_LEDGER_H_
#define SEEDFED_TESTS_SIM_LEDGER_H_

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "common/base/key.h"
#include "common/model/spec.h"
#include "server/aggregation/strategy.h"
#include "server/core/records.h"

namespace seedfed {

// What was promised, and whether it was kept: acknowledged updates and counted updates are the
// same. Every broken promise is a sentence in violations().
class Ledger {
 public:
  // An update's weight is min(examples, example_cap).
  Ledger(const ModelSpec& spec, const FederationKey& key, uint32_t example_cap = UINT32_MAX,
         const AggregationRules& aggregation = {})
      : spec_(spec), key_(key), example_cap_(example_cap), aggregation_(aggregation) {}

  // A commit has become durable.
  void Durable(std::span<const Write> writes);

  // The server says to a client that its update of a round counts.
  void Acknowledged(uint32_t client, uint32_t round);

  // The operator was told that the federation is held; or asks for its end.
  void Held(bool held) { held_ = held; }

  // Somebody was shown that `round` is complete.
  void Shown(uint32_t round);

  // A server has started and says that `round` is the last complete one.
  void Restarted(uint32_t round);

  // Everything stored, as a restarted server finds it.
  const std::vector<ClientRecord>& clients() const { return clients_; }
  const std::vector<RoundRecord>& rounds() const { return rounds_; }
  std::vector<UpdateRecord> OpenUpdates() const;  // in the order of commits
  const ControlRecord& control() const { return control_; }

  const std::vector<std::string>& violations() const { return violations_; }

 private:
  void CheckRound(const RoundRecord& round);
  std::vector<int32_t> Average(const std::vector<const UpdateRecord*>& updates) const;

  ModelSpec spec_;
  FederationKey key_;
  uint32_t example_cap_;
  AggregationRules aggregation_;
  std::vector<ClientRecord> clients_;
  std::vector<RoundRecord> rounds_;
  std::map<uint32_t, std::map<uint32_t, UpdateRecord>> updates_;  // durable, by round and client
  std::map<uint32_t, std::vector<uint32_t>> order_;               // clients, as they came, by round
  std::map<uint32_t, std::set<uint32_t>> acknowledged_;           // by round
  uint32_t shown_ = 0;
  ControlRecord control_;
  bool held_ = false;
  std::vector<std::string> violations_;
};

}  // namespace seedfed

#endif  // SEEDFED_TESTS_SIM_LEDGER_H_
