#ifndef SEEDFED_CLIENT_NETWORK_SOFTMAX_H_
#define SEEDFED_CLIENT_NETWORK_SOFTMAX_H_

#include <cmath>
#include <cstddef>
#include <span>

namespace seedfed {

// What Exponentiate found out about one example's outputs.
struct Exponentials {
  size_t largest = 0;  // the first class with the largest output: the predicted one
  float shift = 0;     // that output
  float total = 0;     // sum of the exponentials, at least 1; not finite if an output is not
};

// Replaces the outputs (logits, at least one) by exp(output - largest output). Divided by the total
// they are the softmax: the probabilities of the classes. Pure, thread-safe.
Exponentials Exponentiate(std::span<float> outputs);

// The cross-entropy, in nats, of an example whose label had the output `logit` before Exponentiate.
inline float CrossEntropy(const Exponentials& exponentials, float logit) {
  return std::log(exponentials.total) - (logit - exponentials.shift);
}

}  // namespace seedfed

#endif  // SEEDFED_CLIENT_NETWORK_SOFTMAX_H_
