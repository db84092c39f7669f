#include "server/core/history.h"

#include <utility>

namespace seedfed {

std::shared_ptr<const RoundRecord> History::Append(RoundRecord record) {
  bytes_ += record.words.size();
  rounds_.push_back(std::make_shared<const RoundRecord>(std::move(record)));
  while (bytes_ > capacity_ && rounds_.size() > 1) {
    bytes_ -= rounds_.front()->words.size();
    rounds_.pop_front();
  }
  return rounds_.back();
}

std::vector<std::shared_ptr<const RoundRecord>> History::From(uint32_t first,
                                                              size_t most_bytes) const {
  std::vector<std::shared_ptr<const RoundRecord>> found;
  if (rounds_.empty() || first < rounds_.front()->round) return found;
  size_t bytes = 0;
  for (size_t i = first - rounds_.front()->round; i < rounds_.size(); ++i) {
    bytes += rounds_[i]->words.size();
    if (bytes > most_bytes && !found.empty()) break;
    found.push_back(rounds_[i]);
  }
  return found;
}

}  // namespace seedfed
