#ifndef SEEDFED_TESTS_CLI_REPRODUCE_EXAMPLE_LAYER_H_
#define SEEDFED_TESTS_CLI_REPRODUCE_EXAMPLE_LAYER_H_

#include "cli/reproduce/trained_layer.h"

namespace seedfed {

// A layer without a data set: Gaussian numbers.
inline TrainedLayer ExampleLayer() {
  PhiloxStream random({5, 6}, 0, 0, 0);
  Target target = GaussianTarget(kTargetSide, kTargetSide, random);
  target.name = "Fashion-MNIST layer";
  return {std::move(target), 0.5};
}

}  // namespace seedfed

#endif  // SEEDFED_TESTS_CLI_REPRODUCE_EXAMPLE_LAYER_H_
