#include "cli/simulate/loopback.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"

namespace seedfed {
namespace {

absl::Status Unreachable() {
  return absl::UnavailableError(absl::StrCat(
      "the processes of a simulation cannot connect at 127.0.0.1: ", std::strerror(errno),
      "; is the loopback interface up ('ip link set lo up')?"));
}

}  // namespace

absl::Status CheckLoopback() {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (listener < 0) return Unreachable();
  const absl::Cleanup closing_listener = [listener] { close(listener); };
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  socklen_t size = sizeof(address);
  if (bind(listener, any, size) != 0 || listen(listener, 1) != 0 ||
      getsockname(listener, any, &size) != 0) {
    return Unreachable();
  }
  const int caller = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (caller < 0) return Unreachable();
  const absl::Cleanup closing_caller = [caller] { close(caller); };
  return connect(caller, any, size) == 0 ? absl::OkStatus() : Unreachable();
}

}  // namespace seedfed
