#include "server/core/federation_core.h"

// Evaluators' reports, and what the operator asks for.

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace seedfed {

absl::Status FederationCore::CheckReport(const EvaluationRecord& report,
                                         const ClientRecord& client) const {
  if (!client.evaluator) {
    return absl::PermissionDeniedError(
        absl::StrCat("client ", client.id, " is a trainer; only evaluators report evaluations"));
  }
  if (report.round > durable_round_) {
    return absl::FailedPreconditionError(absl::StrCat("the evaluation is of round ", report.round,
                                                      "; the last complete round is ",
                                                      durable_round_, "; join again"));
  }
  if (report.round < 1 || report.examples < 1) {
    return absl::InvalidArgumentError(absl::StrCat("the evaluation is of round ", report.round,
                                                   " and ", report.examples,
                                                   " examples; expected at least 1 of both"));
  }
  // Written so that it does not hold for a NaN.
  if (!(report.accuracy >= 0 && report.accuracy <= 1)) {
    return absl::InvalidArgumentError(absl::StrCat("the evaluation's accuracy is ", report.accuracy,
                                                   "; expected a number from 0 to 1"));
  }
  if (!std::isfinite(report.loss)) {
    return absl::InvalidArgumentError(
        absl::StrCat("the evaluation's loss is ", report.loss, "; expected a finite number"));
  }
  return absl::OkStatus();
}

Effects FederationCore::Report(CallId call, const Caller& caller, const EvaluationRecord& report,
                               absl::Duration now) {
  Effects effects;
  if (const auto refusal = CheckCaller(caller, now)) {
    RefuseCall(call, caller.identity, *refusal, effects);
    return effects;
  }
  const uint32_t number = caller.client_number;
  const ClientRecord& client = *members_.Find(number);
  if (const absl::Status status = CheckReport(report, client); !status.ok()) {
    RefuseCall(call, client.id, {RefusalReason::kReport, status}, effects);
    return effects;
  }
  for (auto& [ticket, pending] : pending_) {
    auto* evaluation = std::get_if<PendingEvaluation>(&pending);
    if (evaluation == nullptr || evaluation->record.client != number) continue;
    if (evaluation->record.round != report.round) continue;
    evaluation->calls.push_back(call);
    return effects;
  }
  uint32_t& reported = reported_rounds_[number];
  if (report.round <= reported) {
    effects.replies.push_back({call, DoneReply{durable_round_}});
    return effects;
  }
  reported = report.round;
  EvaluationRecord record = report;
  record.client = number;
  Persist(effects, {record});
  pending_[effects.ticket] = PendingEvaluation{record, {call}};
  return effects;
}

void FederationCore::DurableEvaluation(const PendingEvaluation& evaluation, Effects& effects) {
  const EvaluationRecord& record = evaluation.record;
  const ClientRecord& client = *members_.Find(record.client);
  effects.events.push_back(
      {.kind = EventKind::kEvaluated,
       .text =
           absl::StrFormat("round %u: accuracy %.4f, loss %.4f on %u examples of client %s",
                           record.round, record.accuracy, record.loss, record.examples, client.id),
       .round = record.round,
       .client = client,
       .details = record});
  for (const CallId call : evaluation.calls) {
    effects.replies.push_back({call, DoneReply{durable_round_}});
  }
}

Effects FederationCore::Control(CallId call, const ControlRecord& wanted) {
  Effects effects;
  const bool is_new = wanted != control_;
  control_ = wanted;
  if (is_new) {
    Persist(effects, {wanted});
    pending_[effects.ticket] = PendingControl{wanted, {call}};
    return effects;
  }
  // The newest one counts: an older wish of the same kind may be durable long before.
  for (auto pending = pending_.rbegin(); pending != pending_.rend(); ++pending) {
    auto* control = std::get_if<PendingControl>(&pending->second);
    if (control == nullptr) continue;
    control->calls.push_back(call);
    return effects;
  }
  effects.replies.push_back({call, DoneReply{durable_round_}});
  return effects;
}

Effects FederationCore::Hold(CallId call, bool held) {
  if (control_.finished || std::holds_alternative<Finished>(phase_)) {
    Effects effects;
    effects.replies.push_back(
        {call, absl::FailedPreconditionError(
                   absl::StrCat("the federation is finished after round ", durable_round_))});
    return effects;
  }
  return Control(call, {.held = held});
}

Effects FederationCore::Pause(CallId call, absl::Duration) {
  Effects effects = Hold(call, true);
  if (!control_.held) return effects;
  held_ = true;
  if (std::holds_alternative<Collecting>(phase_)) phase_ = Paused{};
  return effects;
}

Effects FederationCore::Resume(CallId call, absl::Duration) { return Hold(call, false); }

Effects FederationCore::Finish(CallId call, absl::Duration) {
  return Control(call, {.finished = true});
}

// What was asked for is durable. Later wishes may be on their way: control_ is the newest.
void FederationCore::Controlled(const ControlRecord& control, Effects& effects,
                                absl::Duration now) {
  if (control.finished) {
    finish_due_ = true;
    if (IsOpen()) End(effects, now);
    return;
  }
  effects.events.push_back(
      {.kind = control.held ? EventKind::kHeld : EventKind::kResumed,
       .text = control.held ? "the operator holds the federation: no round ends until it is resumed"
                            : "the operator resumes the federation"});
  // A later wish to pause holds the federation already, whatever is wished after it.
  const bool again = std::any_of(pending_.begin(), pending_.end(), [](const auto& item) {
    const auto* later = std::get_if<PendingControl>(&item.second);
    return later != nullptr && later->control.held;
  });
  if (control.held || again) return;
  held_ = false;
  OpenIfEnoughClients(effects, now);
  CloseIfDue(effects, now);
}

}  // namespace seedfed
