#include "jobmedic/optimizer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "jobmedic/error.hpp"
#include "recommend/optimizer/fit.hpp"
#include "recommend/optimizer/propose.hpp"
#include "recommend/optimizer/sobol.hpp"
#include "recommend/optimizer/warp.hpp"

namespace jobmedic {
using optimizer::Constraints;
using optimizer::Data;
using optimizer::Encoding;
using optimizer::GaussianProcess;
using optimizer::Hyperparameters;

struct Optimizer::Impl {
  Impl(Space given, const OptimizerOptions& options)
      : space(std::move(given)), random(options.seed), sobol(space.parameters.size(), random.next()) {
    space.check();
    const int dimensions = static_cast<int>(space.parameters.size());
    initial_points = options.initial_points > 0 ? options.initial_points : std::clamp(dimensions + 2, 4, 20);
    for (int i = 0; i < dimensions; ++i) categorical.push_back(encoding.categorical(static_cast<std::size_t>(i)));
    hyperparameters = optimizer::prior_mode(dimensions);
  }

  [[nodiscard]] bool is_taken(const Point& point) const { return told.contains(point) || pending.contains(point); }

  std::vector<Point> ask(std::size_t count);
  std::optional<Point> from_design();
  std::optional<Point> any_free();
  std::optional<Point> first_free_on_grid() const;
  void refit();
  [[nodiscard]] Data data() const;
  [[nodiscard]] std::vector<Eigen::VectorXd> anchors() const;

  Space space;
  Encoding encoding{space};
  Constraints constraints{space};
  optimizer::Random random;
  optimizer::Sobol sobol;
  int initial_points = 0;
  std::uint32_t designed = 0;
  std::vector<bool> categorical;

