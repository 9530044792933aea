#include <algorithm>
// Verdicts as data: tests/data/classify/verdicts.json holds rules, logs and the verdict they must give.
#include <catch2/catch.hpp>

#include "classify_helpers.hpp"

using namespace jobmedic;

namespace {

struct NamedLog {
  std::string name;
  std::string data;
};

// Each member of `expected` is in `found`, and so on inside; arrays are compared as a whole.
bool includes(const json::Value& found, const json::Value& expected) {
  const auto* members = expected.as<json::Object>();
  if (members == nullptr) return found == expected;
  return std::all_of(members->begin(), members->end(), [&](const json::Member& member) {
    const json::Value* value = found.find(member.first);
    return value != nullptr && includes(*value, member.second);
  });
}

}  // namespace

TEST_CASE("recorded verdicts") {
  const json::Value document = classify_data("verdicts.json");
  for (const json::Reader& entry : json::Reader(document).at("cases").items()) {
    CAPTURE(entry.at("name").string());
    const Classifier classifier = uncached(RuleSet::parse(
        json::write(json::object({{"schema", "jobmedic.rules/1"}, {"rules", entry.at("rules").value()}}))));
    std::vector<NamedLog> texts;
    for (const auto& [name, text] : entry.at("logs").members()) texts.push_back({name, text.string()});
    std::vector<Log> logs;
    for (const NamedLog& text : texts) logs.push_back({text.name, text.data});
    std::optional<Attempt> attempt;
    if (const auto given = entry.find("attempt")) attempt = Attempt::parse(json::write(given->value()));

    const std::string verdict = classifier.classify(logs, attempt ? &*attempt : nullptr).to_json();
    CAPTURE(verdict);
    CHECK(includes(json::parse(verdict), entry.at("verdict").value()));
    if (const auto others = entry.find("others")) {
      std::vector<std::string> names;
      for (const RuleMatch& other : Classification::parse(verdict).other_matches) names.push_back(other.rule);
      CHECK(names == others->strings());
    }
  }
}
