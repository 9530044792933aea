// Lines of all failures are grouped by template; each group whose regex holds against its own lines and against
// innocent ones is a candidate; each failure goes to the candidate of its most telling line.
#include "jobmedic/suggest.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "classify/templates/suggested_rule.hpp"
#include "core/text.hpp"
#include "jobmedic/error.hpp"
#include "json/reader.hpp"

namespace jobmedic {
namespace {

constexpr std::size_t most_candidates = 500;  // compiled at once; the least expensive are left out
constexpr std::size_t most_examples = 3;
constexpr std::size_t most_names = 100;
constexpr double share_of_the_best = 0.5;  // lines that tell less than this share of a failure's best are chatter
constexpr std::size_t longest_summary = 200;

// The lines of one template, over all failures.
struct Group {
  std::string text;
  std::string exception;
  std::vector<std::string> examples;
  double weight = 0;
  double cost = 0;
  std::set<std::size_t> failures;
  Suggestion suggestion;
};

struct Groups {
  std::vector<Group> all;
  std::vector<std::vector<std::size_t>> of_failure;  // in the order of its lines
};

// Which lines of a failure may name its cause.
std::size_t telling_lines(const UnclassifiedFailure& failure) {
  const auto chatter = [&](const TellingLine& line) {
    return line.weight < failure.lines.front().weight * share_of_the_best;
  };
  return static_cast<std::size_t>(std::find_if(failure.lines.begin(), failure.lines.end(), chatter) -
                                  failure.lines.begin());
}

Groups group(const std::vector<UnclassifiedFailure>& failures) {
  TemplateMiner miner;
  std::vector<std::vector<std::uint64_t>> shapes(failures.size());
  for (std::size_t i = 0; i < failures.size(); ++i) {
    for (std::size_t k = 0; k < telling_lines(failures[i]); ++k) {
      shapes[i].push_back(miner.add(failures[i].lines[k].example));
    }
  }
  Groups groups;
  std::map<std::uint64_t, std::size_t> group_of;
  for (const LogTemplate& found : miner.templates()) {
    for (const std::uint64_t shape : found.shapes) group_of.emplace(shape, groups.all.size());
    groups.all.push_back({found.text, "", {}, 0, 0, {}, {}});
  }
  groups.of_failure.resize(failures.size());
  for (std::size_t i = 0; i < failures.size(); ++i) {
    for (std::size_t k = 0; k < shapes[i].size(); ++k) {
      const auto known = group_of.find(shapes[i][k]);
      if (known == group_of.end()) continue;  // forgotten: there were more shapes than a miner keeps
      groups.of_failure[i].push_back(known->second);
      Group& it = groups.all[known->second];
      const TellingLine& line = failures[i].lines[k];
      it.weight = std::max(it.weight, line.weight);
      if (it.exception.empty()) it.exception = line.exception;
      if (it.failures.insert(i).second) it.cost += failures[i].cost_usd.value_or(0);
      const bool fresh = std::find(it.examples.begin(), it.examples.end(), line.example) == it.examples.end();
      if (fresh && it.examples.size() < most_examples) it.examples.push_back(line.example);
    }
  }
  return groups;
}

bool before(const Group& a, const Group& b) {
  if (a.cost != b.cost) return a.cost > b.cost;
  if (a.failures.size() != b.failures.size()) return a.failures.size() > b.failures.size();
  return a.weight > b.weight;
}

std::string summary_of(std::string text) {
  for (std::size_t at = 0; (at = text.find("<*>", at)) != std::string::npos;) text.replace(at, 3, "...");
  return valid_utf8(text, longest_summary);
}

// The groups that can be a rule, as far as the group alone tells.
std::vector<std::size_t> draft(std::vector<Group>& groups, const RuleSet& known) {
  std::vector<std::size_t> order;
  std::set<std::string> names;
  for (const Rule& rule : known.rules()) names.insert(rule.name);
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (!groups[i].examples.empty()) order.push_back(i);
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return before(groups[a], groups[b]); });
  std::vector<std::size_t> drafted;
  for (const std::size_t i : order) {
    if (drafted.size() == most_candidates) break;
    const auto regex = classify::regex_of(groups[i].text);
    if (!regex) continue;
    Suggestion& suggestion = groups[i].suggestion;
    suggestion.text = groups[i].text;
    suggestion.rule.regex = *regex;
    suggestion.rule.name = classify::name_of(groups[i].text, groups[i].exception, names);
    suggestion.rule.summary = summary_of(groups[i].text);
    suggestion.rule.matches = groups[i].examples;
    classify::propose_category(suggestion, groups[i].exception);
    drafted.push_back(i);
  }
  return drafted;
}

std::set<std::string> matched(const Classifier& classifier, std::string_view line) {
  const Log log{"", line};
  const Classification verdict = classifier.classify({&log, 1});
  std::set<std::string> names;
  if (!verdict.rule.empty()) names.insert(verdict.rule);
  for (const RuleMatch& match : verdict.other_matches) names.insert(match.rule);
  return names;
}

Classifier compile(const std::vector<Group>& groups, const std::vector<std::size_t>& drafted) {
  std::vector<Suggestion> suggestions;
  suggestions.reserve(drafted.size());
  for (const std::size_t i : drafted) suggestions.push_back(groups[i].suggestion);
  ClassifierOptions options;
  options.cache.use = false;
  return Classifier(RuleSet::parse(suggestions_to_json(suggestions), "suggestions"), options);
}

