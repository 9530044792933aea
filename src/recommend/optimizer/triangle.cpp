#include "recommend/optimizer/triangle.hpp"

namespace jobmedic::optimizer {

using Eigen::Index;
using Eigen::MatrixXd;

// Row k of L^-1 from those above it: (e_k - sum over m < k of L_km row_m) / L_kk.
void invert_factor(const MatrixXd& factor, MatrixXd& upper) {
  const Index n = factor.rows();
  upper.setZero(n, n);
  for (Index k = 0; k < n; ++k) {
    auto row = upper.col(k);
    Index m = 0;
    for (; m + 4 <= k; m += 4) {
      const Index length = m + 4;
      row.head(length) -= factor(k, m) * upper.col(m).head(length) + factor(k, m + 1) * upper.col(m + 1).head(length) +
                          factor(k, m + 2) * upper.col(m + 2).head(length) +
                          factor(k, m + 3) * upper.col(m + 3).head(length);
    }
    for (; m < k; ++m) row.head(m + 1) -= factor(k, m) * upper.col(m).head(m + 1);
    row[k] = 1;
    row.head(k + 1) /= factor(k, k);
  }
}

void multiply_transposed(const MatrixXd& upper, MatrixXd& product) {
  const Index n = upper.rows();
  product.setZero(n, n);
  for (Index j = 0; j < n; ++j) {
    auto column = product.col(j);
    Index k = j;
    for (; k + 4 <= n; k += 4) {
      const Index length = k + 4 - j;
      column.segment(j, length) +=
          upper(j, k) * upper.col(k).segment(j, length) + upper(j, k + 1) * upper.col(k + 1).segment(j, length) +
          upper(j, k + 2) * upper.col(k + 2).segment(j, length) + upper(j, k + 3) * upper.col(k + 3).segment(j, length);
    }
    for (; k < n; ++k) column.segment(j, k + 1 - j) += upper(j, k) * upper.col(k).segment(j, k + 1 - j);
  }
}

}  // namespace jobmedic::optimizer
