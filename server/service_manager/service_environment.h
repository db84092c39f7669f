#ifndef SEEDFED_SERVER_SERVICE_MANAGER_SERVICE_ENVIRONMENT_H_
#define SEEDFED_SERVER_SERVICE_MANAGER_SERVICE_ENVIRONMENT_H_

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace seedfed {

// What a service manager (systemd: man sd_notify, man sd_watchdog_enabled) tells a service that it
// starts.
struct ServiceEnvironment {
  std::string notify_socket;  // path, or "@name" in the abstract namespace; empty: nobody listens
  absl::Duration watchdog;    // longest silence before the service is taken to hang; 0: no watchdog
};

// Reads NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID through `variable`, which returns null for
// one that is not set. A watchdog meant for another process than `process` is none.
// InvalidArgument for a value that is not one a service manager sets.
absl::StatusOr<ServiceEnvironment> ReadServiceEnvironment(
    const std::function<const char*(const char*)>& variable, int64_t process);

}  // namespace seedfed

#endif  // SEEDFED_SERVER_SERVICE_MANAGER_SERVICE_ENVIRONMENT_H_
