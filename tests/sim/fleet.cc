#include "tests/sim/fleet.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <memory>

#include "absl/strings/str_cat.h"
#include "tests/sim/ledger.h"
#include "tests/sim/sim_client.h"
#include "tests/sim/sim_server.h"
#include "tests/sim/world.h"

namespace seedfed {
namespace {

constexpr absl::Duration kTimeLimit = absl::Minutes(10);
constexpr absl::Duration kEndGrace = absl::Minutes(2);  // longer than anything goes wrong
constexpr absl::Duration kShortestLife = absl::Milliseconds(5);

class Fleet {
 public:
  explicit Fleet(const FleetSettings& settings)
      : settings_(settings),
        world_(settings.seed),
        ledger_(Spec(), Key()),
        server_(world_, settings.faults, Rules(settings), Spec(), Key(), ledger_) {
    for (uint32_t i = 0; i < settings.clients; ++i) {
      clients_.push_back(std::make_unique<SimClient>(world_, settings.faults, Spec(), Key(),
                                                     absl::StrCat("c", i), server_,
                                                     SimClient::MakeUpdate));
    }
  }

  FleetOutcome Run() {
    server_.Start();
    // Numbers follow the order of joining, and updates follow from numbers: all join before
    // anything goes wrong.
    for (auto& client : clients_) {
      client->Start();
      const size_t known = ledger_.clients().size();
      while (ledger_.clients().size() == known && world_.Step()) {
      }
    }
    server_.ExitWhenDone(kEndGrace);
    const Faults& faults = settings_.faults;
    PlanServerCrash();
    PlanHold();
    for (auto& client : clients_) {
      PlanCrash(*client);
      if (faults.partition_every != absl::InfiniteDuration()) PlanPartition(*client);
    }
    while (!AllFinished() && world_.now() < kTimeLimit && world_.Step()) {
    }
    FleetOutcome outcome;
    outcome.finished = AllFinished();
    outcome.violations = ledger_.violations();
    if (!ledger_.rounds().empty()) outcome.fingerprint = ledger_.rounds().back().fingerprint;
    for (const auto& client : clients_) {
      if (!client->finished()) continue;
      // A trainer that comes back after the end says so and ends without a model.
      const std::string without =
          absl::StrCat("the federation is finished after round ", settings_.rounds);
      const std::string with = absl::StrCat(without, "; fingerprint ", ToHex(outcome.fingerprint));
      if (client->exit_status() != 0 ||
          (client->last_note() != without && client->last_note() != with)) {
        outcome.violations.push_back(absl::StrCat(
            "a client ended with exit status ", client->exit_status(), ": ", client->last_note()));
      }
    }
    outcome.steps = world_.steps();
    std::array<uint8_t, 8> draw;
    world_.Fill(draw);
    for (const uint8_t byte : draw) outcome.last_draw = outcome.last_draw << 8 | byte;
    outcome.server_crashes = server_crashes_;
    outcome.client_crashes = client_crashes_;
    outcome.holds = holds_;
    return outcome;
  }

 private:
  static ModelSpec Spec() {
    ModelSpec spec;
    spec.layers = *MlpLayers("12-9-3", std::array<uint32_t, 1>{8});
    return spec;
  }
  static FederationKey Key() { return *FederationKey::Parse("2024"); }
  static RoundRules Rules(const FleetSettings& settings) {
    return {.rounds = settings.rounds,
            .goal = settings.goal,
            .quorum = settings.quorum,
            .min_clients = 1,
            .deadline = absl::Seconds(5),
            .poll = absl::Seconds(1),
            .example_cap = 1000};
  }

  bool AllFinished() const {
    return std::all_of(clients_.begin(), clients_.end(),
                       [](const auto& c) { return c->finished(); });
  }

  bool Disturbed() const { return world_.now() < settings_.faults.quiet_after; }

  // Exponentially distributed.
  absl::Duration Life(absl::Duration mean) {
    return std::max(-std::log(1 - world_.Uniform()) * mean, kShortestLife);
  }

