#ifndef SEEDFED_CLI_INSPECT_WORD_REPORT_H_
#define SEEDFED_CLI_INSPECT_WORD_REPORT_H_

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "cli/inspect/word_view.h"
#include "common/model/spec.h"

namespace seedfed {

// Reports of one word, read as `codec` (single or ensemble), or in both formats without one. A word
// of 16 digits is read as Packed64 whatever the codec.

std::string WordText(const TextWord& word, std::optional<Codec> codec);

// word, hi, lo (null with Packed64); then, as far as read,
//   packed64 {r {raw, value}, theta {raw, turns, signed}, code, u, v, u_q30, v_q30},
//   single {valid, reason, hi (as packed64), lo {r {raw, value}, theta {raw, turns, signed}}, u, v,
//   u_q30, v_q30 (null: not valid)}, ensemble {valid, exponent, radius, seeds: array of {byte,
//   r_sevenths, r, theta_32nds, turns, signed, u, v, u_q30, v_q30}}
// Raw bits are hexadecimal text; a number that is not finite is null.
nlohmann::ordered_json WordJson(const TextWord& word, std::optional<Codec> codec);

// Whether a server could take the word in the format asked for; true when none was.
bool WordIsValid(const TextWord& word, std::optional<Codec> codec);

}  // namespace seedfed

#endif  // SEEDFED_CLI_INSPECT_WORD_REPORT_H_
