#include "client/rpc/answers.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "common/base/status.h"
#include "common/wire/convert.h"

namespace seedfed {
namespace {

constexpr size_t kFederationIdBytes = 16;
constexpr uint32_t kMaxPollMs = 10 * 60 * 1000;

absl::Status NotValid(absl::string_view call, absl::string_view problem) {
  return absl::DataLossError(absl::StrCat("the answer to ", call, " is not valid: ", problem));
}

absl::StatusOr<FederationPhase> PhaseFromProto(v1::FederationState state, absl::string_view call) {
  switch (state) {
    case v1::FEDERATION_STATE_COLLECTING:
      return FederationPhase::kCollecting;
    case v1::FEDERATION_STATE_PAUSED:
      return FederationPhase::kPaused;
    case v1::FEDERATION_STATE_FINISHED:
      return FederationPhase::kFinished;
    default:
      return NotValid(call, absl::StrCat("its state is ", static_cast<int>(state),
                                         ", expected 1 (collecting), 2 (paused) or 3 (finished)"));
  }
}

template <size_t N>
absl::Status CopyDigest(const std::string& bytes, absl::string_view name,
                        std::array<uint8_t, N>& out) {
  if (bytes.size() != N) {
    return NotValid("AwaitRound",
                    absl::StrCat("a ", name, " has ", bytes.size(), " bytes, expected ", N));
  }
  std::copy(bytes.begin(), bytes.end(), out.begin());
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Membership> FromProto(const v1::JoinResponse& message, ClientRole role) {
  constexpr absl::string_view kCall = "Join";
  Membership membership;
  if (message.federation_id().size() != kFederationIdBytes) {
    return NotValid(kCall, absl::StrCat("the federation id has ", message.federation_id().size(),
                                        " bytes, expected ", kFederationIdBytes));
  }
  membership.federation_id = message.federation_id();
  if (absl::StatusOr<FederationKey> key = FederationKey::FromBytes(message.key()); key.ok()) {
    membership.key = *key;
  } else {
    return NotValid(kCall, key.status().message());
  }
  membership.client_number = message.client_number();
  if ((membership.client_number >= kFirstEvaluator) != (role == ClientRole::kEvaluate)) {
    return NotValid(kCall, absl::StrCat("the client number ", membership.client_number,
                                        " belongs to the other role"));
  }
  if (absl::StatusOr<ModelSpec> spec = FromProto(message.model()); spec.ok()) {
    membership.model = *std::move(spec);
  } else {
    return NotValid(kCall, spec.status().message());
  }
  if (absl::StatusOr<TrainingPlan> plan =
          FromProto(message.training(), membership.model.layers.size());
      plan.ok()) {
    membership.plan = *std::move(plan);
  } else {
    return NotValid(kCall, plan.status().message());
  }
  if (message.has_shard()) {
    absl::StatusOr<Shard> shard = FromProto(message.shard());
    if (!shard.ok()) return NotValid(kCall, shard.status().message());
    membership.shard = *shard;
  }
  membership.round = message.round();
  membership.rounds = message.rounds();
  SEEDFED_ASSIGN_OR_RETURN(membership.phase, PhaseFromProto(message.state(), kCall));
  if (message.poll_ms() < 1 || message.poll_ms() > kMaxPollMs) {
    return NotValid(kCall, absl::StrCat("it holds polls for ", message.poll_ms(),
                                        " ms, expected 1 to ", kMaxPollMs));
  }
  membership.poll = absl::Milliseconds(message.poll_ms());
  return membership;
}

absl::StatusOr<AwaitAnswer> FromProto(v1::AwaitRoundResponse message) {
  AwaitAnswer answer;
  answer.round = message.round();
  SEEDFED_ASSIGN_OR_RETURN(answer.phase, PhaseFromProto(message.state(), "AwaitRound"));
  answer.snapshot = message.snapshot();
  for (v1::RoundResult& result : *message.mutable_results()) {
    RoundWords round;
    round.round = result.round();
    round.words = std::move(*result.mutable_words());
    SEEDFED_RETURN_IF_ERROR(CopyDigest(result.fingerprint(), "fingerprint", round.fingerprint));
    SEEDFED_RETURN_IF_ERROR(
        CopyDigest(result.base_checksum(), "base checksum", round.base_checksum));
    if (result.has_stats()) {
      const v1::RoundStats& stats = result.stats();
      if (!std::isfinite(stats.training_loss())) {
        return NotValid("AwaitRound", absl::StrCat("the training loss is ", stats.training_loss(),
                                                   ", expected a finite number"));
      }
      round.summary = RoundSummary{stats.updates(), stats.examples(), stats.training_loss(),
                                   stats.bytes_up(), absl::Milliseconds(stats.duration_ms())};
    }
    answer.rounds.push_back(std::move(round));
  }
  return answer;
}

absl::StatusOr<SubmitAnswer> FromProto(const v1::SubmitUpdateResponse& message) {
  switch (message.outcome()) {
    case v1::SubmitUpdateResponse::OUTCOME_ACCEPTED:
      return SubmitAnswer{SubmitOutcome::kAccepted, message.round()};
    case v1::SubmitUpdateResponse::OUTCOME_LATE:
      return SubmitAnswer{SubmitOutcome::kLate, message.round()};
    default:
      return NotValid("SubmitUpdate",
                      absl::StrCat("its outcome is ", static_cast<int>(message.outcome()),
                                   ", expected 1 (accepted) or 2 (late)"));
  }
}

}  // namespace seedfed
