#include "tests/attacks/attack.h"

#include <string>

#include "absl/strings/str_cat.h"

namespace seedfed {
namespace {

constexpr Attack kAttacks[] = {Attack::kNone,      Attack::kSignFlip,        Attack::kNoise,
                               Attack::kLabelFlip, Attack::kFreeRiderZero,   Attack::kFreeRiderOld,
                               Attack::kCollusion, Attack::kCollusionHidden, Attack::kReplay};

}  // namespace

std::span<const Attack> AllAttacks() { return kAttacks; }

absl::string_view AttackName(Attack attack) {
  switch (attack) {
    case Attack::kNone:
      break;
    case Attack::kSignFlip:
      return "sign_flip";
    case Attack::kNoise:
      return "noise";
    case Attack::kLabelFlip:
      return "label_flip";
    case Attack::kFreeRiderZero:
      return "free_rider_zero";
    case Attack::kFreeRiderOld:
      return "free_rider_old";
    case Attack::kCollusion:
      return "collusion";
    case Attack::kCollusionHidden:
      return "collusion_hidden";
    case Attack::kReplay:
      return "replay";
  }
  return "none";
}

absl::StatusOr<Attack> ParseAttack(absl::string_view name) {
  std::string known;
  for (const Attack attack : kAttacks) {
    if (name == AttackName(attack)) return attack;
    absl::StrAppend(&known, known.empty() ? "" : ", ", AttackName(attack));
  }
  return absl::InvalidArgumentError(
      absl::StrCat("attack '", name, "' is not known; expected one of ", known));
}

}  // namespace seedfed
