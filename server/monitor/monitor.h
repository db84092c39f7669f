#ifndef SEEDFED_SERVER_MONITOR_MONITOR_H_
#define SEEDFED_SERVER_MONITOR_MONITOR_H_

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "seedfed/v1/admin.pb.h"
#include "server/core/event.h"
#include "server/core/federation_core.h"
#include "server/monitor/client_counts.h"
#include "server/monitor/event_log.h"
#include "server/monitor/round_series.h"

namespace seedfed {

// What the server says about itself.
struct ServerFacts {
  std::string version;
  absl::Time started;
  // What it runs with, as (table.key, value); no secrets.
  std::vector<std::pair<std::string, std::string>> settings;
};

// Watches a federation and answers what its operator asks: everything that the page, the admin
// service and the metrics show. Pure; not thread-safe: it lives where the core lives.
class Monitor {
 public:
  explicit Monitor(ServerFacts facts) : facts_(std::move(facts)) {}

  // The past, as a store has it: rounds in order from the first, then their evaluations.
  void Restore(std::span<const RoundRecord> rounds);
  void Restore(std::span<const EvaluationRecord> evaluations);

  void Observe(const Event& event, absl::Time time);

  // Bytes of serialised requests and answers, and how many averaged rounds were among the answers.
  void CountTraffic(uint64_t bytes_up, uint64_t bytes_down, uint64_t rounds_down);

  void SetSoftware(uint32_t client, std::string software) {
    clients_.SetSoftware(client, std::move(software));
  }

  v1::Status Status(const FederationCore& core, absl::Duration now, absl::Time time) const;

  v1::ListClientsResponse Clients(const v1::ListClientsRequest& request, const FederationCore& core,
                                  absl::Duration now) const {
    return clients_.List(request, core, now);
  }

  // Rounds first to last in at most `points` rows. 0: the first, the last, 1,000; `points` is at
  // most 10,000.
  v1::Rounds Rounds(uint32_t first, uint32_t last, uint32_t points,
                    const FederationCore& core) const;

  // See EventLog::After.
  std::vector<v1::Event> Events(uint64_t after, size_t limit, bool debug) const {
    return events_.After(after, limit, debug);
  }
  // See EventLog::LeftOut.
  uint64_t EventsLeftOut(uint64_t after, bool debug) const { return events_.LeftOut(after, debug); }
  uint64_t last_event() const { return events_.last(); }

  // Grows with every event.
  uint64_t version() const { return events_.last(); }

 private:
  // The evaluators' reports of one round, weighted with their examples.
  struct Evaluations {
    uint32_t round = 0;
    double examples = 0, accuracy = 0, loss = 0;  // sums
    void Add(const EvaluationRecord& record);
    double MeanAccuracy() const { return accuracy / examples; }
    void Fill(v1::Evaluated& message) const;
  };

  void AddEvaluation(const EvaluationRecord& record);
  double RoundsPerSecond(absl::Time time) const;

  const ServerFacts facts_;
  RoundSeries series_;
  ClientCounts clients_;
  EventLog events_;
  std::deque<absl::Time> round_ends_;  // of the last ten seconds
  std::optional<double> last_training_loss_;
  double last_round_seconds_ = 0;
  // Round 0: none. best_before_ is the best of the rounds before latest_.round: another report can
  // still change the mean of that one.
  Evaluations latest_, best_before_, best_;
  uint64_t bytes_up_ = 0, bytes_down_ = 0, rounds_down_ = 0, accepted_ = 0, late_ = 0;
};

}  // namespace seedfed

#endif  // SEEDFED_SERVER_MONITOR_MONITOR_H_
