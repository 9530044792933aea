#include "recommend/reason.hpp"

#include <fmt/format.h>

#include <cmath>

#include "core/text.hpp"

namespace jobmedic::recommender {
namespace {

constexpr double mib = 1024 * 1024;
constexpr double notable_gc_share = 0.1;

std::optional<double> positive_metric(const Attempt& failed, const std::string& name) {
  const auto found = failed.metrics.find(name);
  if (found == failed.metrics.end() || !(found->second > 0) || !std::isfinite(found->second)) return std::nullopt;
  return found->second;
}

std::string_view outlook(double failure_probability) {
  if (failure_probability >= 0.9) return "almost surely fail";
  if (failure_probability >= 0.5) return "most likely fail";
  if (failure_probability >= 0.1) return "possibly fail";
  return "most likely succeed";
}

}  // namespace

std::string percent(double share) {
  if (share > 0 && share < 0.005) return "under 1 %";
  if (share < 1 && share > 0.995) return "over 99 %";
  return fmt::format("{:.0f} %", 100 * share);
}

std::string usd(double amount) {
  if (amount >= 0.01) return fmt::format("${:.2f}", amount);
  return fmt::format("${:.{}f}", amount, amount >= 0.0001 ? 4 : 6);
}

std::string cause(const Remedy& remedy, const Attempt& failed, const Classification& verdict,
                  const Configuration& configuration) {
  std::string details = verdict.rule;
  if (const auto peak = positive_metric(failed, remedy.peak_metric)) {
    details += fmt::format("; it peaked at {:.0f} MiB", *peak / mib);
  }
  const auto gc = positive_metric(failed, remedy.gc_metric);
  if (gc && failed.duration_s && *gc >= notable_gc_share * *failed.duration_s && *gc <= *failed.duration_s) {
    details += fmt::format("; {} of the run went into garbage collection", percent(*gc / *failed.duration_s));
  }
  if (remedy.changes.empty()) return fmt::format("{} was too small ({})", remedy.what, details);
  const auto failed_one = configuration.index(remedy.changes.front().parameter);
  const std::string size = failed_one ? " at " + configuration.shown(*failed_one) : "";
  return fmt::format("{} was too small{} ({})", remedy.what, size, details);
}

std::string shown_changes(const Changes& changes, const Configuration& configuration) {
  std::vector<std::string> parts;
  for (const auto& [i, value] : changes) {
    const Space& space = configuration.space();
    parts.push_back(
        fmt::format("{} {} -> {}", space.parameters[i].name, configuration.shown(i), space.format(i, value)));
  }
  return join(parts, ", ");
}

std::string effect(const Prediction& from, const Prediction& to) {
  const bool lower = to.failure_probability < from.failure_probability;
  return fmt::format("{} the predicted failure from {} to {}", lower ? "lowers" : "moves",
                     percent(from.failure_probability), percent(to.failure_probability));
}

std::string unchanged_retry(const Prediction& unchanged) {
  return fmt::format("an unchanged retry would cost {} and {}", usd(unchanged.cost_usd),
                     outlook(unchanged.failure_probability));
}

std::string considered(const SearchResult& result, const NarrowSpace& narrow) {
  std::vector<std::string> names;
  for (const Parameter& parameter : narrow.space.parameters) names.push_back(parameter.name);
  return fmt::format("{} candidates over {} were judged", result.considered, join(names, ", "));
}

std::string price(const Changes& changes, const Attempt& failed, const Configuration& configuration,
                  const Policy& policy) {
  const double before = configuration.hourly_usd(configuration.after({}), policy);
  const double after = configuration.hourly_usd(configuration.after(changes), policy);
  if (!(before > 0) || !std::isfinite(after / before)) return "";
  std::string text = fmt::format("{:.2g} times the price per hour", after / before);
  if (failed.duration_s) {
    constexpr double seconds_per_hour = 3600;
    text += fmt::format(", about {} if it runs as long again", usd(after * *failed.duration_s / seconds_per_hour));
  }
  return text;
}

}  // namespace jobmedic::recommender
