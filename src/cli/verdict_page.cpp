#include "cli/verdict_page.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/page.hpp"
#include "core/text.hpp"
#include "jobmedic/patch.hpp"
#include "json/reader.hpp"
#include "json/setting.hpp"

namespace jobmedic::cli {
namespace {

// --- what went wrong ---

std::string place(const Evidence& evidence) {
  if (evidence.line == 0) return "exit code";
  return fmt::format("{}:{}", evidence.log.empty() ? "log" : evidence.log, evidence.line);
}

void add_evidence(Page& page, const Evidence& evidence) {
  page.text("  ").line(place(evidence), Tone::strong);
  std::string_view rest = evidence.text;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    page.text("    ").line(line);
  }
}

std::string logs_read(const Classification& verdict) {
  constexpr std::size_t most = 6;
  std::vector<std::string> names = verdict.logs;
  if (names.size() > most) {
    names.resize(most);
    names.emplace_back("...");
  }
  return fmt::format("{} log{} ({}; {})", verdict.logs.size(), verdict.logs.size() == 1 ? "" : "s", join(names, ", "),
                     human_bytes(verdict.log_bytes));
}

std::string restartable(const Classification& verdict) {
  if (verdict.retry == "always") return "retry always: the rule asks for it";
  if (verdict.retry == "never") return "retry never: the rule forbids it";
  return verdict.restartable ? "may well succeed if run again" : "would fail again";
}

void add_other_matches(Page& page, const Classification& verdict) {
  constexpr std::size_t most = 5;
  const std::size_t shown = std::min(most, verdict.other_matches.size());
  for (std::size_t i = 0; i < shown; ++i) {
    const RuleMatch& match = verdict.other_matches[i];
    page.field(i == 0 ? "also seen" : "", fmt::format("{} at {}", match.rule, place(match.evidence)));
  }
  if (verdict.other_matches.size() > most)
    page.field("", fmt::format("and {} more", verdict.other_matches.size() - most));
}

std::string problem_of(const SourceReport& source) {
  return source.error.starts_with(source.name) ? source.error : fmt::format("{}: {}", source.name, source.error);
}

// Only what a person must know before trusting the verdict: a source that was read whole needs no word.
void add_sources(Page& page, const Classification& verdict) {
  for (const SourceReport& source : verdict.sources) {
    if (source.status == "failed") page.field("not read", problem_of(source));
    if (source.status == "damaged") {
      page.field("damaged", fmt::format("{}; {} were read", problem_of(source), human_bytes(source.bytes)));
    }
    if (source.skipped_bytes > 0) {
      page.field("capped",
                 fmt::format("{}: {} were read, the newest of them; {} were not; lines are counted in what was",
                             source.name, human_bytes(source.bytes), human_bytes(source.skipped_bytes)));
    }
  }
}

void add_verdict(Page& page, const Classification& verdict) {
  if (!verdict.classified) {
    page.line(fmt::format("no rule matched in {}: unclassified", logs_read(verdict)), Tone::strong);
    for (const std::string& note : verdict.notes) page.field("note", note);
    add_sources(page, verdict);
    return;
  }
  page.line(verdict.summary.empty() ? verdict.rule : verdict.summary, Tone::bad);
  if (verdict.evidence) {
    page.end_line();
    add_evidence(page, *verdict.evidence);
    page.end_line();
  }
  page.field("advice", verdict.advice);
  page.field("unchanged", restartable(verdict));
  page.field("verdict", fmt::format("{}, fault of the {} (rule {})", verdict.category,
                                    verdict.fault.empty() ? "user" : verdict.fault, verdict.rule));
  add_other_matches(page, verdict);
  for (const std::string& note : verdict.notes) page.field("note", note);
  if (!verdict.logs.empty()) page.field("read", logs_read(verdict));
  add_sources(page, verdict);
}

// What the logs of an unclassified failure say themselves.
void add_telling(Page& page, const std::vector<json::Reader>& lines) {
  for (std::size_t i = 0; i < std::min<std::size_t>(lines.size(), 3); ++i) {
    page.field(i == 0 ? "logs say" : "", lines[i].at("example").string());
  }
}

// --- what to do ---

std::string decision_words(const std::string& decision) {
  if (decision == "retry_with_patch") return "Retry with a changed configuration.";
  return decision == "retry_unchanged" ? "Retry unchanged." : "Do not retry.";
}

Tone decision_tone(bool retry) {
  return retry ? Tone::good : Tone::bad;
}

void add_predictions(Page& page, const Recommendation& answer) {
  std::vector<std::vector<std::string>> rows{{"", "fails with", "costs"}};
  const auto add = [&](const char* who, const std::optional<Prediction>& prediction) {
    if (prediction) rows.push_back({who, percent(prediction->failure_probability), dollars(prediction->cost_usd)});
  };
  add("retry as recommended", answer.predicted);
  add("retry unchanged", answer.unchanged);
  if (rows.size() > 1) page.end_line().table(rows, true);
}

std::string shown(const json::Value* value) {
  return value == nullptr ? "(not set)" : json::as_setting(*value);
}

std::string setting(const std::string& name, const json::Value* before, const json::Value* after) {
  if (before != nullptr && after != nullptr && *before == *after) return fmt::format("  {}  {}", name, shown(after));
  return fmt::format("  {}  {}  ->  {}", name, shown(before), after == nullptr ? "(removed)" : shown(after));
}

// Changed settings, and those that stayed too where `all`.
void add_configuration(Page& page, const std::string& before_text, const std::string& after_text, bool all) {
  const json::Value before = json::parse(before_text);
  const json::Value after = json::parse(after_text);
  const auto* old_members = before.as<json::Object>();
  const auto* new_members = after.as<json::Object>();
  if (old_members == nullptr || new_members == nullptr) return;
  std::size_t width = 0;
  for (const auto& [name, value] : *new_members) width = std::max(width, name.size());
  for (const auto& [name, value] : *old_members) width = std::max(width, name.size());
  std::size_t same = 0;
  const auto add = [&](const std::string& name, const json::Value* old_value, const json::Value* new_value) {
    const bool changed = old_value == nullptr || new_value == nullptr || !(*old_value == *new_value);
    if (!changed) ++same;
    if (changed || all) {
      page.line(setting(fmt::format("{:<{}}", name, width), old_value, new_value),
                changed ? Tone::changed : Tone::plain);
    }
  };
  for (const auto& [name, value] : *old_members) add(name, &value, after.find(name));
  for (const auto& [name, value] : *new_members) {
    if (before.find(name) == nullptr) add(name, nullptr, &value);
  }
  if (!all && same > 0) page.line(fmt::format("  {} more setting{} as before", same, same == 1 ? "" : "s"), Tone::dim);
}

// Where nothing was changed: what would have been.
void add_mode(Page& page, const json::Reader& remediation) {
  const auto would = remediation.find("would");
  if (!would) return;
  page.line(fmt::format("  {}: nothing was changed; acting, it would {}", remediation.string_or("mode", ""),
                        would->at("restart").boolean() ? "retry" : "not retry"),
            Tone::changed);
  page.paragraph(would->string_or("reason", ""));
}

std::string origin(const Recommendation& answer) {
  if (answer.method != "model") {
    return answer.method == "rule" ? "decided by the rule, without a model" : "by the built-in policy, without a model";
  }
  std::string words = fmt::format("by model {} ({}) in {}", answer.model, answer.served_by, seconds(answer.elapsed_s));
  if (answer.stopped_by == "deadline") words += ", cut short by the deadline";
  return words;
}

void add_recommendation(Page& page, const Attempt& failed, const Recommendation& answer) {
  page.paragraph(answer.reason);
  add_predictions(page, answer);
  if (answer.patch != "[]") {
    page.end_line();
    add_configuration(page, failed.config, apply_patch(failed.config, answer.patch), false);
  }
  page.end_line().line("  " + origin(answer), Tone::dim);
}

}  // namespace

