#include "server/monitor/round_series.h"

#include <algorithm>
#include <utility>

namespace seedfed {

void RoundSeries::Row::Merge(const Row& next) {
  last_round = next.last_round;
  rounds += next.rounds;
  training_loss += next.training_loss;
  updates += next.updates;
  late += next.late;
  refused += next.refused;
  seconds += next.seconds;
  bytes_up += next.bytes_up;
  evaluated_round = std::max(evaluated_round, next.evaluated_round);
  examples += next.examples;
  accuracy += next.accuracy;
  loss += next.loss;
}

void RoundSeries::Append(const RoundRecord& round) {
  const Row row = {.last_round = round.round,
                   .rounds = 1,
                   .training_loss = round.training_loss,
                   .updates = static_cast<double>(round.updates),
                   .late = std::exchange(open_late_, 0),
                   .refused = std::exchange(open_refused_, 0),
                   .seconds = round.duration_ms / 1000.0,
                   .bytes_up = static_cast<double>(round.bytes_up)};
  recent_.push_back(row);
  if (recent_.size() > most_recent_) recent_.pop_front();

  if (!rows_.empty() && rows_.back().rounds < stride_) {
    rows_.back().Merge(row);
    return;
  }
  if (rows_.size() == most_rows_) {
    for (size_t i = 0; i + 1 < rows_.size(); i += 2) {
      rows_[i].Merge(rows_[i + 1]);
      rows_[i / 2] = rows_[i];
    }
    rows_.resize(rows_.size() / 2);
    stride_ *= 2;
  }
  rows_.push_back(row);
}

template <typename Change>
void RoundSeries::ChangeRowsOf(uint32_t round, const Change& change) {
  if (round == 0 || round > last_round()) return;
  change(rows_[(round - 1) / stride_]);
  if (const uint32_t oldest = recent_.front().last_round; round >= oldest) {
    change(recent_[round - oldest]);
  }
}

void RoundSeries::CountLate(uint32_t round) {
  if (round > last_round()) {
    ++open_late_;
  } else {
    ChangeRowsOf(round, [](Row& row) { ++row.late; });
  }
}

void RoundSeries::CountRefused() { ++open_refused_; }

void RoundSeries::Evaluated(const EvaluationRecord& evaluation) {
  ChangeRowsOf(evaluation.round, [&evaluation](Row& row) {
    row.evaluated_round = std::max(row.evaluated_round, evaluation.round);
    row.examples += evaluation.examples;
    row.accuracy += evaluation.accuracy * evaluation.examples;
    row.loss += evaluation.loss * evaluation.examples;
  });
}

RoundSeries::Source RoundSeries::Find(uint32_t first, uint32_t last, size_t points) const {
  first = std::max(first, 1U);
  last = std::min(last, last_round());
  if (first > last) return {};
  Source source;
  source.recent = first >= recent_.front().last_round;
  if (source.recent) {
    source.begin = first - recent_.front().last_round;
    source.end = last - recent_.front().last_round + 1;
  } else {
    source.stride = stride_;
    source.begin = (first - 1) / stride_;
    source.end = (last - 1) / stride_ + 1;
  }
  const size_t count = source.end - source.begin;
  points = std::max<size_t>(points, 1);
  source.group = (count + points - 1) / points;
  return source;
}

uint32_t RoundSeries::Stride(uint32_t first, uint32_t last, size_t points) const {
  const Source source = Find(first, last, points);
  return static_cast<uint32_t>(source.stride * source.group);
}

std::vector<RoundSeries::Row> RoundSeries::Rows(uint32_t first, uint32_t last,
                                                size_t points) const {
  const Source source = Find(first, last, points);
  std::vector<Row> result;
  for (size_t i = source.begin; i < source.end; ++i) {
    const Row& row = source.recent ? recent_[i] : rows_[i];
    if ((i - source.begin) % source.group == 0) {
      result.push_back(row);
    } else {
      result.back().Merge(row);
    }
  }
  return result;
}

}  // namespace seedfed
