#pragma once
#include <string>

#include "jobmedic/rules.hpp"
#include "jobmedic/store.hpp"

/// Figures for Prometheus: its text exposition format 0.0.4. Those of a running engine: Engine::metrics().
namespace jobmedic {

/// What a store holds: attempts by outcome, failures by rule, remediations by rule and decision, patches by state,
/// model versions, promotions, the kill switch. All gauges: a store may be pruned. Reads every attempt and remediation
/// once, in pages. So that the number of series is bounded, a rule that is not among `rules` is told as "other".
/// Throws Error (store).
std::string store_metrics(const Store& store, const RuleSet& rules);

}  // namespace jobmedic
