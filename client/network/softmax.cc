#include "client/network/softmax.h"

#include <algorithm>

namespace seedfed {

Exponentials Exponentiate(std::span<float> outputs) {
  const auto largest = std::max_element(outputs.begin(), outputs.end());
  Exponentials found = {static_cast<size_t>(largest - outputs.begin()), *largest, 0};
  for (float& value : outputs) found.total += value = std::exp(value - found.shift);
  return found;
}

}  // namespace seedfed
