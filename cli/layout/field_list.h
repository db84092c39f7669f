#ifndef SEEDFED_CLI_LAYOUT_FIELD_LIST_H_
#define SEEDFED_CLI_LAYOUT_FIELD_LIST_H_

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace seedfed {

// Labelled lines, the texts beside each other:
//
//   State     collecting round 21 of 60
//   Members   10 trainers
//
// Labels and texts are without line ends. Not thread-safe.
class FieldList {
 public:
  // A label that is empty continues the field before.
  void Add(std::string label, std::string text);

  // Every line with its end of line. Texts are wrapped between words, but not between a number and
  // its unit, where a line would be longer than `width`; a word that is longer still stays whole.
  std::string Text(size_t width) const;

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

}  // namespace seedfed

#endif  // SEEDFED_CLI_LAYOUT_FIELD_LIST_H_
