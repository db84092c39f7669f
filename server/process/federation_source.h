#ifndef SEEDFED_SERVER_PROCESS_FEDERATION_SOURCE_H_
#define SEEDFED_SERVER_PROCESS_FEDERATION_SOURCE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "server/http/source.h"
#include "server/metrics/metrics.h"
#include "server/runtime/runtime.h"

namespace seedfed {

// What the HTTP server shows of a runtime. On the runtime's executor.
class FederationSource : public Source {
 public:
  // Both must outlive this.
  FederationSource(Runtime& runtime, const Metrics& metrics)
      : runtime_(runtime), metrics_(metrics) {}

  v1::Status GetStatus() override;
  v1::ListClientsResponse GetClients(const v1::ListClientsRequest& request) override;
  v1::Rounds GetRounds(uint32_t first, uint32_t last, uint32_t points) override;
  std::vector<v1::Event> GetEvents(uint64_t after, size_t limit, bool debug) override;
  uint64_t newest_event() override { return runtime_.monitor().last_event(); }
  uint64_t version() override { return runtime_.monitor().version(); }
  std::shared_ptr<void> Subscribe(std::function<void()> changed) override;
  std::string GetMetrics() override;

 private:
  Runtime& runtime_;
  const Metrics& metrics_;
};

}  // namespace seedfed

#endif  // SEEDFED_SERVER_PROCESS_FEDERATION_SOURCE_H_
