#ifndef SEEDFED_TESTS_FAULT_HISTORY_H_
#define SEEDFED_TESTS_FAULT_HISTORY_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"

namespace seedfed {

// Makes a store in a new folder with the history of a long federation of a model such as 784-32-10:
// in every round an update of each client, dropped again when the round ends, and models stored as
// a server with default settings does. The bytes of its words history.
absl::StatusOr<size_t> MakeHistory(const std::string& folder, const std::string& sizes,
                                   uint32_t rounds, uint32_t clients);

}  // namespace seedfed

#endif  // SEEDFED_TESTS_FAULT_HISTORY_H_
