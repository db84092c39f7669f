#ifndef SEEDFED_CLI_PREDICT_SCORES_H_
#define SEEDFED_CLI_PREDICT_SCORES_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace seedfed {

// How predictions compare with labels. Not thread-safe.
class Scores {
 public:
  struct Class {
    uint64_t examples = 0;   // labelled so
    uint64_t predicted = 0;  // predicted so
    uint64_t correct = 0;    // both
  };

  // Classes up to which the confusion matrix is kept.
  static constexpr size_t kMostConfusion = 64;

  // `classes` is at least 1.
  explicit Scores(size_t classes)
      : classes_(classes), confusion_(classes <= kMostConfusion ? classes * classes : 0) {}

  // `label` and `predicted` are below the number of classes; `loss` is the example's cross-entropy,
  // nats.
  void Add(uint32_t label, uint32_t predicted, double loss);

  uint64_t examples() const { return examples_; }

  // Of at least one example.
  double accuracy() const { return static_cast<double>(correct_) / static_cast<double>(examples_); }
  double loss() const { return loss_ / static_cast<double>(examples_); }

  const std::vector<Class>& classes() const { return classes_; }

  // Whether there is a confusion matrix, and the examples of a label that were predicted as a
  // class.
  bool has_confusion() const { return !confusion_.empty(); }
  uint64_t confusion(size_t label, size_t predicted) const {
    return confusion_[label * classes_.size() + predicted];
  }

 private:
  uint64_t examples_ = 0;
  uint64_t correct_ = 0;
  double loss_ = 0;
  std::vector<Class> classes_;
  std::vector<uint64_t> confusion_;
};

}  // namespace seedfed

#endif  // SEEDFED_CLI_PREDICT_SCORES_H_
