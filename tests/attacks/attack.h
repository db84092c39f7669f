#ifndef SEEDFED_TESTS_ATTACKS_ATTACK_H_
#define SEEDFED_TESTS_ATTACKS_ATTACK_H_

#include <span>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace seedfed {

// What the attackers of a federation do. All of them send valid words: an ensemble word's points
// lie within the unit disk, so whatever is longer arrives with length 1.
enum class Attack {
  kNone,           // they are honest
  kSignFlip,       // their honest update times -10
  kNoise,          // normal noise, ten times as large as an honest update
  kLabelFlip,      // honest training on examples whose label y is changed to classes - 1 - y
  kFreeRiderZero,  // no training: an update of zeros, for as many examples as can be claimed
  kFreeRiderOld,   // no training: the average of a random earlier round, for as many examples
  kCollusion,  // all send the same words: their common honest direction backwards, at the length
               // of an honest update
  kCollusionHidden,  // all send the same words: their mean minus 1.5 deviations of each coordinate
  kReplay,           // their honest update of round 1 in every round
};

std::span<const Attack> AllAttacks();

// "none", "sign_flip", ...
absl::string_view AttackName(Attack attack);
// InvalidArgument, with the names that are known, for any other name.
absl::StatusOr<Attack> ParseAttack(absl::string_view name);

}  // namespace seedfed

#endif  // SEEDFED_TESTS_ATTACKS_ATTACK_H_
