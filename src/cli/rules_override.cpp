#include "cli/rules_override.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "cli/rule_file.hpp"
#include "core/embedded.hpp"
#include "jobmedic/error.hpp"
#include "jobmedic/rules.hpp"
#include "json/reader.hpp"

namespace jobmedic::cli {
namespace {

const Rule* find(const RuleSet& rules, const std::string& name) {
  const auto found =
      std::find_if(rules.rules().begin(), rules.rules().end(), [&](const Rule& rule) { return rule.name == name; });
  return found == rules.rules().end() ? nullptr : &*found;
}

// As it stands in the pack's own text, so that nothing that this program does not know is lost.
json::Value shipped_rule(const std::string& name) {
  for (const EmbeddedFile& file : embedded::rules()) {
    const json::Value document = json::parse(file.text);
    const auto rules = json::Reader(document).find("rules");
    if (!rules) continue;
    for (const json::Reader& rule : rules->items()) {
      if (rule.string_or("name", "") == name) return rule.value();
    }
  }
  throw Error(Status::invalid_argument, fmt::format("no rule \"{}\", neither yours nor shipped", name));
}

void set(json::Value& object, const std::string& member, json::Value value) {
  if (json::Value* old = object.find(member)) {
    *old = std::move(value);
  } else {
    object.as<json::Object>()->emplace_back(member, std::move(value));
  }
}

}  // namespace

Override override_restartable(const std::string& rule, bool restartable, const std::string& file,
                              const std::string& evidence) {
  const std::string before = read_rule_file(file);
  const RuleSet own = before.empty() ? RuleSet() : RuleSet::parse(before, file);
  const RuleSet shipped = RuleSet::shipped();
  const Rule* known = find(own, rule);
  const bool in_file = known != nullptr;
  if (!in_file) known = find(shipped, rule);
  if (known == nullptr) {
    throw Error(Status::invalid_argument, fmt::format("no rule \"{}\", neither in {} nor shipped", rule, file));
  }
  const std::string says = restartable ? "restartable" : "not restartable";
  if (known->restartable == restartable) {
    throw Error(Status::invalid_argument, fmt::format("rule \"{}\" says {} already", rule, says));
  }

  std::string after;
  if (in_file) {
    after = with_member(before, rule, "restartable", restartable ? "true" : "false");
    if (!evidence.empty()) after = with_member(after, rule, "correction", evidence);
  } else {
    json::Value copy = shipped_rule(rule);
    set(copy, "restartable", restartable);
    if (!evidence.empty()) set(copy, "correction", json::parse(evidence));
    const std::string text = json::write(copy, 2);
    after = before.empty() ? rules_document(text) : with_rule(before, text);
  }
  write_rule_file(file, after);
  return {json::write(json::object(
              {{"schema", "jobmedic.correction/1"}, {"rule", rule}, {"restartable", restartable}, {"file", file}})),
          fmt::format("{}: rule {} is {} from now on\n", file, rule, says)};
}

}  // namespace jobmedic::cli
