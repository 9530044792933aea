#include "metrics/engine_metrics.hpp"

#include <algorithm>

#include "json/value.hpp"
#include "metrics/exposition.hpp"

namespace jobmedic::metrics {
namespace {

template <std::size_t N>
std::size_t index_of(const std::array<std::string_view, N>& names, std::string_view name) {
  const auto found = std::find(names.begin(), names.end(), name);
  return static_cast<std::size_t>(std::min(found, names.end() - 1) - names.begin());
}

// Rules that never fired are left out: there are hundreds.
void write_rules(Exposition& out, const RuleTable& rules) {
  out.family("jobmedic_classifications_total", "counter", "Failures classified, by the rule that explained them.");
  for (const auto& one : rules.all()) {
    const std::uint64_t value = value_of(one->classifications);
    if (value > 0) out.sample({{"rule", one->rule}, {"category", one->category}}, value);
  }
  out.family("jobmedic_remediations_total", "counter",
             "Failed attempts answered for the first time, by rule and decision.");
  for (const auto& one : rules.all()) {
    for (std::size_t i = 0; i < decisions.size(); ++i) {
      const std::uint64_t value = value_of(one->remediations[i]);
      if (value == 0) continue;
      out.sample({{"rule", one->rule}, {"category", one->category}, {"decision", decisions[i]}}, value);
    }
  }
}

void write_cache(Exposition& out, std::string_view name, const Cache& cache) {
  out.sample({{"cache", name}, {"result", "hit"}}, value_of(cache.hits));
  out.sample({{"cache", name}, {"result", "miss"}}, value_of(cache.misses));
}

void write_counter(Exposition& out, std::string_view name, const Counter& counter, std::string_view help) {
  out.family(name, "counter", help);
  out.sample({}, value_of(counter));
}

void write_moment(Exposition& out, const Moment& moment) {
  out.family("jobmedic_build_info", "gauge", "The jobmedic that runs.");
  out.sample({{"version", moment.version}}, std::uint64_t{1});
  out.family("jobmedic_rules", "gauge", "Rules loaded.");
  out.sample({}, std::uint64_t{moment.rules});
  out.family("jobmedic_model_info", "gauge", "The model version in service, and what computes its predictions.");
  if (!moment.model.empty()) {
    out.sample({{"version", moment.model}, {"served_by", moment.served_by}}, std::uint64_t{1});
  }
  out.family("jobmedic_model_calls_total", "counter", "Times the model was asked.");
  out.sample({}, moment.model_calls);
}

}  // namespace

void EngineMetrics::count_error(const Error& error) {
  if (error.status() != Status::store) return;
  const json::Value detail = json::parse(error.detail());
  const json::Value* kind = detail.find("kind");
  const auto* name = kind != nullptr ? kind->as<std::string>() : nullptr;
  count(store_errors[index_of(store_error_kinds, name != nullptr ? *name : "other")]);
}

void EngineMetrics::count_trouble(std::string_view event) {
  const auto found = std::find(store_troubles.begin(), store_troubles.end(), event);
  if (found != store_troubles.end()) count(troubles[static_cast<std::size_t>(found - store_troubles.begin())]);
}

std::string EngineMetrics::text(const RuleTable& rules, const Moment& moment) const {
  Exposition out;
  write_moment(out, moment);
  write_rules(out, rules);
  out.family("jobmedic_operation_duration_seconds", "histogram", "How long calls took, failed ones too.");
  for (std::size_t i = 0; i < operations.size(); ++i)
    out.histogram({{"operation", operations[i]}}, latencies[i].read());
  out.family("jobmedic_outcomes_total", "counter", "Outcomes recorded for the first time.");
  out.sample({{"outcome", "succeeded"}}, value_of(outcomes_succeeded));
  out.sample({{"outcome", "failed"}}, value_of(outcomes_failed));
  out.family("jobmedic_cache_requests_total", "counter", "Look-ups of compiled rules and of the model in service.");
  write_cache(out, "compiled_rules", compiled_rules);
  write_cache(out, "model", model);
  out.family("jobmedic_store_errors_total", "counter", "Calls of the store that failed, by kind.");
  for (std::size_t i = 0; i < store_error_kinds.size(); ++i) {
    out.sample({{"kind", store_error_kinds[i]}}, value_of(store_errors[i]));
  }
  out.family("jobmedic_store_recoveries_total", "counter", "Trouble that the store got over by itself.");
  for (std::size_t i = 0; i < store_troubles.size(); ++i) {
    out.sample({{"event", store_troubles[i].substr(store_troubles[i].find('_') + 1)}}, value_of(troubles[i]));
  }
  write_counter(out, "jobmedic_deadlines_missed_total", deadlines_missed, "Recommendations that a deadline cut short.");
  write_counter(out, "jobmedic_patches_applied_total", patches_applied,
                "Patches applied to configurations handed out.");
  write_counter(out, "jobmedic_patches_skipped_total", patches_skipped,
                "Patches that matched and could not be applied.");
  write_counter(out, "jobmedic_reloads_total", reloads, "Times that rules and model were read again.");
  return out.text();
}

}  // namespace jobmedic::metrics
