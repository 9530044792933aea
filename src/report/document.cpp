// The document jobmedic.report/1.
#include "core/text.hpp"
#include "jobmedic/report.hpp"
#include "json/value.hpp"

namespace jobmedic {
namespace {

json::Value text(const std::string& words) {
  return valid_utf8(words);
}

// Absent times and rules are null, not "".
json::Value text_or_null(const std::string& words) {
  return words.empty() ? json::Value() : text(words);
}

json::Value value_of(const std::string& words) {
  return text(words);
}

json::Value value_of(const Share& share) {
  if (share.of == 0) return json::object({{"hits", share.hits}, {"of", share.of}, {"jobs", share.jobs}});
  return json::object({{"hits", share.hits},
                       {"of", share.of},
                       {"jobs", share.jobs},
                       {"share", share.value()},
                       {"low", share.low},
                       {"high", share.high},
                       {"tells", share.tells()}});
}

json::Value value_of(const Bucket& bucket) {
  return json::object({{"from", bucket.from},
                       {"attempts", bucket.attempts},
                       {"failures", bucket.failures},
                       {"memory", bucket.memory},
                       {"unclassified", bucket.unclassified}});
}

json::Value value_of(const Cause& cause) {
  return json::object({{"rule", text_or_null(cause.rule)},
                       {"category", text_or_null(cause.category)},
                       {"failures", cause.failures},
                       {"jobs", cause.jobs},
                       {"cost_usd", cause.cost_usd},
                       {"trend", json::Array(cause.trend.begin(), cause.trend.end())}});
}

json::Value value_of(const Savings::Row& row) {
  return json::object({{"retries", row.retries},
                       {"unchanged_usd", row.unchanged_usd},
                       {"spent_usd", row.spent_usd},
                       {"saved_usd", row.saved_usd()}});
}

json::Value value_of(const SizedJob& job) {
  return json::object({{"job", text(job.job)},
                       {"runs", job.runs},
                       {"failed", job.failed},
                       {"asked_gib_h", job.asked_gib_h},
                       {"held_gib_h", job.held_gib_h}});
}

json::Value value_of(const ReliabilityBin& bin) {
  return json::object(
      {{"from", bin.from}, {"to", bin.to}, {"predicted", bin.predicted}, {"failed", value_of(bin.failed)}});
}

json::Value value_of(const UnclassifiedTemplate& it) {
  return json::object({{"text", text(it.text)},
                       {"failures", it.failures},
                       {"jobs", it.jobs},
                       {"cost_usd", it.cost_usd},
                       {"job", text(it.job)},
                       {"run", text(it.run)}});
}

json::Value value_of(const ExpensiveJob& job) {
  return json::object({{"job", text(job.job)},
                       {"failed_cost_usd", job.failed_cost_usd},
                       {"cost_usd", job.cost_usd},
                       {"attempts", job.attempts},
                       {"failures", job.failures},
                       {"rule", text_or_null(job.rule)},
                       {"category", text_or_null(job.category)}});
}

json::Value value_of(const ModelInService& model) {
  return json::object({{"version", text(model.version)},
                       {"from", text(model.from)},
                       {"to", text_or_null(model.to)},
                       {"kind", text(model.kind)},
                       {"by", text(model.by)},
                       {"reason", text(model.reason)},
                       {"log_loss", model.log_loss ? json::Value(*model.log_loss) : json::Value()},
                       {"predicted", model.predicted},
                       {"failed", value_of(model.failed)}});
}

json::Value value_of(const SizeProposal& proposal) {
  json::Array settings;
  for (const SizeProposal::Setting& setting : proposal.settings) {
    settings.push_back(json::object({{"parameter", text(setting.parameter)},
                                     {"before", text_or_null(setting.before)},
                                     {"after", text(setting.after)}}));
  }
  return json::object({{"job", text(proposal.job)},
                       {"patch", text(proposal.patch)},
                       {"settings", std::move(settings)},
                       {"asked_gib_h", proposal.asked_gib_h},
                       {"proposed_gib_h", proposal.proposed_gib_h},
                       {"reason", text(proposal.reason)}});
}

json::Value value_of(const DisabledPatch& patch) {
  return json::object({{"id", text(patch.id)},
                       {"job", text_or_null(patch.job)},
                       {"by", text(patch.by)},
                       {"at", text_or_null(patch.at)},
                       {"reason", text(patch.reason)}});
}

template <typename Items>
json::Array list(const Items& items) {
  json::Array array;
  for (const auto& item : items) array.push_back(value_of(item));
  return array;
}

json::Value value_of(const Healing& healing) {
  return json::object({{"at_first", value_of(healing.at_first)},
                       {"within_three", value_of(healing.within_three)},
                       {"at_first_patched", value_of(healing.at_first_patched)},
                       {"within_three_patched", value_of(healing.within_three_patched)},
                       {"not_retried", healing.not_retried}});
}

json::Value value_of(const Avoided& avoided) {
  return json::object({{"retries", avoided.retries},
                       {"jobs", avoided.jobs},
                       {"failed_cost_usd", avoided.failed_cost_usd},
                       {"without_cost", avoided.without_cost},
                       {"wrongly", value_of(avoided.wrongly)}});
}

json::Value value_of(const Savings& savings) {
  return json::object({{"rows", list(savings.rows)},
                       {"patched", savings.patched},
                       {"avoided", savings.avoided},
                       {"by_history", savings.by_history},
                       {"without_cost", savings.without_cost},
                       {"without_estimate", savings.without_estimate},
                       {"advice_not_taken", savings.advice_not_taken},
                       {"retry_open", savings.retry_open}});
}

json::Value value_of(const SizedRuns& sized) {
  return json::object({{"jobs", sized.jobs},
                       {"runs", sized.runs},
                       {"failed", sized.failed},
                       {"asked_gib_h", sized.asked_gib_h},
                       {"held_gib_h", sized.held_gib_h},
                       {"gib_hour_usd", sized.gib_hour_usd},
                       {"saved_usd", sized.saved_usd()},
                       {"without_duration", sized.without_duration},
                       {"jobs_not_compared", sized.jobs_not_compared},
                       {"most", list(sized.most)}});
}

json::Value value_of(const SizeProposals& proposals) {
  return json::object({{"open", proposals.open}, {"most", list(proposals.most)}});
}

json::Value value_of(const Calibration& calibration) {
  return json::object({{"bins", list(calibration.bins)},
                       {"predicted", calibration.predicted},
                       {"failed", value_of(calibration.failed)},
                       {"brier", calibration.brier}});
}

json::Value value_of(const std::map<std::string, std::uint64_t>& counts) {
  json::Object object;
  for (const auto& [name, count] : counts) object.emplace_back(valid_utf8(name), count);
  return object;
}

json::Value value_of(const AutomationState& state) {
  return json::object({{"stopped", state.automation.stopped},
                       {"since", text_or_null(state.automation.since)},
                       {"by", text(state.automation.by)},
                       {"reason", text(state.automation.reason)},
                       {"decisions", value_of(state.decisions)},
                       {"methods", value_of(state.methods)},
                       {"shadow", state.shadow},
                       {"quarantined", state.quarantined},
                       {"quarantined_jobs", list(state.quarantined_jobs)},
                       {"patches", state.patches},
                       {"patches_in_force", state.patches_in_force},
                       {"patches_disabled", state.patches_disabled},
                       {"disabled", list(state.disabled)}});
}

}  // namespace

std::string Report::to_json() const {
  return json::write(json::object({{"schema", "jobmedic.report/1"},
                                   {"title", text(title)},
                                   {"store", text(store)},
                                   {"made_at", made_at},
                                   {"since", text_or_null(since)},
                                   {"until", text_or_null(until)},
                                   {"first", text_or_null(first)},
                                   {"last", text_or_null(last)},
                                   {"unchanged_retries", unchanged_retries},
                                   {"attempts", attempts},
                                   {"jobs", jobs},
                                   {"failed", value_of(failed)},
                                   {"unclassified", value_of(unclassified)},
                                   {"cost_usd", cost_usd},
                                   {"failed_cost_usd", failed_cost_usd},
                                   {"without_cost", without_cost},
                                   {"without_start", without_start},
                                   {"in_grids", in_grids},
                                   {"bucket", bucket},
                                   {"buckets", list(buckets)},
                                   {"categories", list(categories)},
                                   {"rules", list(rules)},
                                   {"healing", value_of(healing)},
                                   {"avoided", value_of(avoided)},
                                   {"savings", value_of(savings)},
                                   {"sized", value_of(sized)},
                                   {"proposals", value_of(proposals)},
                                   {"calibration", value_of(calibration)},
                                   {"unclassified_known", unclassified_known},
                                   {"templates", list(templates)},
                                   {"expensive_jobs", list(expensive_jobs)},
                                   {"models", list(models)},
                                   {"automation", value_of(automation)}}));
}

}  // namespace jobmedic
