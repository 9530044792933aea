#include "jobmedic/optimizer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "jobmedic/error.hpp"
#include "recommend/optimizer/propose.hpp"
#include "recommend/optimizer/surrogate.hpp"
#include "recommend/optimizer/untried.hpp"

namespace jobmedic {
namespace {

constexpr int default_initial_points = 6;
constexpr std::size_t anchor_count = 3;
// Asked for and never told: so many of the latest are believed in, however many a caller leaves open.
constexpr std::size_t most_believed = 64;

Space checked(Space space) {
  space.check();
  return space;
}

double checked_effort(double effort) {
  if (effort > 0 && effort <= 1) return effort;
  throw Error(Status::invalid_argument, fmt::format("effort: {} is not in (0, 1]", effort));
}

}  // namespace

struct Optimizer::Impl {
  Impl(Space given, const OptimizerOptions& options)
      : space(checked(std::move(given))),
        random(options.seed),
        effort(checked_effort(options.effort)),
        initial_points(
            static_cast<std::size_t>(options.initial_points > 0 ? options.initial_points : default_initial_points)) {}

  std::vector<Point> ask(std::size_t count);
  void tell(const Point& point, double value);
  [[nodiscard]] const Observation* best() const;

  std::optional<Point> next();
  void prepare_surrogate();
  [[nodiscard]] std::vector<Eigen::VectorXd> anchors() const;
  [[nodiscard]] Point again() const;
  void check(const Point& point) const;

  Space space;
  optimizer::Encoding encoding{space};
  optimizer::Constraints constraints{space};
  Random random;
  double effort;
  optimizer::Untried untried{encoding, constraints, random.next()};
  optimizer::Surrogate surrogate{encoding, effort};
  std::size_t initial_points;

  std::vector<Observation> observations;
  std::vector<Point> open;            // asked for, not told
  std::size_t finite = 0;             // observations that did not fail
  bool surrogate_is_current = false;  // knows all observations and believes in all open points
};

void Optimizer::Impl::prepare_surrogate() {
  if (surrogate_is_current) return;
  surrogate.condition(observations);
  const std::size_t skipped = open.size() - std::min(open.size(), most_believed);
  for (std::size_t i = skipped; i < open.size(); ++i) surrogate.believe(open[i]);
  surrogate_is_current = true;
}

std::vector<Eigen::VectorXd> Optimizer::Impl::anchors() const {
  std::vector<const Observation*> good;
  for (const auto& observation : observations) {
    if (std::isfinite(observation.value)) good.push_back(&observation);
  }
  const auto kept = static_cast<std::ptrdiff_t>(std::min(good.size(), anchor_count));
  std::partial_sort(good.begin(), good.begin() + kept, good.end(),
                    [](const Observation* a, const Observation* b) { return a->value < b->value; });
  std::vector<Eigen::VectorXd> codes;
  for (std::ptrdiff_t i = 0; i < kept; ++i) codes.push_back(encoding.encode(good[static_cast<std::size_t>(i)]->point));
  return codes;
}

std::optional<Point> Optimizer::Impl::next() {
  if (finite == 0 || observations.size() + open.size() < initial_points) return untried.evenly_spread();
  prepare_surrogate();
  const optimizer::Search search{encoding, constraints, anchors(),
                                 [this](const Point& point) { return untried.is_taken(point); }, effort};
  auto point = optimizer::propose(surrogate.acquisition(), search, random);
  return point ? point : untried.any();
}

// Nothing new is left: trying the best once more is what a noisy objective gains from.
Point Optimizer::Impl::again() const {
  if (const Observation* known = best()) return known->point;
  return constraints.any_feasible().value();  // there is one: the space was checked
}

std::vector<Point> Optimizer::Impl::ask(std::size_t count) {
  std::vector<Point> points;
  while (points.size() < count) {
    auto point = next();
    if (!point) break;
    untried.take(*point);
    open.push_back(*point);
    if (surrogate_is_current) surrogate.believe(*point);
    points.push_back(std::move(*point));
  }
  if (points.empty()) points.push_back(again());
  return points;
}

void Optimizer::Impl::check(const Point& point) const {
  if (point.size() != space.parameters.size()) {
    throw Error(Status::invalid_argument,
                fmt::format("the point has {} values, the space {} parameters", point.size(), space.parameters.size()));
  }
  for (std::size_t i = 0; i < point.size(); ++i) {
    const Parameter& parameter = space.parameters[i];
    const bool categorical = encoding.categorical(i);
    const bool inside =
        categorical ? space.snap(i, point[i]) == point[i] : point[i] >= parameter.min && point[i] <= parameter.max;
    if (!inside) {
      throw Error(Status::invalid_argument, fmt::format("{}: {} is out of bounds", parameter.name, point[i]));
    }
  }
}

void Optimizer::Impl::tell(const Point& point, double value) {
  check(point);
  observations.push_back({point, value});
  if (std::isfinite(value)) ++finite;
  untried.take(point);
  if (const auto asked = std::find(open.begin(), open.end(), point); asked != open.end()) open.erase(asked);
  surrogate_is_current = false;
}

const Observation* Optimizer::Impl::best() const {
  const Observation* least = nullptr;
  for (const auto& observation : observations) {
    if (std::isfinite(observation.value) && (least == nullptr || observation.value < least->value)) {
      least = &observation;
    }
  }
  return least;
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
  impl_->tell(point, value);
}

std::optional<Observation> Optimizer::best() const {
  const Observation* least = impl_->best();
  return least == nullptr ? std::nullopt : std::optional(*least);
}

std::span<const Observation> Optimizer::observations() const {
  return impl_->observations;
}

}  // namespace jobmedic
