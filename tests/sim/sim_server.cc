#include "tests/sim/sim_server.h"

#include <iterator>

#include "common/base/check.h"

namespace seedfed {
namespace {

constexpr absl::Duration kLook = absl::Milliseconds(10);  // between two looks whether to end

}  // namespace

SimServer::SimServer(World& world, const Faults& faults, const RoundRules& rules,
                     const ModelSpec& spec, const FederationKey& key, Ledger& ledger)
    : world_(world), faults_(faults), rules_(rules), spec_(spec), key_(key), ledger_(ledger) {}

FederationId SimServer::Id() { return Blake2b128("simulated federation"); }

void SimServer::ExitWhenDone(absl::Duration grace) {
  if (core_ && core_->EveryoneKnowsTheEnd(grace, world_.now())) {
    ended_ = true;
    return EndTheCore();
  }
  world_.After(kLook, [this, grace] { ExitWhenDone(grace); });
}

void SimServer::Start() {
  if (ended_) return;
  Model model = *Model::Create(spec_, key_);
  for (const RoundRecord& round : ledger_.rounds()) {
    SEEDFED_CHECK(model.Apply(round.round, round.words).ok());
    SEEDFED_CHECK(model.fingerprint() == round.fingerprint);
  }
  auto core = FederationCore::Create(
      rules_, Id(), key_, std::move(model),
      {ledger_.clients(), ledger_.rounds(), ledger_.OpenUpdates(), ledger_.control()},
      world_.now());
  SEEDFED_CHECK(core.ok());
  core_.emplace(*std::move(core));
  ++life_;
  wake_ = absl::InfiniteDuration();
  ledger_.Restarted(core_->round());
  ScheduleWake();
}

void SimServer::Crash() {
  if (!core_) return;
  if (committing_ && world_.Chance(0.5)) {
    // The disk was faster than the crash: durable, but nobody was told.
    ledger_.Durable(queue_.front().writes);
  }
  EndTheCore();
}

void SimServer::EndTheCore() {
  core_.reset();
  ++life_;
  committing_ = false;
  queue_.clear();
  submits_.clear();
  for (auto& [call, answer] : std::exchange(calls_, {}))
    answer(absl::UnavailableError("connection reset"));
}

void SimServer::Call(Event event, std::function<void(Content)> answer) {
  const auto submit = std::exchange(next_submit, std::nullopt);
  if (!core_) {
    answer(absl::UnavailableError("connection refused"));
    return;
  }
  const CallId call = next_call_++;
  calls_[call] = std::move(answer);
  if (submit) submits_[call] = *submit;
  Run(event(*core_, call, world_.now()));
}

void SimServer::Watch(const Reply& reply) {
  if (const auto* submit = std::get_if<SubmitReply>(&reply.content)) {
    if (!submit->late) {
      const auto [client, round] = submits_.at(reply.call);
      ledger_.Acknowledged(client, round);
    }
    ledger_.Shown(submit->round);
  } else if (const auto* await = std::get_if<AwaitReply>(&reply.content)) {
    ledger_.Shown(await->round);
  } else if (const auto* join = std::get_if<JoinReply>(&reply.content)) {
    ledger_.Shown(join->round);
  }
}

void SimServer::Run(Effects effects) {
  if (!effects.persist.empty()) {
    queue_.push_back({effects.ticket, std::move(effects.persist)});
    if (!committing_) ScheduleCommit();
  }
  for (Reply& reply : effects.replies) {
    Watch(reply);
    const auto found = calls_.find(reply.call);
    if (found == calls_.end()) continue;
    const auto answer = std::move(found->second);
    calls_.erase(found);
    submits_.erase(reply.call);
    answer(std::move(reply.content));
  }
  ScheduleWake();
}

void SimServer::ScheduleCommit() {
  committing_ = true;
  // Group commit: all that is queued now becomes one transaction.
  Commit group = std::move(queue_.front());
  std::vector<uint64_t> tickets = {group.ticket};
  for (size_t i = 1; i < queue_.size(); ++i) {
    tickets.push_back(queue_[i].ticket);
    std::move(queue_[i].writes.begin(), queue_[i].writes.end(), std::back_inserter(group.writes));
  }
  queue_.clear();
  queue_.push_back(std::move(group));
  world_.After(world_.Between(absl::ZeroDuration(), faults_.commit), [this, life = life_, tickets] {
    if (life != life_) return;
    ledger_.Durable(queue_.front().writes);
    queue_.pop_front();
    committing_ = false;
    for (const uint64_t ticket : tickets) {
      if (life == life_) Run(core_->Durable(ticket, world_.now()));
    }
    if (life == life_ && !committing_ && !queue_.empty()) ScheduleCommit();
  });
}

void SimServer::ScheduleWake() {
  if (!core_) return;
  const absl::Duration wake = core_->WakeTime();
  if (wake == absl::InfiniteDuration() || wake == wake_) return;
  wake_ = wake;
  world_.After(std::max(wake - world_.now(), absl::ZeroDuration()), [this, life = life_, wake] {
    if (life != life_ || wake_ != wake) return;
    wake_ = absl::InfiniteDuration();
    Run(core_->Wake(world_.now()));
  });
}

}  // namespace seedfed
