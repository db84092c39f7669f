#ifndef SEEDFED_SERVER_HTTP_SOURCE_H_
#define SEEDFED_SERVER_HTTP_SOURCE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "seedfed/v1/admin.pb.h"

namespace seedfed {

// What the HTTP server shows. Called on its executor only.
class Source {
 public:
  virtual ~Source() = default;

  virtual v1::Status GetStatus() = 0;
  virtual v1::ListClientsResponse GetClients(const v1::ListClientsRequest& request) = 0;
  // As ListRoundsRequest.
  virtual v1::Rounds GetRounds(uint32_t first, uint32_t last, uint32_t points) = 0;
  // The oldest events after `after` that are still there, at most `limit`; with `debug`, those of
  // level debug too.
  virtual std::vector<v1::Event> GetEvents(uint64_t after, size_t limit, bool debug) = 0;
  // The highest Event.id so far; 0: none.
  virtual uint64_t newest_event() = 0;
  // Grows with every change of the above.
  virtual uint64_t version() = 0;
  // Calls `changed` after changes until the handle that is returned goes away.
  virtual std::shared_ptr<void> Subscribe(std::function<void()> changed) = 0;

  // Prometheus' text exposition.
  virtual std::string GetMetrics() = 0;
};

}  // namespace seedfed

#endif  // SEEDFED_SERVER_HTTP_SOURCE_H_
