#ifndef SEEDFED_SERVER_CONFIG_NEAREST_H_
#define SEEDFED_SERVER_CONFIG_NEAREST_H_

#include <span>
#include <string>

#include "absl/strings/string_view.h"

namespace seedfed {

// The one of `words` that `typed` was probably meant to be: at most a third of the letters of the
// longer of the two are inserted, dropped or replaced, or two neighbours swapped. Empty when there
// is none.
std::string NearestWord(absl::string_view typed, std::span<const absl::string_view> words);

}  // namespace seedfed

#endif  // SEEDFED_SERVER_CONFIG_NEAREST_H_