  std::vector<Observation> observations;
  std::size_t finite = 0;
  std::set<Point> told;
  std::set<Point> pending;
  Hyperparameters hyperparameters;
  std::size_t fitted_to = 0;
};

std::optional<Point> Optimizer::Impl::from_design() {
  constexpr int tries = 50;
  for (int i = 0; i < tries; ++i) {
    auto point = constraints.repaired(encoding.from_uniform(sobol.point(designed++)));
    if (point && !is_taken(*point)) return point;
  }
  return any_free();
}

std::optional<Point> Optimizer::Impl::any_free() {
  constexpr int tries = 200;
  for (int i = 0; i < tries; ++i) {
    std::vector<double> coordinates(encoding.dimensions());
    for (double& coordinate : coordinates) coordinate = random.uniform();
    auto point = constraints.repaired(encoding.from_uniform(coordinates));
    if (point && !is_taken(*point)) return point;
  }
  return first_free_on_grid();
}

// The last resort in small spaces: every point in turn.
std::optional<Point> Optimizer::Impl::first_free_on_grid() const {
  constexpr double most = 1e5;
  if (encoding.cardinality() > most) return std::nullopt;
  std::vector<double> index(encoding.dimensions(), 0);
  for (;;) {
    Point point(index.size());
    for (std::size_t i = 0; i < index.size(); ++i) point[i] = encoding.level(i, index[i]);
    if (constraints.violation(point) == 0 && !is_taken(point)) return point;
    std::size_t i = 0;
    while (i < index.size() && ++index[i] >= encoding.levels(i)) index[i++] = 0;
    if (i == index.size()) return std::nullopt;
  }
}

Data Optimizer::Impl::data() const {
  std::vector<double> values;
  Data made;
  made.points.resize(static_cast<Eigen::Index>(observations.size()),
                     static_cast<Eigen::Index>(space.parameters.size()));
  for (std::size_t i = 0; i < observations.size(); ++i) {
    made.points.row(static_cast<Eigen::Index>(i)) = encoding.encode(observations[i].point).transpose();
    values.push_back(observations[i].value);
  }
  made.values = optimizer::warped(values);
  made.categorical = categorical;
  return made;
}

std::vector<Eigen::VectorXd> Optimizer::Impl::anchors() const {
  std::vector<std::size_t> order(observations.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::erase_if(order, [&](std::size_t i) { return !std::isfinite(observations[i].value); });
  const std::size_t kept = std::min<std::size_t>(order.size(), 3);
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(kept), order.end(),
                    [&](std::size_t a, std::size_t b) { return observations[a].value < observations[b].value; });
  std::vector<Eigen::VectorXd> codes;
  for (std::size_t i = 0; i < kept; ++i) codes.push_back(encoding.encode(observations[order[i]].point));
  return codes;
}

void Optimizer::Impl::refit() {
  if (fitted_to == observations.size()) return;
  const Data now = data();
  const bool anew = fitted_to == 0 || observations.size() % 5 == 0;
  auto best = optimizer::fit(now, hyperparameters, 6);
  if (anew) {
    const auto other =
        optimizer::fit(now, optimizer::prior_mode(static_cast<Eigen::Index>(space.parameters.size())), 20);
    if (other.value < best.value) best = other;
  }
  hyperparameters = best.hyperparameters;
  fitted_to = observations.size();
}

std::vector<Point> Optimizer::Impl::ask(std::size_t count) {
  std::vector<Point> points;
  std::optional<GaussianProcess> process;
  while (points.size() < count) {
    std::optional<Point> next;
    if (finite == 0 || observations.size() + pending.size() < static_cast<std::size_t>(initial_points)) {
      next = from_design();
    } else {
      if (!process) {
        refit();
        process.emplace(data(), hyperparameters);
        for (const Point& point : pending) {
          const auto code = encoding.encode(point);
          process->append(code, process->posterior(code).mean);
        }
      }
      const double best = process->smoothed().minCoeff();
      const optimizer::Search search{encoding, constraints, anchors(),
                                     [this](const Point& point) { return is_taken(point); }};
      next = optimizer::propose({*process, best}, search, random);
      if (!next) next = any_free();
      if (next) {
        const auto code = encoding.encode(*next);
        process->append(code, process->posterior(code).mean);
      }
    }
    if (!next) break;
    pending.insert(*next);
    points.push_back(*next);
  }
  if (points.empty() && !observations.empty()) points.push_back(observations.front().point);
  return points;
}

Optimizer::Optimizer(Space space, const OptimizerOptions& options)
    : impl_(std::make_unique<Impl>(std::move(space), options)) {}
Optimizer::Optimizer(Optimizer&&) noexcept = default;
Optimizer& Optimizer::operator=(Optimizer&&) noexcept = default;
Optimizer::~Optimizer() = default;

std::vector<Point> Optimizer::ask(std::size_t count) {
  return impl_->ask(count);
}

void Optimizer::tell(const Point& point, double value) {
  if (point.size() != impl_->space.parameters.size()) {
    throw Error(Status::invalid_argument, fmt::format("the point has {} values, the space {} parameters", point.size(),
                                                      impl_->space.parameters.size()));
  }
  for (std::size_t i = 0; i < point.size(); ++i) {
    const Parameter& parameter = impl_->space.parameters[i];
    const double last =
        parameter.type == ParameterType::categorical ? static_cast<double>(parameter.values.size()) - 1 : parameter.max;
    if (point[i] >= (parameter.type == ParameterType::categorical ? 0 : parameter.min) && point[i] <= last) continue;
    throw Error(Status::invalid_argument, fmt::format("{}: {} is out of bounds", parameter.name, point[i]));
  }
  impl_->observations.push_back({point, value});
  if (std::isfinite(value)) ++impl_->finite;
  impl_->told.insert(point);
  impl_->pending.erase(point);
}

std::optional<Observation> Optimizer::best() const {
  const Observation* best = nullptr;
  for (const auto& observation : impl_->observations) {
    if (std::isfinite(observation.value) && (best == nullptr || observation.value < best->value)) best = &observation;
  }
  if (best == nullptr) return std::nullopt;
  return *best;
}

std::span<const Observation> Optimizer::observations() const {
  return impl_->observations;
}

}  // namespace jobmedic
