#include "server/core/federation_core.h"

// Updates: what is refused, late, or counted.

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/bytes.h"
#include "common/base/check.h"
#include "common/model/plan.h"

namespace seedfed {
namespace {

Event Late(const ClientRecord& client, uint32_t round) {
  return {.kind = EventKind::kUpdateLate,
          .text = absl::StrCat("update of client ", client.id, " for round ", round,
                               " is too late to count"),
          .round = round,
          .client = client};
}

}  // namespace

std::optional<FederationCore::Refusal> FederationCore::CheckSubmission(
    const Submission& submission, const ClientRecord& client) const {
  if (client.evaluator) {
    return Refusal{RefusalReason::kEvaluator,
                   absl::PermissionDeniedError(absl::StrCat(
                       "client ", client.id, " is an evaluator; only trainers submit updates"))};
  }
  if (submission.round > open_round()) {
    return Refusal{RefusalReason::kWrongRound,
                   absl::FailedPreconditionError(
                       absl::StrCat("the update is for round ", submission.round,
                                    "; the open round is ", open_round(), "; join again"))};
  }
  if (!TakesPart(cohort_key_, rules_.participation, submission.round, client.number)) {
    return Refusal{RefusalReason::kNotAsked,
                   absl::InvalidArgumentError(absl::StrCat(
                       "client ", client.id, " does not take part in round ", submission.round))};
  }
  if (submission.examples < 1) {
    return Refusal{RefusalReason::kNoExamples,
                   absl::InvalidArgumentError("the update has 0 examples; expected at least 1")};
  }
  if (!std::isfinite(submission.loss)) {
    return Refusal{RefusalReason::kLoss,
                   absl::InvalidArgumentError(absl::StrCat("the update's loss is ", submission.loss,
                                                           "; expected a finite number"))};
  }
  if (!submission.valid.ok()) return Refusal{RefusalReason::kWords, submission.valid};
  return std::nullopt;
}

const ClientRecord* FederationCore::FindById(std::optional<absl::string_view> id) const {
  if (!id.has_value()) return nullptr;
  const auto found = members_.by_id().find(std::string(*id));
  return found == members_.by_id().end() ? nullptr : members_.Find(found->second);
}

Effects FederationCore::Rejected(RefusalReason reason, const absl::Status& status,
                                 std::optional<absl::string_view> identity) {
  Effects effects;
  refusals_.Count(reason);
  Event event = {
      .kind = EventKind::kCallRefused, .level = Event::Level::kWarning, .details = reason};
  if (const ClientRecord* record = FindById(identity)) {
    event.client = *record;
    event.text = absl::StrCat("a call of client ", record->id, " refused: ", status.message());
  } else {
    // Whoever reaches the port makes as many of these as he likes.
    event.level = Event::Level::kDebug;
    event.text =
        absl::StrCat(reason == RefusalReason::kTooManyConnections ? "a connection refused: "
                                                                  : "a call of no member refused: ",
                     status.message());
  }
  effects.events.push_back(std::move(event));
  return effects;
}

void FederationCore::RefuseCall(CallId call, std::optional<absl::string_view> identity,
                                const Refusal& refusal, Effects& effects) {
  Effects rejected = Rejected(refusal.reason, refusal.status, identity);
  std::move(rejected.events.begin(), rejected.events.end(), std::back_inserter(effects.events));
  effects.replies.push_back({call, refusal.status});
}

void FederationCore::Refuse(CallId call, const Caller& caller, uint32_t round,
                            const Refusal& refusal, Effects& effects) {
  refusals_.Count(refusal.reason);
  Event event = {.kind = EventKind::kUpdateRefused,
                 .level = Event::Level::kWarning,
                 .round = round,
                 .details = refusal.reason};
  // Nobody is blamed for what another one sends under his number.
  const ClientRecord* record = refusal.reason == RefusalReason::kWrongIdentity
                                   ? FindById(caller.identity)
                                   : members_.Find(caller.client_number);
  if (record != nullptr && refusal.reason != RefusalReason::kWrongFederation) {
    event.client = *record;
    event.text = absl::StrCat("update of client ", record->id, " for round ", round,
                              " refused: ", refusal.status.message());
  } else {
    // A server that was restored from a back-up hears this from every client.
    event.level = Event::Level::kDebug;
    event.text = absl::StrCat("update of no member refused: ", refusal.status.message());
  }
  effects.events.push_back(std::move(event));
  effects.replies.push_back({call, refusal.status});
}

Effects FederationCore::Submit(CallId call, const Caller& caller, Submission submission,
                               absl::Duration now) {
  Effects effects;
  const uint32_t number = caller.client_number;
  if (const auto refusal = CheckCaller(caller, now)) {
    Refuse(call, caller, submission.round, *refusal, effects);
    return effects;
  }
  Heard(number, effects, now);
  const bool closed = submission.round < open_round() || !TakesUpdates();
  if (closed && submission.round <= open_round()) {
    effects.events.push_back(Late(*members_.Find(number), submission.round));
    effects.replies.push_back({call, SubmitReply{true, durable_round_}});
    return effects;
  }
  if (const auto refusal = CheckSubmission(submission, *members_.Find(number))) {
    Refuse(call, caller, submission.round, *refusal, effects);
    return effects;
  }

  const Digest128 checksum = submission.words.checksum();
  if (const auto known = received_.find(number); known != received_.end()) {
    if (known->second.words_checksum != checksum || known->second.examples != submission.examples) {
      Refuse(call, caller, submission.round,
             {RefusalReason::kOtherContent,
              absl::AlreadyExistsError(absl::StrCat("client ", members_.Find(number)->id,
                                                    " has already sent another update for round ",
                                                    submission.round))},
             effects);
    } else if (known->second.ticket) {
      std::get<PendingUpdate>(pending_.at(*known->second.ticket)).calls.push_back(call);
    } else {
#ifdef SEEDFED_PLANT_DOUBLE_COUNT
      AddToRound(number, submission.words, submission.examples);
#endif
      effects.replies.push_back({call, SubmitReply{false, durable_round_}});
    }
    return effects;
  }

  PendingUpdate pending = {submission.round, number, submission.words, {call}};
  Persist(effects, {UpdateRecord{submission.round, number, submission.examples, submission.loss,
                                 submission.request_bytes, std::move(submission.words)}});
  received_[number] = {checksum, submission.examples, submission.loss, submission.request_bytes,
                       effects.ticket};
  pending_[effects.ticket] = std::move(pending);
#ifdef SEEDFED_PLANT_ACK_BEFORE_SYNC
  std::get<PendingUpdate>(pending_[effects.ticket]).calls.clear();
  effects.replies.push_back({call, SubmitReply{false, durable_round_}});
#endif
  return effects;
}

void FederationCore::AddToRound(uint32_t client, absl::string_view words, uint32_t examples) {
  SEEDFED_CHECK(codec().DecodeTo(words, open_round(), coordinates_).ok());
  // Cannot overflow: example_cap * goal is at most kMaxTotalWeight and the round closes at the
  // goal.
  SEEDFED_CHECK(aggregator_->Add(client, coordinates_, std::min(examples, rules_.example_cap)));
}

void FederationCore::Count(uint32_t client, absl::string_view words) {
  Received& received = received_.at(client);
  received.ticket.reset();
  AddToRound(client, words, received.examples);
  ++counted_;
}

void FederationCore::DurableUpdate(const PendingUpdate& update, Effects& effects,
                                   absl::Duration now) {
  const ClientRecord& client = *members_.Find(update.client);
  const bool late = update.round != open_round() || !TakesUpdates();
  if (late) {
    effects.events.push_back(Late(client, update.round));
  } else {
    Count(update.client, update.words);
    const Received& received = received_.at(update.client);
    effects.events.push_back(
        {.kind = EventKind::kUpdateAccepted,
         .level = Event::Level::kDebug,
         .text = absl::StrCat("update of client ", client.id, " for round ", update.round,
                              " accepted: ", counted_, " of ", rules_.goal),
         .round = update.round,
         .client = client,
         .details = UpdateDetails{received.examples, received.loss, received.request_bytes}});
  }
  for (const CallId call : update.calls) {
    effects.replies.push_back({call, SubmitReply{late, durable_round_}});
  }
  CloseIfDue(effects, now);
}

}  // namespace seedfed
