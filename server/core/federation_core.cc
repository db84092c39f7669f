#include "server/core/federation_core.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/bytes.h"
#include "common/base/check.h"
#include "common/model/plan.h"

namespace seedfed {
namespace {

// SEEDFED_PLANT_*: bugs that only tests/sim compiles in, to show that the fleet simulation finds
// them.

// Bytes of words that stay at hand, and those in one AwaitReply if it has several rounds.
constexpr size_t kHistoryBytes = size_t{64} << 20;
constexpr size_t kReplyBytes = size_t{1} << 20;

// AwaitRound calls of one member that are held at a time. A client has one, or two while an old
// connection of it is not known to be dead.
constexpr size_t kMostHeldCalls = 4;

}  // namespace

FederationCore::FederationCore(const RoundRules& rules, const FederationId& id,
                               const FederationKey& key, Model model,
                               std::vector<ClientRecord> clients)
    : rules_(rules),
      id_(id),
      dither_key_(key.SubKey(Purpose::kDitherDown)),
      cohort_key_(key.SubKey(Purpose::kCohort)),
      model_(std::move(model)),
      durable_round_(model_.round()),
      fingerprint_(model_.fingerprint()),
      base_checksum_(model_.BaseChecksum()),
      history_(kHistoryBytes),
      members_(clients),
      aggregator_(MakeAggregator(rules.aggregation, model_.spec().coordinates())) {}

absl::StatusOr<FederationCore> FederationCore::Create(const RoundRules& rules,
                                                      const FederationId& id,
                                                      const FederationKey& key, Model model,
                                                      Recovered recovered, absl::Duration now) {
  SEEDFED_RETURN_IF_ERROR(ValidateRoundRules(rules));
  FederationCore core(rules, id, key, std::move(model), std::move(recovered.clients));
  for (size_t i = 0; i < recovered.recent_rounds.size(); ++i) {
    const size_t after = recovered.recent_rounds.size() - 1 - i;
    if (recovered.recent_rounds[i].round + after != core.durable_round_) {
      return absl::DataLossError(
          absl::StrCat("the store's rounds have a gap at round ", core.durable_round_ - after));
    }
  }
  core.control_ = recovered.control;
  core.held_ = recovered.control.held;
  core.reported_rounds_ = std::move(recovered.reported_rounds);
  if (core.control_.finished || (rules.rounds != 0 && core.durable_round_ >= rules.rounds)) {
    core.phase_ = Finished{now};
  }
  for (RoundRecord& record : recovered.recent_rounds) core.history_.Append(std::move(record));
#ifdef SEEDFED_PLANT_LOST_UPDATE_ON_RESTART
  if (!recovered.open_updates.empty()) recovered.open_updates.pop_back();
#endif
  for (const UpdateRecord& update : recovered.open_updates) {
    // What came after the goal was answered as late: the round was about to close without it.
    if (core.counted_ == core.rules_.goal) break;
    const ClientRecord* client = core.members_.Find(update.client);
    const bool valid = core.codec().Check(update.words, update.round).ok();
    if (update.round != core.open_round() || client == nullptr || !valid) {
      return absl::DataLossError(absl::StrCat("the store's update of client ", update.client,
                                              " for round ", update.round, " is not valid"));
    }
    core.received_[update.client] = {update.words.checksum(), update.examples, update.loss,
                                     update.request_bytes, std::nullopt};
    core.Count(update.client, update.words);
  }
  return core;
}

uint32_t FederationCore::RecentRounds(const ModelSpec& spec) {
  return static_cast<uint32_t>(std::max<size_t>(kHistoryBytes / spec.update_bytes(), 1));
}

FederationState FederationCore::state() const {
  if (std::holds_alternative<Paused>(phase_)) return FederationState::kPaused;
  if (std::holds_alternative<Finished>(phase_)) return FederationState::kFinished;
  return FederationState::kCollecting;
}

bool FederationCore::IsOpen() const {
  return std::holds_alternative<Collecting>(phase_) || std::holds_alternative<Paused>(phase_);
}

bool FederationCore::TakesUpdates() const { return IsOpen() && counted_ < rules_.goal; }

void FederationCore::Persist(Effects& effects, std::vector<Write> writes) {
  SEEDFED_CHECK(effects.persist.empty());
  effects.ticket = next_ticket_++;
  effects.persist = std::move(writes);
}

void FederationCore::Heard(uint32_t client, Effects& effects, absl::Duration now) {
  members_.Seen(client, now);
  OpenIfEnoughClients(effects, now);
}

void FederationCore::OpenIfEnoughClients(Effects& effects, absl::Duration now) {
  if (!std::holds_alternative<Paused>(phase_) || held_) return;
  const size_t live = members_.LiveTrainers(now - rules_.deadline);
  if (live < rules_.min_clients) return;
  OpenRound(now);
  effects.events.push_back(
      {.kind = EventKind::kRoundOpened,
       .text = absl::StrCat("round ", open_round(), " is open: ", live, " clients are here"),
       .round = open_round()});
}

void FederationCore::OpenRound(absl::Duration now) {
  if (!round_started_) round_started_ = now;
  phase_ = Collecting{now + rules_.deadline};
}

Effects FederationCore::Join(CallId call, const std::string& client_id, bool evaluator,
                             absl::Duration now, std::optional<absl::string_view> identity) {
  Effects effects;
  if (identity.has_value() && *identity != client_id) {
    RefuseCall(
        call, identity,
        {RefusalReason::kWrongIdentity, absl::PermissionDeniedError(absl::StrCat(
                                            "the caller's credential belongs to client ", *identity,
                                            ", which cannot join under another id"))},
        effects);
    return effects;
  }
  const absl::StatusOr<Members::Entry> entry = members_.Join(client_id, evaluator);
  if (!entry.ok()) {
    RefuseCall(call, identity, {RefusalReason::kJoin, entry.status()}, effects);
    return effects;
  }
  const uint32_t number = entry->record.number;
  knows_the_end_.erase(number);
  if (entry->is_new) {
    Persist(effects, {entry->record});
    pending_[effects.ticket] = PendingJoin{number, {call}};
    effects.events.push_back({.kind = EventKind::kClientJoined,
                              .text = absl::StrCat("client ", client_id, " joins as ",
                                                   evaluator ? "evaluator " : "trainer ", number),
                              .client = entry->record});
  }
  Heard(number, effects, now);
  if (entry->is_new) return effects;
  for (auto& [ticket, pending] : pending_) {
    auto* join = std::get_if<PendingJoin>(&pending);
    if (join != nullptr && join->number == number) {
      join->calls.push_back(call);
      return effects;
    }
  }
  effects.replies.push_back({call, JoinReply{number, durable_round_, state()}});
  return effects;
}

std::optional<FederationCore::Refusal> FederationCore::CheckCaller(const Caller& caller,
                                                                   absl::Duration now) {
  const absl::string_view id(reinterpret_cast<const char*>(id_.data()), id_.size());
  if (caller.federation_id.size() != id.size()) {
    return Refusal{RefusalReason::kWrongFederation,
                   absl::FailedPreconditionError(absl::StrCat(
                       "the call's federation id has ", caller.federation_id.size(),
                       " bytes; expected the ", id.size(), " that Join answers; join again"))};
  }
  if (caller.federation_id != id) {
    return Refusal{RefusalReason::kWrongFederation,
                   absl::FailedPreconditionError(absl::StrCat(
                       "this server runs federation ", absl::BytesToHexString(id), ", not ",
                       absl::BytesToHexString(caller.federation_id), "; join again"))};
  }
  const ClientRecord* member = members_.Find(caller.client_number);
  if (member == nullptr) {
    return Refusal{RefusalReason::kUnknownClient,
                   absl::NotFoundError(absl::StrCat("client number ", caller.client_number,
                                                    " is not known here; join again"))};
  }
  if (caller.identity.has_value() && *caller.identity != member->id) {
    return Refusal{RefusalReason::kWrongIdentity,
                   absl::PermissionDeniedError(absl::StrCat(
                       "the caller's credential belongs to client ", *caller.identity,
                       "; client number ", caller.client_number, " is another client's"))};
  }
  members_.Seen(caller.client_number, now);
  return std::nullopt;
}

AwaitReply FederationCore::MakeAwaitReply(uint32_t client, uint32_t have_round) const {
  const bool evaluator = client >= Members::kFirstEvaluator;
  AwaitReply reply = {.round = durable_round_, .state = state(), .with_stats = evaluator};
  if (have_round < durable_round_) {
    const uint64_t missing = uint64_t{durable_round_ - have_round} * model_.spec().update_bytes();
    // An evaluator wants every round's model as long as the words are at hand.
    if (evaluator || missing <= model_.snapshot_bytes()) {
      reply.results = history_.From(have_round + 1, kReplyBytes);
    }
    reply.snapshot = reply.results.empty();
  }
  return reply;
}

Effects FederationCore::Await(CallId call, const Caller& caller, uint32_t have_round,
                              absl::Duration now) {
  Effects effects;
  if (const auto refusal = CheckCaller(caller, now)) {
    RefuseCall(call, caller.identity, *refusal, effects);
    return effects;
  }
  Heard(caller.client_number, effects, now);
  if (have_round > durable_round_) {
    RefuseCall(call, members_.Find(caller.client_number)->id,
               {RefusalReason::kWrongRound,
                absl::FailedPreconditionError(absl::StrCat(
                    "round ", have_round, " is not known here: the last complete round is ",
                    durable_round_, "; join again"))},
               effects);
  } else if (have_round < durable_round_ || state() == FederationState::kFinished) {
    effects.replies.push_back({call, MakeAwaitReply(caller.client_number, have_round)});
  } else {
    HoldCall(call, {caller.client_number, have_round, now + rules_.poll}, effects);
  }
  return effects;
}

Effects FederationCore::KnowsTheEnd(CallId call, const Caller& caller, absl::Duration now) {
  Effects effects;
  if (const auto refusal = CheckCaller(caller, now)) {
    RefuseCall(call, caller.identity, *refusal, effects);
    return effects;
  }
  Heard(caller.client_number, effects, now);
  if (state() == FederationState::kFinished) knows_the_end_.insert(caller.client_number);
  effects.replies.push_back({call, AwaitReply{.round = durable_round_, .state = state()}});
  return effects;
}

void FederationCore::HoldCall(CallId call, const Waiting& waiting, Effects& effects) {
  waiting_[call] = waiting;
  held_calls_.emplace(waiting.client, call);
  const auto oldest = held_calls_.lower_bound({waiting.client, 0});
  auto next = oldest;
  for (size_t held = 0; held < kMostHeldCalls; ++held) {
    ++next;
    if (next == held_calls_.end() || next->first != waiting.client) return;
  }
  const CallId answered = oldest->second;
  effects.replies.push_back(
      {answered, MakeAwaitReply(waiting.client, waiting_.at(answered).have_round)});
  waiting_.erase(answered);
  held_calls_.erase(oldest);
}

Effects FederationCore::FetchSnapshot(CallId call, const Caller& caller, absl::Duration now) {
  Effects effects;
  if (const auto refusal = CheckCaller(caller, now)) {
    RefuseCall(call, caller.identity, *refusal, effects);
    return effects;
  }
  Heard(caller.client_number, effects, now);
  SendSnapshot(call, effects);
  return effects;
}

Effects FederationCore::ExportModel(CallId call) {
  Effects effects;
  SendSnapshot(call, effects);
  return effects;
}

void FederationCore::SendSnapshot(CallId call, Effects& effects) {
  if (std::holds_alternative<Publishing>(phase_)) {
    snapshot_calls_.push_back(call);
  } else {
    effects.replies.push_back({call, MakeSnapshotReply()});
  }
}

SnapshotReply FederationCore::MakeSnapshotReply() {
  if (snapshot_ == nullptr) snapshot_ = std::make_shared<const std::string>(model_.SaveSnapshot());
  return {snapshot_};
}

Effects FederationCore::Cancelled(CallId call) {
  if (const auto found = waiting_.find(call); found != waiting_.end()) {
    held_calls_.erase({found->second.client, call});
    waiting_.erase(found);
  }
  std::erase(snapshot_calls_, call);
  for (auto& [ticket, pending] : pending_) {
    std::visit([call](auto& item) { std::erase(item.calls, call); }, pending);
  }
  return {};
}

Effects FederationCore::Durable(uint64_t ticket, absl::Duration now) {
  Effects effects;
  if (const auto* publishing = std::get_if<Publishing>(&phase_);
      publishing != nullptr && publishing->ticket == ticket) {
    Published(effects, now);
    return effects;
  }
  const auto found = pending_.find(ticket);
  if (found == pending_.end()) return effects;
  const Pending pending = std::move(found->second);
  pending_.erase(found);
  if (const auto* join = std::get_if<PendingJoin>(&pending)) {
    for (const CallId call : join->calls) {
      effects.replies.push_back({call, JoinReply{join->number, durable_round_, state()}});
    }
    return effects;
  }
  if (const auto* update = std::get_if<PendingUpdate>(&pending)) {
    DurableUpdate(*update, effects, now);
    return effects;
  }
  if (const auto* control = std::get_if<PendingControl>(&pending)) {
    Controlled(control->control, effects, now);
    for (const CallId call : control->calls) {
      effects.replies.push_back({call, DoneReply{durable_round_}});
    }
    return effects;
  }
  DurableEvaluation(std::get<PendingEvaluation>(pending), effects);
  return effects;
}

void FederationCore::AnswerWaiting(Effects& effects, absl::Duration now) {
  held_calls_.clear();
  for (const auto& [call, waiting] : std::exchange(waiting_, {})) {
    members_.Seen(waiting.client, now);
    effects.replies.push_back({call, MakeAwaitReply(waiting.client, waiting.have_round)});
  }
}

Effects FederationCore::Wake(absl::Duration now) {
  Effects effects;
  for (auto it = waiting_.begin(); it != waiting_.end();) {
    const Waiting& waiting = it->second;
    members_.Seen(waiting.client, now);  // a held call is a live client
    if (waiting.until > now) {
      ++it;
      continue;
    }
    effects.replies.push_back({it->first, MakeAwaitReply(waiting.client, waiting.have_round)});
    held_calls_.erase({waiting.client, it->first});
    it = waiting_.erase(it);
  }
  CloseIfDue(effects, now);
  return effects;
}

absl::Duration FederationCore::WakeTime() const {
  if (IsOpen() && !held_ && counted_ >= rules_.goal) return absl::ZeroDuration();
  absl::Duration wake = absl::InfiniteDuration();
  if (const auto* collecting = std::get_if<Collecting>(&phase_)) wake = collecting->deadline;
  if (!waiting_.empty()) wake = std::min(wake, waiting_.begin()->second.until);
  return wake;
}

Progress FederationCore::progress(absl::Duration now) const {
  Progress progress = {
      .state = held_ && IsOpen()                            ? "held"
               : std::holds_alternative<Collecting>(phase_) ? "collecting"
               : std::holds_alternative<Paused>(phase_)     ? "waiting"
               : std::holds_alternative<Publishing>(phase_) ? "publishing"
                                                            : "finished",
      .round = durable_round_,
      .live_trainers = static_cast<uint32_t>(members_.LiveTrainers(now - rules_.deadline)),
      .live_evaluators = static_cast<uint32_t>(members_.LiveEvaluators(now - rules_.deadline)),
      .waiting_calls = static_cast<uint32_t>(waiting_.size())};
  if (std::holds_alternative<Finished>(phase_)) return progress;
  progress.open_round = open_round();
  progress.updates = counted_;
  progress.age = now - round_started_.value_or(now);
  if (const auto* collecting = std::get_if<Collecting>(&phase_)) {
    progress.until_deadline = std::max(collecting->deadline - now, absl::ZeroDuration());
  }
  return progress;
}

bool FederationCore::EveryoneKnowsTheEnd(absl::Duration grace, absl::Duration now) const {
  const auto* finished = std::get_if<Finished>(&phase_);
  if (finished == nullptr) return false;
  if (now - finished->since >= grace) return true;
#ifdef SEEDFED_PLANT_EXIT_WHEN_TOLD
  return waiting_.empty();
#endif
  const std::vector<uint32_t> expected = members_.Expected(now - std::max(rules_.deadline, grace));
  return !expected.empty() && std::all_of(expected.begin(), expected.end(), [&](uint32_t number) {
    return knows_the_end_.contains(number);
  });
}

}  // namespace seedfed