// What must not become a rule: what misses its own lines, or matches an example of a known rule or an innocent log.
std::set<std::string> refused(const Classifier& classifier, const std::vector<Group>& groups,
                              const std::vector<std::size_t>& drafted, const RuleSet& known,
                              const InnocentMatches& innocent) {
  std::set<std::string> names;
  for (const std::size_t i : drafted) {
    const Rule& rule = groups[i].suggestion.rule;
    for (const std::string& line : rule.matches) {
      if (!matched(classifier, line).contains(rule.name)) names.insert(rule.name);
    }
  }
  for (const Rule& rule : known.rules()) {
    for (const std::string& line : rule.matches) names.merge(matched(classifier, line));
    for (const std::string& line : rule.ignores) names.merge(matched(classifier, line));
  }
  if (!innocent) return names;
  for (std::string& name : innocent(classifier)) names.insert(std::move(name));
  return names;
}

json::Value rule_value(const Suggestion& suggestion) {
  const Rule& rule = suggestion.rule;
  json::Object members{{"name", rule.name}};
  if (!rule.source.empty()) members.emplace_back("source", rule.source);
  if (rule.log != "*") members.emplace_back("log", rule.log);
  members.emplace_back("regex", rule.regex);
  members.emplace_back("summary", rule.summary);
  members.emplace_back("category", rule.category);
  members.emplace_back("fault", rule.fault);
  members.emplace_back("restartable", rule.restartable);
  members.emplace_back("advice", rule.advice);
  members.emplace_back("matches", json::Array(rule.matches.begin(), rule.matches.end()));
  return members;
}

json::Value about(const Suggestion& suggestion) {
  json::Array attempts;
  for (std::size_t i = 0; i < std::min(most_names, suggestion.would_classify.size()); ++i) {
    const AttemptName& name = suggestion.would_classify[i];
    attempts.push_back(json::object({{"job", name.job}, {"run", name.run}, {"attempt", name.attempt}}));
  }
  return json::object({{"template", suggestion.text},
                       {"why", suggestion.why},
                       {"needs_choice", suggestion.needs_choice},
                       {"failures", std::uint64_t{suggestion.would_classify.size()}},
                       {"cost_usd", suggestion.cost_usd},
                       {"would_classify", std::move(attempts)}});
}

Suggestion read_suggestion(const json::Reader& in, const Rule& rule) {
  Suggestion suggestion;
  suggestion.rule = rule;
  const auto more = in.find("suggestion");
  if (!more) return suggestion;  // a rule that somebody wrote
  suggestion.text = more->string_or("template", "");
  suggestion.why = more->string_or("why", "");
  suggestion.needs_choice = more->boolean_or("needs_choice", false);
  if (const auto cost = more->find("cost_usd")) suggestion.cost_usd = cost->number();
  if (const auto attempts = more->find("would_classify")) {
    for (const json::Reader& name : attempts->items()) {
      suggestion.would_classify.push_back(
          {name.at("job").string(), name.string_or("run", ""), name.at("attempt").integer()});
    }
  }
  return suggestion;
}

}  // namespace

std::vector<Suggestion> suggest_rules(const std::vector<UnclassifiedFailure>& failures, const RuleSet& known,
                                      const InnocentMatches& innocent, const SuggestOptions& options) {
  Groups groups = group(failures);
  const std::vector<std::size_t> drafted = draft(groups.all, known);
  if (drafted.empty()) return {};
  const std::set<std::string> out = refused(compile(groups.all, drafted), groups.all, drafted, known, innocent);
  std::set<std::size_t> valid;
  for (const std::size_t i : drafted) {
    if (!out.contains(groups.all[i].suggestion.rule.name)) valid.insert(i);
  }

  std::map<std::size_t, Suggestion> chosen;
  for (std::size_t i = 0; i < failures.size(); ++i) {
    const auto& lines = groups.of_failure[i];
    const auto first = std::find_if(lines.begin(), lines.end(), [&](std::size_t at) { return valid.contains(at); });
    if (first == lines.end()) continue;
    Suggestion& suggestion = chosen.try_emplace(*first, groups.all[*first].suggestion).first->second;
    suggestion.would_classify.push_back({failures[i].job, failures[i].run, failures[i].attempt});
    suggestion.cost_usd += failures[i].cost_usd.value_or(0);
  }
  std::vector<Suggestion> result;
  result.reserve(chosen.size());
  for (auto& [at, suggestion] : chosen) result.push_back(std::move(suggestion));
  std::stable_sort(result.begin(), result.end(), [](const Suggestion& a, const Suggestion& b) {
    if (a.cost_usd != b.cost_usd) return a.cost_usd > b.cost_usd;
    return a.would_classify.size() > b.would_classify.size();
  });
  result.resize(std::min(result.size(), options.most));
  return result;
}

std::string Suggestion::rule_json() const {
  return json::write(rule_value(*this), 2);
}

std::string suggestions_to_json(const std::vector<Suggestion>& suggestions) {
  json::Array rules;
  for (const Suggestion& suggestion : suggestions) {
    json::Value value = rule_value(suggestion);
    value.as<json::Object>()->emplace_back("suggestion", about(suggestion));
    rules.push_back(std::move(value));
  }
  return json::write(json::object({{"schema", "jobmedic.rules/1"}, {"rules", std::move(rules)}}));
}

std::vector<Suggestion> parse_suggestions(std::string_view text, std::string_view file) {
  const RuleSet set = RuleSet::parse(text, file);
  const json::Value document = json::parse(text);
  std::vector<Suggestion> suggestions;
  try {
    const std::vector<json::Reader> items = json::Reader(document).at("rules").items();
    for (std::size_t i = 0; i < items.size(); ++i) suggestions.push_back(read_suggestion(items[i], set.rules()[i]));
  } catch (const Error& error) {
    throw error.within(file);
  }
  return suggestions;
}

}  // namespace jobmedic
