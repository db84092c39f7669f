#ifndef SEEDFED_CLI_INSPECT_STATISTICS_H_
#define SEEDFED_CLI_INSPECT_STATISTICS_H_

#include <cstdint>

namespace seedfed {

// Smallest, largest, mean and standard deviation (of the whole set, not of a sample) of finite
// numbers. Source of the running sums: Welford, "Note on a method for calculating corrected sums of
// squares and products", Technometrics 1962. Not thread-safe.
class Statistics {
 public:
  void Add(double value);

  uint64_t count() const { return count_; }

  // 0 without numbers.
  double min() const { return min_; }
  double max() const { return max_; }
  double mean() const { return mean_; }
  double stddev() const;

 private:
  uint64_t count_ = 0;
  double min_ = 0;
  double max_ = 0;
  double mean_ = 0;
  double squares_ = 0;  // sum of the squared distances from the mean
};

}  // namespace seedfed

#endif  // SEEDFED_CLI_INSPECT_STATISTICS_H_
