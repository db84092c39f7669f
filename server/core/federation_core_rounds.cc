#include "server/core/federation_core.h"

// How rounds open, close and become public.

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/check.h"

namespace seedfed {

void FederationCore::End(Effects& effects, absl::Duration now) {
  phase_ = Finished{now};
  effects.events.push_back(
      {.kind = EventKind::kFinished,
       .text = durable_round_ == rules_.rounds
                   ? absl::StrCat("all ", durable_round_, " rounds are complete")
                   : absl::StrCat("the operator ends the federation after round ", durable_round_),
       .round = durable_round_});
  AnswerWaiting(effects, now);
}

void FederationCore::CloseIfDue(Effects& effects, absl::Duration now) {
  if (!IsOpen() || held_) return;
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
    effects.events.push_back({.kind = EventKind::kWaiting,
                              .level = Event::Level::kWarning,
                              .text = absl::StrCat(reached, "paused until ", rules_.min_clients,
                                                   " clients are here (now ", live, ")"),
                              .round = open_round()});
  } else {
    phase_ = Collecting{now + rules_.deadline};
    effects.events.push_back(
        {.kind = EventKind::kDeadlineExtended,
         .level = Event::Level::kWarning,
         .text = absl::StrCat(reached, "waiting ", absl::FormatDuration(rules_.deadline), " more"),
         .round = open_round()});
  }
}

void FederationCore::CloseRound(Effects& effects, absl::Duration now) {
  RoundRecord record;
  record.round = open_round();
  record.words = codec().Encode(aggregator_->Result(), record.round, {dither_key_, 0});
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
  phase_ = Publishing{effects.ticket, std::move(record), now};
  received_.clear();
  counted_ = 0;
  aggregator_->Clear();
  snapshot_.reset();
}

void FederationCore::Published(Effects& effects, absl::Duration now) {
  Publishing publishing = std::get<Publishing>(std::move(phase_));
  const auto record = history_.Append(std::move(publishing.record));
  durable_round_ = record->round;
  fingerprint_ = record->fingerprint;
  base_checksum_ = record->base_checksum;
  effects.events.push_back(
      {.kind = EventKind::kRoundComplete,
       .text = absl::StrFormat(
           "round %u complete: %u updates, %u examples, loss %.4f, %u bytes up, %u bytes of words, "
           "%.2f s, fingerprint %s",
           record->round, record->updates, record->examples, record->training_loss,
           record->bytes_up, record->words.size(), record->duration_ms / 1000.0,
           ToHex(record->fingerprint).substr(0, 16)),
       .round = record->round,
       .details = RoundDetails{record, publishing.since - round_started_.value_or(publishing.since),
                               now - publishing.since}});
  round_started_ = now;
  if (durable_round_ == rules_.rounds || finish_due_) {
    End(effects, now);
  } else if (held_) {
    phase_ = Paused{};
  } else {
    OpenRound(now);
    effects.events.push_back({.kind = EventKind::kRoundOpened,
                              .level = Event::Level::kDebug,
                              .text = absl::StrCat("round ", open_round(), " is open"),
                              .round = open_round()});
  }
  AnswerWaiting(effects, now);
  for (const CallId call : std::exchange(snapshot_calls_, {})) {
    effects.replies.push_back({call, MakeSnapshotReply()});
  }
}

}  // namespace seedfed
