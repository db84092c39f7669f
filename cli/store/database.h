#ifndef SEEDFED_CLI_STORE_DATABASE_H_
#define SEEDFED_CLI_STORE_DATABASE_H_

#include <string>

#include "absl/status/statusor.h"

namespace seedfed {

// The database of a store named by its folder, or by the database file itself, such as a back-up.
// NotFound when there is none.
absl::StatusOr<std::string> FindDatabase(const std::string& store);

}  // namespace seedfed

#endif  // SEEDFED_CLI_STORE_DATABASE_H_
