#ifndef SEEDFED_SERVER_MONITOR_ROUND_SERIES_H_
#define SEEDFED_SERVER_MONITOR_ROUND_SERIES_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include "server/core/records.h"

namespace seedfed {

// The history of complete rounds, for plots, in bounded memory: a row for each round at first, and
// for each 2, 4, 8 ... rounds when they become many. The newest rounds also stay one by one. Not
// thread-safe.
class RoundSeries {
 public:
  // Consecutive rounds; sums over them, but for what is named otherwise.
  struct Row {
    uint32_t last_round = 0;  // number of the last one
    uint32_t rounds = 0;
    double training_loss = 0;
    double updates = 0;
    double late = 0;
    double refused = 0;
    double seconds = 0;
    double bytes_up = 0;
    // Evaluations: sums of accuracy and loss weighted with the examples.
    uint32_t evaluated_round = 0;  // the last one that was evaluated; 0: none
    double examples = 0;
    double accuracy = 0;
    double loss = 0;

    // Of this row and the one after it.
    void Merge(const Row& next);
  };

  // At most `most_rows` rows and `recent` rounds one by one.
  explicit RoundSeries(size_t most_rows = size_t{1} << 16, size_t recent = 1024)
      : most_rows_(most_rows), most_recent_(recent) {}

  // `round` must follow the last one. Its words are not read.
  void Append(const RoundRecord& round);

  void CountLate(uint32_t round);
  void CountRefused();  // in the open round
  void Evaluated(const EvaluationRecord& evaluation);

  uint32_t last_round() const { return rows_.empty() ? 0 : rows_.back().last_round; }

  // The rows that cover rounds first to last, merged so that there are at most `points` (at least
  // 1).
  std::vector<Row> Rows(uint32_t first, uint32_t last, size_t points) const;

  // Rounds in a full row of Rows(first, last, points).
  uint32_t Stride(uint32_t first, uint32_t last, size_t points) const;

 private:
  struct Source {
    bool recent = false;
    size_t begin = 0, end = 0;  // indices
    uint32_t stride = 1;        // rounds in a row
    size_t group = 1;           // rows that become one
  };
  Source Find(uint32_t first, uint32_t last, size_t points) const;

  template <typename Change>
  void ChangeRowsOf(uint32_t round, const Change& change);

  const size_t most_rows_, most_recent_;
  uint32_t stride_ = 1;    // rounds in a full row
  std::vector<Row> rows_;  // of stride_ rounds, the last one perhaps of fewer
  std::deque<Row> recent_;
  double open_late_ = 0;  // of the open round
  double open_refused_ = 0;
};

}  // namespace seedfed

#endif  // SEEDFED_SERVER_MONITOR_ROUND_SERIES_H_
