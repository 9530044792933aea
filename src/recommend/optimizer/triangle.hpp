#pragma once
#include <Eigen/Core>

namespace jobmedic::optimizer {

/// Matrices of a few dozen rows: a general library's blocking costs more there than the arithmetic. All of it is sums
/// of columns, four at a time.

/// The transposed inverse of a lower triangular factor L, with zeros below its diagonal; of L the lower half is read.
void invert_factor(const Eigen::MatrixXd& factor, Eigen::MatrixXd& upper);
/// upper * upper^T, its lower half: with the above the inverse of L L^T.
void multiply_transposed(const Eigen::MatrixXd& upper, Eigen::MatrixXd& product);

}  // namespace jobmedic::optimizer
