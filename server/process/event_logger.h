#ifndef SEEDFED_SERVER_PROCESS_EVENT_LOGGER_H_
#define SEEDFED_SERVER_PROCESS_EVENT_LOGGER_H_

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <vector>

#include "common/base/clock.h"
#include "common/log/log_entry.h"
#include "common/log/repeat_limiter.h"
#include "server/core/event.h"

namespace seedfed {

// The event as a line of the log, with its round, client, kind and reason.
LogEntry ToLogEntry(const Event& event);

// Writes events to the log. What a client can repeat at will (refused and late updates, joining) is
// limited, so that no client fills the disk with lines. All calls on the executor.
class EventLogger {
 public:
  // `executor` is a strand; `clock` must outlive this.
  EventLogger(const boost::asio::any_io_executor& executor, const Clock& clock,
              RepeatLimiter::Limits limits = {});

  void Write(const Event& event);

  // Writes what is still held back.
  void Flush();

 private:
  void ArmTimer();

  const Clock& clock_;
  RepeatLimiter limiter_;
  boost::asio::steady_timer timer_;
  bool armed_ = false;
};

}  // namespace seedfed

#endif  // SEEDFED_SERVER_PROCESS_EVENT_LOGGER_H_
