#ifndef SEEDFED_CLIENT_DRIVER_CLIENT_LOG_H_
#define SEEDFED_CLIENT_DRIVER_CLIENT_LOG_H_

#include <cstdint>
#include <optional>
#include <string>

#include "client/core/session_types.h"
#include "common/base/clock.h"
#include "common/log/repeat_limiter.h"

namespace seedfed {

// What a client writes to its log. A connection that comes and goes many times a minute is summed
// up. Not thread-safe.
class ClientLog {
 public:
  // `id` is the client's, for the lines' fields. `clock` must outlive this.
  ClientLog(std::string id, const Clock& clock);

  // Says what is still held back.
  ~ClientLog();

  ClientLog(const ClientLog&) = delete;
  ClientLog& operator=(const ClientLog&) = delete;

  void Note(const SessionNote& note);
  void Info(std::string text, std::optional<uint32_t> round = std::nullopt);

  // To be called now and then: writes the summaries that are due.
  void CatchUp();

 private:
  const std::string id_;
  const Clock& clock_;
  RepeatLimiter limiter_;
};

}  // namespace seedfed

#endif  // SEEDFED_CLIENT_DRIVER_CLIENT_LOG_H_
