#ifndef SEEDFED_CLI_SIMULATE_LOOPBACK_H_
#define SEEDFED_CLI_SIMULATE_LOOPBACK_H_

#include "absl/status/status.h"

namespace seedfed {

// Whether processes of this machine can connect to each other at 127.0.0.1: not in a container or
// network namespace whose loopback interface is down. Unavailable with what to do.
absl::Status CheckLoopback();

}  // namespace seedfed

#endif  // SEEDFED_CLI_SIMULATE_LOOPBACK_H_