  void PlanServerCrash() {
    if (settings_.faults.server_life == absl::InfiniteDuration()) return;
    world_.After(Life(settings_.faults.server_life), [this] {
      if (!Disturbed()) return;
      ++server_crashes_;
      server_.Crash();
      world_.After(world_.Between(absl::Milliseconds(1), absl::Seconds(2)),
                   [this] { server_.Start(); });
      world_.After(absl::Seconds(2), [this] { PlanServerCrash(); });
    });
  }

  // An operator who repeats what gets no answer.
  void Ask(bool hold, std::function<void()> then) {
    if (!hold) ledger_.Held(false);
    const auto answered = [this, hold, then](const SimServer::Content& content) {
      if (std::holds_alternative<DoneReply>(content)) {
        if (hold) ledger_.Held(true);
        then();
      } else if (std::get<absl::Status>(content).code() != absl::StatusCode::kFailedPrecondition) {
        world_.After(absl::Milliseconds(300), [this, hold, then] { Ask(hold, then); });
      }
    };
    server_.Call(
        [hold](FederationCore& core, CallId call, absl::Duration now) {
          return hold ? core.Pause(call, now) : core.Resume(call, now);
        },
        answered);
  }

  void PlanHold() {
    if (settings_.faults.hold_every == absl::InfiniteDuration()) return;
    world_.After(Life(settings_.faults.hold_every), [this] {
      if (!Disturbed()) return;
      Ask(true, [this] {
        ++holds_;
        world_.After(world_.Between(absl::Milliseconds(1), absl::Seconds(6)),
                     [this] { Ask(false, [this] { PlanHold(); }); });
      });
    });
  }

  void PlanCrash(SimClient& client) {
    if (settings_.faults.client_life == absl::InfiniteDuration()) return;
    world_.After(Life(settings_.faults.client_life), [this, &client] {
      // One that is leaving and comes back may find no server any more.
      if (!Disturbed() || client.leaving() || client.finished()) return;
      ++client_crashes_;
      client.Crash();
      world_.After(world_.Between(absl::Milliseconds(1), absl::Seconds(3)), [this, &client] {
        client.Start();
        PlanCrash(client);
      });
    });
  }

  void PlanPartition(SimClient& client) {
    world_.After(Life(settings_.faults.partition_every), [this, &client] {
      if (!Disturbed()) return;
      client.set_partitioned(true);
      world_.After(world_.Between(absl::Milliseconds(100), absl::Seconds(8)), [this, &client] {
        client.set_partitioned(false);
        PlanPartition(client);
      });
    });
  }

  const FleetSettings settings_;
  World world_;
  Ledger ledger_;
  SimServer server_;
  std::vector<std::unique_ptr<SimClient>> clients_;
  uint32_t server_crashes_ = 0;
  uint32_t client_crashes_ = 0;
  uint32_t holds_ = 0;
};

}  // namespace

FleetOutcome RunFleet(const FleetSettings& settings) { return Fleet(settings).Run(); }

FleetSettings RandomSettings(uint64_t seed) {
  World chance(~seed);
  FleetSettings settings;
  settings.seed = seed;
  settings.clients = 2 + chance.Below(5);
  settings.rounds = 3 + chance.Below(5);
  settings.goal = settings.quorum = settings.clients;
  Faults& faults = settings.faults;
  if (chance.Chance(0.6)) faults.drop = 0.3 * chance.Uniform();
  if (chance.Chance(0.6)) faults.duplicate = 0.5 * chance.Uniform();
  faults.delay =
      chance.Between(absl::Milliseconds(1), absl::Milliseconds(chance.Chance(0.3) ? 2500 : 100));
  faults.commit = chance.Between(absl::Milliseconds(1), absl::Milliseconds(100));
  if (chance.Chance(0.7))
    faults.server_life = chance.Between(absl::Milliseconds(50), absl::Seconds(4));
  if (chance.Chance(0.7))
    faults.client_life = chance.Between(absl::Milliseconds(300), absl::Seconds(8));
  if (chance.Chance(0.4))
    faults.partition_every = chance.Between(absl::Seconds(1), absl::Seconds(10));
  if (chance.Chance(0.4))
    faults.hold_every = chance.Between(absl::Milliseconds(500), absl::Seconds(10));
  return settings;
}

}  // namespace seedfed