std::string verdict_page(const Classification& verdict) {
  Page page;
  add_verdict(page, verdict);
  return page.str();
}

std::string recommendation_page(const Attempt& failed, const Recommendation& answer) {
  Page page;
  page.line(decision_words(answer.decision), decision_tone(answer.decision != "do_not_retry"));
  add_recommendation(page, failed, answer);
  return page.str();
}

std::string remediation_page(const Attempt& failed, const std::string& document) {
  const json::Value value = json::parse(document);
  const json::Reader in(value);
  const json::Reader retry = in.at("retry");
  const bool restart = retry.at("restart").boolean();
  const auto recommendation = in.find("recommendation");
  const std::string patch_id = in.string_or("patch_id", "");
  const auto telling = in.find("telling");

  Page page;
  add_verdict(page, Classification::parse(json::write(in.at("classification").value())));
  if (telling) add_telling(page, telling->items());
  page.end_line();
  const auto after = retry.find("after_s");
  page.text(restart ? "Retry" : "Do not retry", decision_tone(restart));
  if (restart && after && after->number() > 0) page.text(" in " + seconds(after->number()), Tone::good);
  page.line(restart && !patch_id.empty() ? " with a changed configuration." : ".", decision_tone(restart));
  add_mode(page, in);
  const std::string reason = retry.string_or("reason", "");
  if (!recommendation || recommendation->string_or("reason", "") != reason) page.paragraph(reason);
  if (recommendation) add_recommendation(page, failed, Recommendation::parse(json::write(recommendation->value())));
  if (!patch_id.empty()) page.line("  saved as patch " + patch_id, Tone::dim);
  return page.str();
}

std::string config_page(const Attempt& attempt, const ConfigAnswer& answer) {
  Page page;
  const bool changed = !answer.applied.empty();
  if (answer.stopped) page.line(answer.stopped->words() + ".", Tone::bad);
  page.line(changed ? fmt::format("Configuration for the next attempt of {}:", attempt.job)
                    : fmt::format("No patch applies to {}: its configuration is as it was.", attempt.job),
            Tone::strong);
  add_configuration(page, attempt.config, answer.config, true);
  page.end_line();
  if (changed) page.field("patches", join(answer.applied, ", "));
  for (const auto& skipped : answer.skipped) page.field("skipped", fmt::format("{}: {}", skipped.id, skipped.reason));
  return page.str();
}

}  // namespace jobmedic::cli
