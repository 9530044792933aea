#include "recommend/least_cost.hpp"

#include <algorithm>

namespace jobmedic::recommender {

double least_cost(const std::vector<Judged>& judged, const Prediction& unchanged) {
  struct Step {
    double cost, fails;
  };
  std::vector<Step> steps = {{1, unchanged.failure_probability}};
  for (const Judged& j : judged) steps.push_back({j.cost_ratio, j.prediction.failure_probability});
  std::sort(steps.begin(), steps.end(), [](const Step& a, const Step& b) { return a.cost < b.cost; });
  double fails = steps.front().fails;  // of the safest so far
  double paid = steps.front().cost;    // up to which cost is summed
  double mean = paid;
  for (const Step& step : steps) {
    if (step.fails >= fails) continue;
    mean += fails * (step.cost - paid);
    fails = step.fails;
    paid = step.cost;
  }
  return mean;
}

}  // namespace jobmedic::recommender
