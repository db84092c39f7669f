#include "server/listen/open_connections.h"

#include <sys/stat.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/origin/origin.h"

namespace seedfed {
namespace {

namespace ip = boost::asio::ip;

// Looking takes a tenth of the time at most, however many connections are tried.
constexpr int kRest = 10;

}  // namespace

absl::Status OpenConnections::CheckRoom(const ip::address& address) {
  const absl::Duration now = clock_.Monotonic();
  if (sockets_.size() >= limits_.all && now >= look_again_) ForgetAllClosed();
  if (sockets_.size() >= limits_.all) {
    return absl::ResourceExhaustedError(
        absl::StrCat("the server has ", sockets_.size(), " connections, as many as it may have"));
  }
  auto origin = origins_.find(OriginOf(address));
  if (origin != origins_.end() && origin->second.descriptors.size() >= limits_.of_address &&
      now >= origin->second.look_again) {
    ForgetClosed(origin);
    origin = origins_.find(OriginOf(address));
  }
  if (origin == origins_.end()) return absl::OkStatus();
  const size_t open = origin->second.descriptors.size();
  if (open < limits_.of_address) return absl::OkStatus();
  return absl::ResourceExhaustedError(absl::StrCat(address.to_string(), " has ", open,
                                                   " connections, as many as an address may have"));
}

void OpenConnections::Add(const ip::address& address, int descriptor) {
  // A descriptor that comes again was closed.
  if (const auto old = sockets_.find(descriptor); old != sockets_.end()) Forget(old);
  struct stat now {};
  if (fstat(descriptor, &now) != 0) return;
  const auto origin = origins_.try_emplace(OriginOf(address)).first;
  origin->second.descriptors.insert(descriptor);
  sockets_.emplace(descriptor, Socket{now.st_ino, origin});
}

bool OpenConnections::IsOpen(int descriptor, const Socket& socket) const {
  struct stat now {};
  return fstat(descriptor, &now) == 0 && S_ISSOCK(now.st_mode) && now.st_ino == socket.inode;
}

void OpenConnections::Forget(std::unordered_map<int, Socket>::iterator socket) {
  const Origins::iterator origin = socket->second.origin;
  origin->second.descriptors.erase(socket->first);
  if (origin->second.descriptors.empty()) origins_.erase(origin);
  sockets_.erase(socket);
}

void OpenConnections::ForgetClosed(Origins::iterator origin) {
  const absl::Duration begin = clock_.Monotonic();
  std::vector<int> closed;
  for (const int descriptor : origin->second.descriptors) {
    if (!IsOpen(descriptor, sockets_.at(descriptor))) closed.push_back(descriptor);
  }
  const absl::Duration end = clock_.Monotonic();
  origin->second.look_again = end + kRest * (end - begin);
  for (const int descriptor : closed) Forget(sockets_.find(descriptor));
}

void OpenConnections::ForgetAllClosed() {
  const absl::Duration begin = clock_.Monotonic();
  for (auto socket = sockets_.begin(); socket != sockets_.end();) {
    const auto next = std::next(socket);
    if (!IsOpen(socket->first, socket->second)) Forget(socket);
    socket = next;
  }
  const absl::Duration end = clock_.Monotonic();
  look_again_ = end + kRest * (end - begin);
}

}  // namespace seedfed
