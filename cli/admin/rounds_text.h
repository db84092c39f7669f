#ifndef SEEDFED_CLI_ADMIN_ROUNDS_TEXT_H_
#define SEEDFED_CLI_ADMIN_ROUNDS_TEXT_H_

#include <string>

#include "absl/status/status.h"
#include "seedfed/v1/admin.pb.h"

namespace seedfed {

// Complete rounds as a table of at most 80 characters. Rows without an evaluation have a "-".
// `rounds` as CheckRounds takes it. Pure.
std::string RoundsText(const v1::Rounds& rounds);

// DataLoss when the columns of an answer are not of equal length.
absl::Status CheckRounds(const v1::Rounds& rounds);

}  // namespace seedfed

#endif  // SEEDFED_CLI_ADMIN_ROUNDS_TEXT_H_
