#ifndef SEEDFED_CLIENT_NETWORK_MATRIX_H_
#define SEEDFED_CLIENT_NETWORK_MATRIX_H_

#include <Eigen/Core>

namespace seedfed {

// One layer's weights or gradients, out x (in + 1): the last column is the bias. In the units of
// the network, not of the integer base.
using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

}  // namespace seedfed

#endif  // SEEDFED_CLIENT_NETWORK_MATRIX_H_
