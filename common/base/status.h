#ifndef SEEDFED_COMMON_BASE_STATUS_H_
#define SEEDFED_COMMON_BASE_STATUS_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

// Error policy: a broken invariant of our own is a CHECK; bad input and the environment's faults
// are an absl::Status whose message is one sentence for a person: the thing, its value, what was
// expected.

#define SEEDFED_RETURN_IF_ERROR(expression)                                                      \
  do {                                                                                           \
    if (absl::Status seedfed_status = (expression); !seedfed_status.ok()) return seedfed_status; \
  } while (false)

#define SEEDFED_CONCAT_INNER_(a, b) a##b
#define SEEDFED_CONCAT_(a, b) SEEDFED_CONCAT_INNER_(a, b)
#define SEEDFED_ASSIGN_OR_RETURN(lhs, expression) \
  SEEDFED_ASSIGN_OR_RETURN_IMPL_(SEEDFED_CONCAT_(seedfed_or_, __LINE__), lhs, expression)
#define SEEDFED_ASSIGN_OR_RETURN_IMPL_(result, lhs, expression) \
  auto result = (expression);                                   \
  if (!result.ok()) return result.status();                     \
  lhs = *std::move(result)

#endif  // SEEDFED_COMMON_BASE_STATUS_H_
