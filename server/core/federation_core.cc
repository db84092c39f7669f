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

// Two updates are the same when words and example count are; the loss takes no part in the average.
Digest128 UpdateDigest(absl::string_view words, uint32_t examples) {
  std::string count;
  AppendLittleEndian(examples, count);
  Blake2b128Hasher hasher;
  hasher.Update(count);
  hasher.Update(words);
  return hasher.Finish();
}

}  // namespace

FederationCore::FederationCore(const RoundRules& rules, const FederationId& id,
                               const FederationKey& key, Model model,
                               std::vector<ClientRecord> clients, absl::Duration now)
    : rules_(rules),
      id_(id),
      dither_key_(key.SubKey(Purpose::kDitherDown)),
      cohort_key_(key.SubKey(Purpose::kCohort)),
      model_(std::move(model)),
      durable_round_(model_.round()),
      history_(kHistoryBytes),
      members_(clients),
      mean_(model_.spec().coordinates()) {
  if (rules_.rounds != 0 && durable_round_ >= rules_.rounds) phase_ = Finished{now};
}

absl::StatusOr<FederationCore> FederationCore::Create(const RoundRules& rules,
                                                      const FederationId& id,
                                                      const FederationKey& key, Model model,
                                                      Recovered recovered, absl::Duration now) {
  SEEDFED_RETURN_IF_ERROR(ValidateRoundRules(rules));
  FederationCore core(rules, id, key, std::move(model), std::move(recovered.clients), now);
  for (size_t i = 0; i < recovered.recent_rounds.size(); ++i) {
    const size_t after = recovered.recent_rounds.size() - 1 - i;
    if (recovered.recent_rounds[i].round + after != core.durable_round_) {
      return absl::DataLossError(
          absl::StrCat("the store's rounds have a gap at round ", core.durable_round_ - after));
    }
  }
  for (RoundRecord& record : recovered.recent_rounds) core.history_.Append(std::move(record));
#ifdef SEEDFED_PLANT_LOST_UPDATE_ON_RESTART
  if (!recovered.open_updates.empty()) recovered.open_updates.pop_back();
#endif
  for (const UpdateRecord& update : recovered.open_updates) {
    // What came after the goal was answered as late: the round was about to close without it.
    if (core.counted_ == core.rules_.goal) break;
    const ClientRecord* client = core.members_.Find(update.client);
    const auto coordinates = core.codec().Decode(update.words, update.round);
    if (update.round != core.open_round() || client == nullptr || !coordinates.ok()) {
      return absl::DataLossError(absl::StrCat("the store's update of client ", update.client,
                                              " for round ", update.round, " is not valid"));
    }
    core.received_[update.client] = {UpdateDigest(update.words, update.examples), update.examples,
                                     update.loss, update.request_bytes, std::nullopt};
    core.Count(update.client, *coordinates);
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
  if (!std::holds_alternative<Paused>(phase_)) return;
  const size_t live = members_.LiveTrainers(now - rules_.deadline);
  if (live < rules_.min_clients) return;
  OpenRound(now);
  effects.log.push_back({LogLine::Level::kInfo, absl::StrCat("round ", open_round(), " is open: ",
                                                             live, " clients are here")});
}

void FederationCore::OpenRound(absl::Duration now) {
  if (!round_started_) round_started_ = now;
  phase_ = Collecting{now + rules_.deadline};
}

Effects FederationCore::Join(CallId call, const std::string& client_id, bool evaluator,
                             absl::Duration now) {
  Effects effects;
  const absl::StatusOr<Members::Entry> entry = members_.Join(client_id, evaluator);
  if (!entry.ok()) {
    effects.replies.push_back({call, entry.status()});
    return effects;
  }
  const uint32_t number = entry->record.number;
  if (entry->is_new) {
    Persist(effects, {entry->record});
    pending_[effects.ticket] = PendingJoin{number, {call}};
    effects.log.push_back(
        {LogLine::Level::kInfo, absl::StrCat("client ", client_id, " joins as ",
                                             evaluator ? "evaluator " : "trainer ", number)});
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
  if (state() == FederationState::kFinished && !evaluator) told_the_end_[number] = true;
  effects.replies.push_back({call, JoinReply{number, durable_round_, state()}});
  return effects;
}

absl::Status FederationCore::CheckCaller(const Caller& caller, absl::Duration now) {
  const absl::string_view id(reinterpret_cast<const char*>(id_.data()), id_.size());
  if (caller.federation_id != id) {
    return absl::FailedPreconditionError(absl::StrCat(
        "this server runs federation ", absl::BytesToHexString(id), ", not ",
        absl::BytesToHexString(caller.federation_id.substr(0, id_.size())), "; join again"));
  }
  if (members_.Find(caller.client_number) == nullptr) {
    return absl::NotFoundError(
        absl::StrCat("client number ", caller.client_number, " is not known here; join again"));
  }
  members_.Seen(caller.client_number, now);
  return absl::OkStatus();
}

AwaitReply FederationCore::MakeAwaitReply(uint32_t client, uint32_t have_round) {
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
  const uint32_t reached = reply.results.empty() ? have_round : reply.results.back()->round;
  if (reply.state == FederationState::kFinished && reached == durable_round_) {
    told_the_end_[client] = true;
  }
  return reply;
}

Effects FederationCore::Await(CallId call, const Caller& caller, uint32_t have_round,
                              absl::Duration now) {
  Effects effects;
  if (const absl::Status status = CheckCaller(caller, now); !status.ok()) {
    effects.replies.push_back({call, status});
    return effects;
  }
  Heard(caller.client_number, effects, now);
  if (have_round > durable_round_) {
    effects.replies.push_back(
        {call, absl::FailedPreconditionError(absl::StrCat(
                   "round ", have_round, " is not known here: the last complete round is ",
                   durable_round_, "; join again"))});
  } else if (have_round < durable_round_ || state() == FederationState::kFinished) {
    effects.replies.push_back({call, MakeAwaitReply(caller.client_number, have_round)});
  } else {
    waiting_[call] = {caller.client_number, have_round, now + rules_.poll};
  }
  return effects;
}

absl::Status FederationCore::CheckSubmission(const Submission& submission,
                                             const ClientRecord& client) const {
  if (client.evaluator) {
    return absl::PermissionDeniedError(
        absl::StrCat("client ", client.id, " is an evaluator; only trainers submit updates"));
  }
  if (submission.round > open_round()) {
    return absl::FailedPreconditionError(absl::StrCat("the update is for round ", submission.round,
                                                      "; the open round is ", open_round(),
                                                      "; join again"));
  }
  if (!TakesPart(cohort_key_, rules_.participation, submission.round, client.number)) {
    return absl::InvalidArgumentError(
        absl::StrCat("client ", client.id, " does not take part in round ", submission.round));
  }
  if (submission.examples < 1) {
    return absl::InvalidArgumentError("the update has 0 examples; expected at least 1");
  }
  if (!std::isfinite(submission.loss)) {
    return absl::InvalidArgumentError(
        absl::StrCat("the update's loss is ", submission.loss, "; expected a finite number"));
  }
  return submission.coordinates.status();
}

Effects FederationCore::Submit(CallId call, const Caller& caller, Submission submission,
                               absl::Duration now) {
  Effects effects;
  const uint32_t number = caller.client_number;
  absl::Status status = CheckCaller(caller, now);
  if (!status.ok()) {
    ++refusals_.not_a_member;
  } else {
    Heard(number, effects, now);
    const bool closed = submission.round < open_round() || !TakesUpdates();
    if (closed && submission.round <= open_round()) {
      effects.replies.push_back({call, SubmitReply{true, durable_round_}});
      return effects;
    }
    status = CheckSubmission(submission, *members_.Find(number));
    if (!status.ok()) {
      ++refusals_.not_valid;
      effects.log.push_back(
          {LogLine::Level::kWarning, absl::StrCat("update of client ", members_.Find(number)->id,
                                                  " refused: ", status.message())});
    }
  }
  if (!status.ok()) {
    effects.replies.push_back({call, status});
    return effects;
  }

  const Digest128 digest = UpdateDigest(submission.words, submission.examples);
  if (const auto known = received_.find(number); known != received_.end()) {
    if (known->second.digest != digest) {
      ++refusals_.other_content;
      const std::string text =
          absl::StrCat("client ", members_.Find(number)->id,
                       " has already sent another update for round ", submission.round);
      effects.log.push_back(
          {LogLine::Level::kWarning, absl::StrCat(text, "; this one is refused")});
      effects.replies.push_back({call, absl::AlreadyExistsError(text)});
    } else if (known->second.ticket) {
      std::get<PendingUpdate>(pending_.at(*known->second.ticket)).calls.push_back(call);
    } else {
#ifdef SEEDFED_PLANT_DOUBLE_COUNT
      SEEDFED_CHECK(mean_.Add(*submission.coordinates, submission.examples));
#endif
      effects.replies.push_back({call, SubmitReply{false, durable_round_}});
    }
    return effects;
  }

  Persist(effects, {UpdateRecord{submission.round, number, submission.examples, submission.loss,
                                 submission.request_bytes, std::move(submission.words)}});
  received_[number] = {digest, submission.examples, submission.loss, submission.request_bytes,
                       effects.ticket};
  pending_[effects.ticket] =
      PendingUpdate{submission.round, number, *std::move(submission.coordinates), {call}};
#ifdef SEEDFED_PLANT_ACK_BEFORE_SYNC
  std::get<PendingUpdate>(pending_[effects.ticket]).calls.clear();
  effects.replies.push_back({call, SubmitReply{false, durable_round_}});
#endif
  return effects;
}

Effects FederationCore::FetchSnapshot(CallId call, const Caller& caller, absl::Duration now) {
  Effects effects;
  if (const absl::Status status = CheckCaller(caller, now); !status.ok()) {
    effects.replies.push_back({call, status});
    return effects;
  }
  Heard(caller.client_number, effects, now);
  if (std::holds_alternative<Publishing>(phase_)) {
    snapshot_calls_.push_back(call);
  } else {
    effects.replies.push_back({call, MakeSnapshotReply()});
  }
  return effects;
}

SnapshotReply FederationCore::MakeSnapshotReply() {
  if (snapshot_ == nullptr) snapshot_ = std::make_shared<const std::string>(model_.SaveSnapshot());
  return {snapshot_};
}

Effects FederationCore::Cancelled(CallId call) {
  waiting_.erase(call);
  std::erase(snapshot_calls_, call);
  for (auto& [ticket, pending] : pending_) {
    std::visit([call](auto& item) { std::erase(item.calls, call); }, pending);
  }
  return {};
}

void FederationCore::Count(uint32_t client, std::span<const int32_t> coordinates) {
  Received& received = received_.at(client);
  received.ticket.reset();
  // Cannot overflow: example_cap * goal is at most kMaxTotalWeight and the round closes at the
  // goal.
  SEEDFED_CHECK(mean_.Add(coordinates, std::min(received.examples, rules_.example_cap)));
  ++counted_;
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
  const auto& update = std::get<PendingUpdate>(pending);
  const bool late = update.round != open_round() || !TakesUpdates();
  if (!late) Count(update.client, update.coordinates);
  for (const CallId call : update.calls) {
    effects.replies.push_back({call, SubmitReply{late, durable_round_}});
  }
  CloseIfDue(effects, now);
  return effects;
}

void FederationCore::CloseIfDue(Effects& effects, absl::Duration now) {
  if (!IsOpen()) return;
  if (counted_ >= rules_.goal) {
    CloseRound(effects, now);
    return;
  }
  const auto* collecting = std::get_if<Collecting>(&phase_);
  if (collecting == nullptr || now < collecting->deadline) return;
  if (counted_ >= rules_.quorum) {
    CloseRound(effects, now);
    return;
  }
  const size_t live = members_.LiveTrainers(now - rules_.deadline);
  const std::string reached = absl::StrCat("round ", open_round(), " has ", counted_, " of ",
                                           rules_.quorum, " updates at its deadline; ");
  if (live < rules_.min_clients) {
    phase_ = Paused{};
    effects.log.push_back(
        {LogLine::Level::kWarning, absl::StrCat(reached, "paused until ", rules_.min_clients,
                                                " clients are here (now ", live, ")")});
  } else {
    phase_ = Collecting{now + rules_.deadline};
    effects.log.push_back(
        {LogLine::Level::kWarning,
         absl::StrCat(reached, "waiting ", absl::FormatDuration(rules_.deadline), " more")});
  }
}

void FederationCore::CloseRound(Effects& effects, absl::Duration now) {
  RoundRecord record;
  record.round = open_round();
  record.words = codec().Encode(mean_.Mean(), record.round, {dither_key_, 0});
  const absl::Status applied = model_.Apply(record.round, record.words);
  SEEDFED_CHECK(applied.ok());
  record.fingerprint = model_.fingerprint();
  record.base_checksum = model_.BaseChecksum();
  for (const auto& [client, received] : received_) {
    if (received.ticket) continue;
    ++record.updates;
    record.examples += received.examples;
    record.training_loss += received.loss;
    record.bytes_up += received.request_bytes;
  }
  record.training_loss /= record.updates;
  record.duration_ms =
      static_cast<uint32_t>(absl::ToInt64Milliseconds(now - round_started_.value_or(now)));

  std::vector<Write> writes = {record};
  if (rules_.snapshot_every != 0 && record.round % rules_.snapshot_every == 0) {
    writes.emplace_back(SnapshotRecord{record.round, model_.SaveSnapshot()});
  }
  Persist(effects, std::move(writes));
  phase_ = Publishing{effects.ticket, std::move(record)};
  received_.clear();
  counted_ = 0;
  mean_.Clear();
  snapshot_.reset();
}

void FederationCore::Published(Effects& effects, absl::Duration now) {
  RoundRecord record = std::get<Publishing>(std::move(phase_)).record;
  durable_round_ = record.round;
  effects.log.push_back(
      {LogLine::Level::kInfo,
       absl::StrFormat(
           "round %u complete: %u updates, %u examples, loss %.4f, %u bytes up, %u bytes "
           "of words, %.2f s, fingerprint %s",
           record.round, record.updates, record.examples, record.training_loss, record.bytes_up,
           record.words.size(), record.duration_ms / 1000.0,
           ToHex(record.fingerprint).substr(0, 16))});
  history_.Append(std::move(record));
  round_started_ = now;
  if (durable_round_ == rules_.rounds) {
    phase_ = Finished{now};
    effects.log.push_back(
        {LogLine::Level::kInfo, absl::StrCat("all ", durable_round_, " rounds are complete")});
  } else {
    OpenRound(now);
  }
  AnswerWaiting(effects, now);
  for (const CallId call : std::exchange(snapshot_calls_, {})) {
    effects.replies.push_back({call, MakeSnapshotReply()});
  }
}

void FederationCore::AnswerWaiting(Effects& effects, absl::Duration now) {
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
    it = waiting_.erase(it);
  }
  CloseIfDue(effects, now);
  return effects;
}

absl::Duration FederationCore::WakeTime() const {
  if (IsOpen() && counted_ >= rules_.goal) return absl::ZeroDuration();
  absl::Duration wake = absl::InfiniteDuration();
  if (const auto* collecting = std::get_if<Collecting>(&phase_)) wake = collecting->deadline;
  if (!waiting_.empty()) wake = std::min(wake, waiting_.begin()->second.until);
  return wake;
}

bool FederationCore::EveryoneKnowsTheEnd(absl::Duration grace, absl::Duration now) const {
  const auto* finished = std::get_if<Finished>(&phase_);
  if (finished == nullptr) return false;
  if (now - finished->since >= grace) return true;
  const std::vector<uint32_t> expected = members_.Expected(now - rules_.deadline);
  return !expected.empty() &&
         std::all_of(expected.begin(), expected.end(),
                     [this](uint32_t number) { return told_the_end_.contains(number); });
}

}  // namespace seedfed
