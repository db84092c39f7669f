#ifndef SEEDFED_COMMON_LOG_REPEAT_LIMITER_H_
#define SEEDFED_COMMON_LOG_REPEAT_LIMITER_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "common/log/log_entry.h"

namespace seedfed {

// Keeps entries that repeat from filling a log. Entries are alike when kind, client and reason are
// equal. Of alike entries the first few in an interval pass; the others are counted, and at the
// interval's end one line says the last of them and how many there were. While they go on, that
// line is all that is written, once an interval. All entries of one kind together have a limit too,
// so that a thousand clients at once write no more than a few. Memory is bounded. Pure: time is an
// argument that never decreases. Not thread-safe.
class RepeatLimiter {
 public:
  struct Limits {
    uint32_t alike = 5;       // that pass in an interval
    uint32_t of_a_kind = 20;  // that pass in an interval, at least `alike`
    absl::Duration interval =
        absl::Seconds(10);  // whole seconds, from the first entry of a kind on
  };

  explicit RepeatLimiter(Limits limits) : limits_(limits) {}

  // What to write now, in order: what Due says, then `entry` if it passes.
  std::vector<LogEntry> Pass(LogEntry entry, absl::Duration now);

  // The summaries of the intervals that have ended.
  std::vector<LogEntry> Due(absl::Duration now);

  // All summaries, also of intervals that go on: for the end of a program.
  std::vector<LogEntry> Flush();

  // When Due will have something to say; absl::InfiniteDuration() if nothing is held back.
  absl::Duration NextDue() const;

 private:
  struct Alike {
    uint32_t passed = 0;
    bool repeating = false;  // more than passed in the interval before
    uint64_t held = 0;
    LogEntry last;  // held back
  };
  struct Kind {
    absl::Duration end;  // of the interval
    uint32_t passed = 0;
    uint64_t held = 0;        // of all
    uint64_t held_other = 0;  // of those that are too many to be told apart
    LogEntry last_other;
    std::map<std::pair<std::string, std::string>, Alike> alike;  // by client and reason
  };

  void Summarise(Kind& kind, std::vector<LogEntry>& out) const;

  const Limits limits_;
  std::map<std::string, Kind> kinds_;
};

}  // namespace seedfed

#endif  // SEEDFED_COMMON_LOG_REPEAT_LIMITER_H_
