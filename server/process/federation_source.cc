#include "server/process/federation_source.h"

#include <utility>

namespace seedfed {

v1::Status FederationSource::GetStatus() {
  const Clock& clock = runtime_.clock();
  return runtime_.monitor().Status(runtime_.core(), clock.Monotonic(), clock.Wall());
}

v1::ListClientsResponse FederationSource::GetClients(const v1::ListClientsRequest& request) {
  return runtime_.monitor().Clients(request, runtime_.core(), runtime_.clock().Monotonic());
}

v1::Rounds FederationSource::GetRounds(uint32_t first, uint32_t last, uint32_t points) {
  return runtime_.monitor().Rounds(first, last, points, runtime_.core());
}

std::vector<v1::Event> FederationSource::GetEvents(uint64_t after, size_t limit, bool debug) {
  return runtime_.monitor().Events(after, limit, debug);
}

std::shared_ptr<void> FederationSource::Subscribe(std::function<void()> changed) {
  return runtime_.Subscribe(std::move(changed));
}

std::string FederationSource::GetMetrics() {
  return metrics_.Expose(GetStatus(), runtime_.queued_writes());
}

}  // namespace seedfed
