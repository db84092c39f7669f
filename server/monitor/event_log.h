#ifndef SEEDFED_SERVER_MONITOR_EVENT_LOG_H_
#define SEEDFED_SERVER_MONITOR_EVENT_LOG_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include "absl/time/time.h"
#include "seedfed/v1/admin.pb.h"
#include "server/core/event.h"

namespace seedfed {

// The newest events, numbered from 1. Those of level debug (a line for every update) are kept
// apart, so that they do not push out the others. Not thread-safe.
class EventLog {
 public:
  // At most so many of level debug, and so many of all other levels.
  explicit EventLog(size_t most = 4096) : most_(most) {}

  void Add(const Event& event, absl::Time time);

  // The events with a number above `after`, in order, the first `limit` of them.
  std::vector<v1::Event> After(uint64_t after, size_t limit, bool debug) const;

  // How many of all events so far After(after, ..., debug) leaves out: those up to `after`, and
  // those that were dropped. When it grows by more than was read, events were missed.
  uint64_t LeftOut(uint64_t after, bool debug) const;

  // The number of the newest event; 0: none yet.
  uint64_t last() const { return last_; }

 private:
  struct Entry {
    uint64_t id;
    absl::Time time;
    Event event;
  };
  using Entries = std::deque<Entry>;

  // The first entry with a number above `after`.
  static Entries::const_iterator Above(const Entries& entries, uint64_t after);

  const size_t most_;
  uint64_t last_ = 0;
  uint64_t debug_events_ = 0;  // of last_
  Entries notable_, debug_;
};

}  // namespace seedfed

#endif  // SEEDFED_SERVER_MONITOR_EVENT_LOG_H_
