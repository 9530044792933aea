// The lists: unclassified failures, expensive jobs, models, automation.
#include <fmt/format.h>

#include "report/charts.hpp"
#include "report/page.hpp"
#include "report/words.hpp"

namespace jobmedic::reported {
namespace {

json::Array template_rows(const Report& report) {
  json::Array rows;
  for (const UnclassifiedTemplate& it : report.templates) {
    rows.push_back(json::object({{"text", cut(it.text, 240)},
                                 {"failures", number(it.failures)},
                                 {"jobs", number(it.jobs)},
                                 {"cost", dollars(it.cost_usd)},
                                 {"job", cut(it.job, 80)}}));
  }
  return rows;
}

json::Array job_rows(const Report& report) {
  json::Array rows;
  for (const ExpensiveJob& job : report.expensive_jobs) {
    const double share = report.failed_cost_usd > 0 ? job.failed_cost_usd / report.failed_cost_usd : 0;
    rows.push_back(json::object({{"job", cut(job.job)},
                                 {"failed_cost", dollars(job.failed_cost_usd)},
                                 {"cost", dollars(job.cost_usd)},
                                 {"share_bar", share_bar(share)},
                                 {"share", percent(share)},
                                 {"failures", number(job.failures)},
                                 {"attempts", number(job.attempts)},
                                 {"cause", job.rule.empty() ? category_words(job.category) : cut(job.rule, 80)}}));
  }
  return rows;
}

json::Array model_rows(const Report& report) {
  json::Array rows;
  for (auto model = report.models.rbegin(); model != report.models.rend(); ++model) {
    const bool seen = model->failed.of > 0;
    rows.push_back(json::object(
        {{"version", cut(model->version, 60)},
         {"from", minute(model->from)},
         {"to", model->to.empty() ? "today" : minute(model->to)},
         {"kind", model->kind},
         {"by", cut(model->by, 60)},
         {"reason", cut(model->reason, 160)},
         {"log_loss", model->log_loss ? fmt::format("{:.3f}", *model->log_loss) : std::string("not on record")},
         {"foretold", seen ? percent(model->predicted) : std::string("none yet")},
         {"happened", seen ? share_words(model->failed) : std::string()},
         {"of", seen ? number(model->failed.of) : std::string()}}));
  }
  return rows;
}

json::Array counts(const std::map<std::string, std::uint64_t>& map) {
  json::Array rows;
  for (const auto& [name, count] : map) {
    rows.push_back(json::object({{"name", category_words(name)}, {"count", number(count)}}));
  }
  return rows;
}

json::Array disabled_rows(const AutomationState& state) {
  json::Array rows;
  for (const DisabledPatch& patch : state.disabled) {
    rows.push_back(json::object({{"id", cut(patch.id, 60)},
                                 {"job", patch.job.empty() ? "any" : cut(patch.job, 80)},
                                 {"by", cut(patch.by, 60)},
                                 {"at", patch.at.empty() ? "" : minute(patch.at)},
                                 {"reason", cut(patch.reason, 160)}}));
  }
  return rows;
}

json::Array quarantined_rows(const AutomationState& state) {
  json::Array rows;
  for (const std::string& job : state.quarantined_jobs) rows.push_back(cut(job));
  return rows;
}

std::string switch_words(const Automation& automation) {
  if (automation.stopped) return cut(automation.words(), 400);
  if (automation.since.empty()) return "Automation is on, and was never stopped.";
  return cut(fmt::format("Automation is on, resumed {} by {}{}{}.", minute(automation.since), automation.by,
                         automation.reason.empty() ? "" : ": ", automation.reason),
             400);
}

json::Array service_charts(const Report& report) {
  if (report.models.size() < 2) return {};
  json::Value wide = service_chart(report.models, report.made_at, 760);
  json::Value narrow = service_chart(report.models, report.made_at, 328);
  wide.as<json::Object>()->emplace_back("size", "wide");
  narrow.as<json::Object>()->emplace_back("size", "narrow");
  return {std::move(wide), std::move(narrow)};
}

}  // namespace

json::Object lists_view(const Report& report) {
  const AutomationState& state = report.automation;
  return {{"has_templates", !report.templates.empty()},
          {"templates", template_rows(report)},
          {"unclassified_known", count_of(report.unclassified_known, "failure")},
          {"has_jobs", !report.expensive_jobs.empty()},
          {"expensive_jobs", job_rows(report)},
          {"services", service_charts(report)},
          {"has_models", !report.models.empty()},
          {"models", model_rows(report)},
          {"switch", switch_words(state.automation)},
          {"decisions", counts(state.decisions)},
          {"methods", counts(state.methods)},
          {"shadow", state.shadow == 0 ? "" : count_of(state.shadow, "answer")},
          {"patches", count_of(state.patches, "patch", "patches")},
          {"patches_in_force", number(state.patches_in_force)},
          {"patches_disabled", number(state.patches_disabled)},
          {"quarantined", state.quarantined == 0 ? "" : count_of(state.quarantined, "answer")},
          {"has_quarantined_jobs", !state.quarantined_jobs.empty()},
          {"quarantined_jobs", quarantined_rows(state)},
          {"has_disabled", !state.disabled.empty()},
          {"disabled", disabled_rows(state)}};
}

}  // namespace jobmedic::reported
