// Any bytes as a rules document. It is refused with an Error, or its rules can be compiled, judged and used; reading it
// without stopping at bad rules gives the same ones.
#include <cstdint>
#include <cstdlib>

#include "classify/hostile_text.hpp"
#include "classify/lint.hpp"
#include "classify/rule_document.hpp"
#include "jobmedic/error.hpp"

using namespace jobmedic;

namespace {

void judge(const RuleSet& rules) {
  const classify::CompiledRules compiled(rules, {{{}, false}});
  classify::Lint lint(compiled, std::vector<bool>(rules.rules().size(), true));
  classify::lint_order(lint);
  classify::lint_regexes(lint);
  classify::lint_words(lint);
  for (const LintFinding& finding : lint.findings()) {
    if (finding.line().find('\n') != std::string::npos) std::abort();
  }
}

void use(const RuleSet& rules) {
  const Classifier classifier(rules, {{{}, false}});
  std::string text;
  for (const Rule& rule : rules.rules()) {
    for (const std::string& example : rule.matches) text += example + "\n";
    for (const classify::HostileText& hostile : classify::hostile_texts(rule.regex))
      text += hostile.of_size(200) + "\n";
  }
  const Log log{"driver.stderr", text};
  const std::string whole = classifier.classify(std::span(&log, 1)).to_json();
  Scan scan = classifier.scan();
  for (std::size_t at = 0; at < text.size(); at += 61) scan.feed(log.name, std::string_view(text).substr(at, 61));
  scan.feed(log.name, {});
  if (scan.result().to_json() != whole) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  bool refused = false;
  const std::vector<Rule> usable =
      classify::parse_usable_rules(text, "fuzz.json", [&](const Error&) { refused = true; });
  try {
    const RuleSet rules = RuleSet::parse(text, "fuzz.json");
    if (refused || rules.rules() != usable) std::abort();
    if (rules.rules().size() > 8) return 0;  // nothing new, only slower
    judge(rules);
    use(rules);
  } catch (const Error& error) {
    if (error.status() == Status::internal) std::abort();
  }
  return 0;
}
