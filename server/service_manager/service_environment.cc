#include "server/service_manager/service_environment.h"

#include <sys/un.h>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace seedfed {
namespace {

constexpr size_t kLongestPath = sizeof(sockaddr_un::sun_path) - 1;

}  // namespace

absl::StatusOr<ServiceEnvironment> ReadServiceEnvironment(
    const std::function<const char*(const char*)>& variable, int64_t process) {
  ServiceEnvironment environment;
  const char* const socket = variable("NOTIFY_SOCKET");
  if (socket == nullptr || *socket == '\0') return environment;
  environment.notify_socket = socket;
  if ((*socket != '/' && *socket != '@') || environment.notify_socket.size() > kLongestPath) {
    return absl::InvalidArgumentError(absl::StrCat(
        "NOTIFY_SOCKET is '", socket,
        "'; expected the absolute path of a unix socket, or @ and its abstract name, of at most ",
        kLongestPath, " bytes"));
  }

  const char* const interval = variable("WATCHDOG_USEC");
  if (interval == nullptr) return environment;
  int64_t meant = process;
  if (const char* const text = variable("WATCHDOG_PID");
      text != nullptr && !absl::SimpleAtoi(text, &meant)) {
    return absl::InvalidArgumentError(
        absl::StrCat("WATCHDOG_PID is '", text, "'; expected the number of a process"));
  }
  if (meant != process) return environment;
  int64_t microseconds = 0;
  if (!absl::SimpleAtoi(interval, &microseconds) || microseconds <= 0) {
    return absl::InvalidArgumentError(absl::StrCat("WATCHDOG_USEC is '", interval,
                                                   "'; expected a number of microseconds above 0"));
  }
  environment.watchdog = absl::Microseconds(microseconds);
  return environment;
}

}  // namespace seedfed
