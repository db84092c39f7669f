#include "cli/predict/scores.h"

namespace seedfed {

void Scores::Add(uint32_t label, uint32_t predicted, double loss) {
  ++examples_;
  loss_ += loss;
  ++classes_[label].examples;
  ++classes_[predicted].predicted;
  if (label == predicted) {
    ++correct_;
    ++classes_[label].correct;
  }
  if (has_confusion()) ++confusion_[label * classes_.size() + predicted];
}

}  // namespace seedfed
