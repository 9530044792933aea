#include "recommend/model/retries.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>

namespace jobmedic::model {
namespace {

using Kind = std::pair<std::string_view, std::string_view>;

Kind kind_of(const Attempt& failed, std::string_view rule) {
  const auto label = failed.labels.find("failure");
  const bool told = rule.empty() && label != failed.labels.end();
  return {rule, told ? std::string_view(label->second) : std::string_view()};
}

bool same(const Point& a, const Point& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](double x, double y) { return x == y || (std::isnan(x) && std::isnan(y)); });
}

const PastRun* try_before(const Attempt& retry, std::span<const PastRun> past) {
  const auto found = std::find_if(past.begin(), past.end(), [&](const PastRun& run) {
    return run.attempt->run == retry.run && run.attempt->attempt == retry.attempt - 1;
  });
  return found == past.end() ? nullptr : &*found;
}

}  // namespace

Retries retries_of(const Attempt& failed, const Classification& verdict, const Point& before,
                   std::span<const PastRun> past) {
  const Kind kind = kind_of(failed, verdict.rule);
  double fails = 0.5;
  double heals = 0.5;
  const auto count = [&](const Attempt& retry, const Point& point) {
    const PastRun* first = try_before(retry, past);
    if (first == nullptr || !same(first->point, point)) return;
    if (first->attempt->outcome->succeeded || kind_of(*first->attempt, first->attempt->outcome->rule) != kind) return;
    (retry.outcome && retry.outcome->succeeded ? heals : fails) += 1;
  };
  for (const PastRun& run : past) count(*run.attempt, run.point);
  count(failed, before);
  return {std::log(fails / heals), std::log2(fails + heals)};
}

}  // namespace jobmedic::model
