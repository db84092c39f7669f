#ifndef SEEDFED_SERVER_PROCESS_OUTPUT_FILE_H_
#define SEEDFED_SERVER_PROCESS_OUTPUT_FILE_H_

#include <string>

#include "absl/status/status.h"

namespace seedfed {

// Writes `bytes` to `path` so that a reader finds the whole of them or what was there before.
// Unavailable, with the path, when that cannot be done.
absl::Status WriteOutputFile(const std::string& path, const std::string& bytes);

}  // namespace seedfed

#endif  // SEEDFED_SERVER_PROCESS_OUTPUT_FILE_H_
