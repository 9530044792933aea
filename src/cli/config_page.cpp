#include "cli/config_page.hpp"

#include <fmt/format.h>

#include "cli/page.hpp"
#include "cli/verdict_page.hpp"
#include "core/text.hpp"
#include "core/time.hpp"
#include "jobmedic/patch.hpp"
#include "json/reader.hpp"

namespace jobmedic::cli {
namespace {

std::string scope_words(const Scope& scope) {
  std::vector<std::string> parts;
  if (scope.job) parts.push_back("job " + *scope.job);
  if (scope.engine) parts.push_back("engine " + *scope.engine);
  for (const auto& [name, value] : scope.labels) parts.push_back(fmt::format("{} {}", name, value));
  return parts.empty() ? "every job" : join(parts, ", ");
}

void add_patch(Page& page, const StoredPatch& patch) {
  page.line(patch.id, Tone::strong);
  if (!patch.damage.empty()) {
    page.field("damaged", patch.damage);
    return;
  }
  page.field("for", scope_words(patch.scope));
  page.field("patch", SecretMask().mask_json(patch.patch));
  page.field("made", fmt::format("{} by {}", patch.created_at, patch.source.empty() ? "hand" : patch.source));
  if (const std::string idle = patch.why_idle(format_time(now())); !idle.empty()) page.field("not in force", idle);
  if (patch.priority != 0) page.field("priority", std::to_string(patch.priority));
  if (patch.layer) page.field("layer", "applies before the patch that counts most");
  if (!patch.activates_at.empty()) page.field("active from", patch.activates_at);
  if (!patch.expires_at.empty()) page.field("expires", patch.expires_at);
  if (patch.uses_left) page.field("uses left", std::to_string(*patch.uses_left));
  if (!patch.plan_hash.empty()) page.field("plan", patch.plan_hash);
  if (!patch.note.empty()) page.field("note", patch.note);
}

std::string shown(const std::string& json_text) {
  if (json_text.empty()) return "(not set)";
  const json::Value value = json::parse(json_text);
  const auto* text = value.as<std::string>();
  return text != nullptr ? *text : json_text;
}

// What became different between two documents, one line per operation.
void add_difference(Page& page, const std::string& before, const std::string& after) {
  const SecretMask secrets;
  const json::Value operations = json::parse(diff(secrets.mask_json(before), secrets.mask_json(after)));
  for (const json::Reader& operation : json::Reader(operations).items()) {
    const json::Value* value = operation.value().find("value");
    page.field(
        "", fmt::format("{}: {}", operation.at("path").string(), value == nullptr ? "removed" : json::write(*value)));
  }
}

void add_change(Page& page, const Change& change) {
  page.text(fmt::format("{:>6}  ", change.number), Tone::strong);
  const std::string what = !change.patch.empty() ? change.patch : change.action == "correct" ? "outcome" : "automation";
  page.line(fmt::format("{}  {}  {} {}", change.at, change.by, change.action, what));
  if (!change.reason.empty()) page.field("", change.reason);
  if (!change.before.empty() && !change.after.empty()) add_difference(page, change.before, change.after);
  if (change.before.empty() && !change.after.empty()) page.field("", SecretMask().mask_json(change.after));
  if (!change.before.empty() && change.after.empty()) page.field("", "removed");
}

Tone tone_of(const std::string& outcome) {
  if (outcome == "applied") return Tone::good;
  return outcome == "skipped" ? Tone::bad : Tone::dim;
}

void add_step(Page& page, const ConfigExplanation::Step& step) {
  page.text(fmt::format("  {}  ", step.patch.id), Tone::strong).line(step.outcome, tone_of(step.outcome));
  if (step.patch.damage.empty()) {
    page.field("for", fmt::format("{}; priority {}{}", scope_words(step.patch.scope), step.patch.priority,
                                  step.patch.layer ? "; a layer" : ""));
  }
  if (!step.reason.empty()) page.field("because", step.reason);
  for (const auto& [name, before, after] : step.changes) {
    const SecretMask secrets;
    page.field("changed", fmt::format("{}  {}  ->  {}", name, secrets.mask_setting(name, shown(before)),
                                      secrets.mask_setting(name, after.empty() ? "(removed)" : shown(after))));
  }
}

}  // namespace

std::string automation_line(const Automation& automation) {
  return automation.stopped ? Page().line(automation.words() + ": no patch is applied.", Tone::bad).str() : "";
}

std::string patch_entry(const StoredPatch& patch) {
  Page page;
  add_patch(page, patch);
  return page.str();
}

std::string patch_page(const StoredPatch& patch, const std::vector<Change>& changes) {
  Page page;
  add_patch(page, patch);
  if (!changes.empty()) page.end_line().line("changes, the newest first:");
  for (const Change& change : changes) add_change(page, change);
  return page.str();
}

std::string changes_page(const std::vector<Change>& changes) {
  Page page;
  if (changes.empty()) page.line("no changes");
  for (const Change& change : changes) add_change(page, change);
  return page.str();
}

std::string explanation_page(const Attempt& attempt, const ConfigExplanation& explanation) {
  Page page;
  page.end_line();
  if (explanation.steps.empty()) page.line("No patch has a scope that matches.");
  if (!explanation.steps.empty()) page.line("Patches whose scope matches, the one that counts most last:");
  for (const ConfigExplanation::Step& step : explanation.steps) add_step(page, step);
  ConfigAnswer shown_answer = explanation.answer;
  shown_answer.skipped.clear();  // told with its step
  shown_answer.config = SecretMask().mask_json(shown_answer.config);
  return config_page(SecretMask().mask(attempt), shown_answer) + page.str();
}

}  // namespace jobmedic::cli
