#ifndef SEEDFED_SERVER_CORE_HISTORY_H_
#define SEEDFED_SERVER_CORE_HISTORY_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "server/core/records.h"

namespace seedfed {

// The last complete rounds, as many as fit in `capacity` bytes of words (at least one). Not
// thread-safe.
class History {
 public:
  explicit History(size_t capacity) : capacity_(capacity) {}

  // `record` must follow the newest one. Returns it.
  std::shared_ptr<const RoundRecord> Append(RoundRecord record);

  // Rounds first, first + 1, ... in order, as many as fit in `most_bytes` of words (at least one);
  // empty when `first` is no longer, or not yet, here.
  std::vector<std::shared_ptr<const RoundRecord>> From(uint32_t first, size_t most_bytes) const;

 private:
  size_t capacity_;
  size_t bytes_ = 0;
  std::deque<std::shared_ptr<const RoundRecord>> rounds_;
};

}  // namespace seedfed

#endif  // SEEDFED_SERVER_CORE_HISTORY_H_
