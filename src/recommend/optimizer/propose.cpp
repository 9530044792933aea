#include "recommend/optimizer/propose.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "recommend/optimizer/effort.hpp"
#include "recommend/optimizer/quasi_newton.hpp"
#include "recommend/optimizer/sobol.hpp"

namespace jobmedic::optimizer {
namespace {

using Eigen::Index;
using Eigen::VectorXd;

// With this many levels or fewer a parameter is searched level by level, never as a continuum.
constexpr double few_levels = 12;
// A space with at most this many points is looked at whole; of others so many points are tried before the best
// `improved_starts` are improved.
constexpr double all_of = 200;
constexpr std::uint32_t spread_points = 100;
constexpr std::size_t around_points = 48;
constexpr std::size_t improved_starts = 4;
constexpr int improving_evaluations = 20;

struct Candidate {
  Point point;
  VectorXd code;
  double score = -std::numeric_limits<double>::infinity();
};

class Proposer {
 public:
  Proposer(const LogExpectedImprovement& acquisition, const Search& search, Random& random)
      : acquisition_(acquisition), search_(search), random_(random) {}

  std::optional<Point> best() {
    std::vector<Candidate> pool = starts();
    if (pool.empty()) return std::nullopt;
    score(pool);
    const std::size_t kept = std::min(pool.size(), part_of(improved_starts, search_.effort));
    std::partial_sort(pool.begin(), pool.begin() + static_cast<std::ptrdiff_t>(kept), pool.end(),
                      [](const Candidate& a, const Candidate& b) { return a.score > b.score; });
    Candidate winner = pool.front();
    for (std::size_t i = 0; i < kept; ++i) {
      const Candidate improved = along_levels(along_continua(pool[i]));
      if (improved.score > winner.score) winner = improved;
    }
    return winner.point;
  }

 private:
  // The candidate at a point, brought under the constraints; none where it cannot be or is taken. Not scored.
  [[nodiscard]] std::optional<Candidate> unscored(Point point) const {
    if (!search_.constraints.empty() && search_.constraints.violation(point) > 0) {
      auto repaired = search_.constraints.repaired(std::move(point));
      if (!repaired) return std::nullopt;
      point = std::move(*repaired);
    }
    if (search_.is_taken(point)) return std::nullopt;
    Candidate made{std::move(point), {}, 0};
    made.code = search_.encoding.encode(made.point);
    return made;
  }

  [[nodiscard]] std::optional<Candidate> candidate(Point point) const {
    auto made = unscored(std::move(point));
    if (made) made->score = acquisition_(made->code);
    return made;
  }

  void score(std::vector<Candidate>& pool) const {
    Eigen::MatrixXd codes(static_cast<Index>(search_.encoding.dimensions()), static_cast<Index>(pool.size()));
    for (std::size_t i = 0; i < pool.size(); ++i) codes.col(static_cast<Index>(i)) = pool[i].code;
    const VectorXd scores = acquisition_.of_all(codes);
    for (std::size_t i = 0; i < pool.size(); ++i) pool[i].score = scores[static_cast<Index>(i)];
  }

  std::vector<Candidate> starts() {
    std::vector<Candidate> pool;
    const auto add = [&](Point point) {
      if (auto made = unscored(std::move(point))) pool.push_back(std::move(*made));
    };
    const double size = search_.encoding.space().cardinality();
    if (size <= all_of * search_.effort) {
      for (std::uint64_t i = 0; i < static_cast<std::uint64_t>(size); ++i) add(search_.encoding.space().numbered(i));
      return pool;
    }
    const Sobol spread(search_.encoding.dimensions(), random_.next());
    for (std::uint32_t i = 0; i < part_of(spread_points, search_.effort); ++i)
      add(search_.encoding.from_uniform(spread.point(i)));
    for (std::size_t i = 0; i < part_of(around_points, search_.effort) && !search_.anchors.empty(); ++i) {
      add(search_.encoding.decode(around(search_.anchors[i % search_.anchors.size()])));
    }
    return pool;
  }

  // A few coordinates moved, near or far: most improvements on a good point change little of it.
  VectorXd around(VectorXd code) {
    const double width = std::pow(10.0, -0.5 - 2 * random_.uniform());
    const Index d = code.size();
    const Index moved = 1 + static_cast<Index>(random_.below(static_cast<std::uint64_t>(d)));
    for (Index k = 0; k < moved; ++k) {
      const auto i = static_cast<Index>(random_.below(static_cast<std::uint64_t>(d)));
      const auto levels = search_.encoding.space().levels(static_cast<std::size_t>(i));
      if (search_.encoding.categorical(static_cast<std::size_t>(i))) {
        code[i] = static_cast<double>(random_.below(static_cast<std::uint64_t>(levels)));
      } else {
        // At least one step, so that a coarse parameter moves at all.
        const double least = levels > 1 ? 0.7 / (levels - 1) : 0;
        code[i] = std::clamp(code[i] + std::max(width, least) * random_.normal(), 0.0, 1.0);
      }
    }
    return code;
  }

  [[nodiscard]] bool is_continuum(std::size_t i) const {
    const double levels = search_.encoding.space().levels(i);
    return !search_.encoding.categorical(i) && (levels == 0 || levels > few_levels);
  }

  Candidate along_continua(const Candidate& start) const {
    VectorXd low = start.code;
    VectorXd high = start.code;
    bool any = false;
    for (std::size_t i = 0; i < search_.encoding.dimensions(); ++i) {
      if (!is_continuum(i)) continue;
      low[static_cast<Index>(i)] = 0;
      high[static_cast<Index>(i)] = 1;
      any = true;
    }
    if (!any) return start;
    const auto objective = [&](const VectorXd& code, VectorXd& gradient) {
      if (!search_.constraints.empty() && search_.constraints.violation(search_.encoding.decode(code)) > 0) {
        return std::numeric_limits<double>::infinity();
      }
      const double value = -acquisition_(code, gradient);
      gradient = -gradient;
      return value;
    };
    const Minimum found = minimise(objective, start.code, low, high, {improving_evaluations, 1e-5});
    const auto made = candidate(search_.encoding.decode(found.x));
    return made && made->score > start.score ? *made : start;
  }

  // Single steps and other categories, taken as long as they gain.
  Candidate along_levels(Candidate now) const {
    int evaluations = 60;
    for (bool gained = true; gained && evaluations > 0;) {
      gained = false;
      for (std::size_t i = 0; i < now.point.size(); ++i) {
        if (search_.encoding.space().levels(i) <= 1) continue;
        for (const double value : neighbours(i, now.point[i])) {
          if (evaluations-- <= 0) return now;
          Point point = now.point;
          point[i] = value;
          const auto made = candidate(std::move(point));
          if (!made || made->score <= now.score) continue;
          now = *made;
          gained = true;
        }
      }
    }
    return now;
  }

  [[nodiscard]] std::vector<double> neighbours(std::size_t i, double value) const {
    std::vector<double> values;
    if (search_.encoding.categorical(i)) {
      const auto levels = static_cast<int>(search_.encoding.space().levels(i));
      for (int other = 0; other < levels; ++other) {
        if (other != value) values.push_back(other);
      }
      return values;
    }
    for (const int count : {-1, 1}) {
      if (const auto step = search_.encoding.stepped(i, value, count)) values.push_back(*step);
    }
    return values;
  }

  const LogExpectedImprovement& acquisition_;
  const Search& search_;
  Random& random_;
};

}  // namespace

std::optional<Point> propose(const LogExpectedImprovement& acquisition, const Search& search, Random& random) {
  return Proposer(acquisition, search, random).best();
}

}  // namespace jobmedic::optimizer
