#include "recommend/optimizer/encoding.hpp"

#include <algorithm>
#include <cmath>

namespace jobmedic::optimizer {

double Encoding::step(std::size_t i) const {
  const Parameter& parameter = space_.parameters[i];
  if (parameter.type == ParameterType::real) return parameter.step;
  return parameter.type == ParameterType::integer && parameter.step > 0 ? parameter.step : 1;
}

double Encoding::levels(std::size_t i) const {
  const Parameter& parameter = space_.parameters[i];
  if (categorical(i)) return static_cast<double>(parameter.values.size());
  if (parameter.min == parameter.max) return 1;
  return step(i) == 0 ? 0 : std::floor((parameter.max - parameter.min) / step(i) + 1e-9) + 1;
}

double Encoding::cardinality() const {
  double product = 1;
  for (std::size_t i = 0; i < dimensions(); ++i) {
    const double count = levels(i);
    product *= count == 0 ? HUGE_VAL : count;
  }
  return product;
}

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
    const double count = levels(i);
    const bool even = count > 0 && !space_.parameters[i].log_scale;
    point[i] = even ? level(i, std::floor(coordinates[i] * count)) : decode_one(i, coordinates[i]);
  }
  return point;
}

Point Encoding::numbered(std::uint64_t number) const {
  Point point(dimensions());
  for (std::size_t i = 0; i < point.size(); ++i) {
    const auto count = static_cast<std::uint64_t>(levels(i));
    point[i] = level(i, static_cast<double>(number % count));
    number /= count;
  }
  return point;
}

double Encoding::level(std::size_t i, double index) const {
  return categorical(i) ? index : space_.snap(i, space_.parameters[i].min + index * step(i));
}

std::optional<double> Encoding::stepped(std::size_t i, double value, int count) const {
  const Parameter& parameter = space_.parameters[i];
  if (step(i) == 0) return std::nullopt;
  const double low = categorical(i) ? 0 : parameter.min;
  const double index = std::round((value - low) / step(i)) + count;
  if (index < 0 || index >= levels(i)) return std::nullopt;
  return level(i, index);
}

}  // namespace jobmedic::optimizer
