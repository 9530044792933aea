#include "recommend/optimizer/encoding.hpp"

#include <algorithm>
#include <cmath>

namespace jobmedic::optimizer {

double Encoding::encode_one(std::size_t i, double value) const {
  const Parameter& parameter = space_.parameters[i];
  if (categorical(i)) return value;
  if (parameter.min == parameter.max) return 0;
  if (parameter.log_scale) return std::log(value / parameter.min) / std::log(parameter.max / parameter.min);
  return (value - parameter.min) / (parameter.max - parameter.min);
}

double Encoding::decode_one(std::size_t i, double code) const {
  const Parameter& parameter = space_.parameters[i];
  if (categorical(i)) return space_.snap(i, code);
  const double share = std::clamp(code, 0.0, 1.0);
  if (parameter.log_scale) {
    return space_.snap(i, parameter.min * std::exp(share * std::log(parameter.max / parameter.min)));
  }
  return space_.snap(i, parameter.min + share * (parameter.max - parameter.min));
}

Eigen::VectorXd Encoding::encode(const Point& point) const {
  Eigen::VectorXd code(static_cast<Eigen::Index>(point.size()));
  for (std::size_t i = 0; i < point.size(); ++i) code[static_cast<Eigen::Index>(i)] = encode_one(i, point[i]);
  return code;
}

Point Encoding::decode(const Eigen::VectorXd& code) const {
  Point point(dimensions());
  for (std::size_t i = 0; i < point.size(); ++i) point[i] = decode_one(i, code[static_cast<Eigen::Index>(i)]);
  return point;
}

Point Encoding::from_uniform(const std::vector<double>& coordinates) const {
  Point point(dimensions());
  for (std::size_t i = 0; i < point.size(); ++i) {
    const double count = space_.levels(i);
    const bool even = count > 0 && !space_.parameters[i].log_scale;
    point[i] = even ? space_.level(i, std::floor(coordinates[i] * count)) : decode_one(i, coordinates[i]);
  }
  return point;
}

std::optional<double> Encoding::stepped(std::size_t i, double value, int count) const {
  const Parameter& parameter = space_.parameters[i];
  const double apart = space_.spacing(i);
  if (apart == 0) return std::nullopt;
  const double low = categorical(i) ? 0 : parameter.min;
  const double index = std::round((value - low) / apart) + count;
  if (index < 0 || index >= space_.levels(i)) return std::nullopt;
  return space_.level(i, index);
}

}  // namespace jobmedic::optimizer
