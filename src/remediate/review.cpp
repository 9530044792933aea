#include "jobmedic/review.hpp"

#include <algorithm>
#include <map>

#include "core/hash.hpp"
#include "json/reader.hpp"

namespace jobmedic {
namespace {

constexpr std::uint64_t fewest_healed = 2;
constexpr std::uint64_t fewest_failed = 3;
constexpr double healed_share = 0.5;
constexpr double failed_share = 0.9;
constexpr std::size_t most_examples = 5;

// What of an attempt the review needs; a history may hold millions.
struct Try {
  std::string rule;  // empty: it succeeded, or no rule knew it
  bool succeeded = false;
  double cost_usd = 0;
  std::uint64_t config = 0;
};
using Run = std::map<std::int64_t, Try>;  // by attempt

// Equal for equal configurations, in whatever order their members stand.
std::uint64_t config_hash(const Attempt& attempt) {
  json::Value config = json::parse(attempt.config);
  if (auto* members = config.as<json::Object>()) {
    std::sort(members->begin(), members->end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  }
  return hash64(json::write(config));
}

// A rule and what its own retries showed.
struct Retries {
  std::uint64_t failed() const { return retries - succeeded; }
  std::uint64_t retries = 0;
  std::uint64_t succeeded = 0;
  double cost_of_succeeded = 0;
  double cost_of_failed = 0;
  std::vector<AttemptName> healed;
  std::vector<AttemptName> not_healed;
};

void take_in(std::map<std::string, Retries>& evidence, const std::string& job, const std::string& run,
             const Run& tries) {
  for (auto failed = tries.begin(); failed != tries.end(); ++failed) {
    const auto retry = std::next(failed);
    if (retry == tries.end()) return;
    if (failed->second.succeeded || failed->second.rule.empty()) continue;
    if (failed->second.config != retry->second.config) continue;
    Retries& it = evidence[failed->second.rule];
    ++it.retries;
    it.succeeded += retry->second.succeeded ? 1 : 0;
    (retry->second.succeeded ? it.cost_of_succeeded : it.cost_of_failed) += retry->second.cost_usd;
    auto& examples = retry->second.succeeded ? it.healed : it.not_healed;
    if (examples.size() < most_examples) examples.push_back({job, run, failed->first});
  }
}

std::map<std::string, Retries> gather(const Store& store) {
  std::map<std::pair<std::string, std::string>, Run> runs;
  store.each_attempt([&](const Attempt& attempt) {
    if (!attempt.outcome) return;
    const Outcome& outcome = *attempt.outcome;
    runs[{attempt.job, attempt.run}][attempt.attempt] = {outcome.succeeded ? "" : outcome.rule, outcome.succeeded,
                                                         outcome.cost_usd.value_or(0), config_hash(attempt)};
  });
  std::map<std::string, Retries> evidence;
  for (const auto& [name, tries] : runs) take_in(evidence, name.first, name.second, tries);
  return evidence;
}

// Notes are for people: `rule "NAME" gave up: ...`.
std::map<std::string, std::uint64_t> count_given_up(const Store& store) {
  std::map<std::string, std::uint64_t> counts;
  store.each_remediation([&](const std::string& document) {
    if (document.find("gave up") == std::string::npos) return;
    const json::Value value = json::parse(document);
    const json::Value* verdict = value.find("classification");
    const json::Value* notes = verdict == nullptr ? nullptr : verdict->find("notes");
    const auto* lines = notes == nullptr ? nullptr : notes->as<json::Array>();
    if (lines == nullptr) return;
    for (const json::Value& line : *lines) {
      const auto* note = line.as<std::string>();
      constexpr std::string_view begin = "rule \"";
      const std::size_t end = note == nullptr ? std::string::npos : note->find("\" gave up");
      if (end != std::string::npos && note->starts_with(begin))
        ++counts[note->substr(begin.size(), end - begin.size())];
    }
  });
  return counts;
}

RuleReview judge(const Rule& rule, const Retries& evidence, std::uint64_t gave_up) {
  RuleReview review{rule.name, rule.restartable, evidence.retries, evidence.succeeded, 0, false, gave_up, {}};
  const std::uint64_t against = rule.restartable ? evidence.failed() : evidence.succeeded;
  const double share = evidence.retries == 0 ? 0 : static_cast<double>(against) / static_cast<double>(evidence.retries);
  review.contradicted = rule.restartable ? against >= fewest_failed && share >= failed_share
                                         : against >= fewest_healed && share >= healed_share;
  review.cost_usd = rule.restartable ? evidence.cost_of_failed : evidence.cost_of_succeeded;
  review.examples = rule.restartable ? evidence.not_healed : evidence.healed;
  return review;
}

}  // namespace

std::vector<RuleReview> review_rules(const Store& store, const RuleSet& rules) {
  const auto evidence = gather(store);
  const auto given_up = count_given_up(store);
  std::vector<RuleReview> reviews;
  for (const Rule& rule : rules.rules()) {
    const auto seen = evidence.find(rule.name);
    const auto gave_up = given_up.find(rule.name);
    RuleReview review =
        judge(rule, seen == evidence.end() ? Retries() : seen->second, gave_up == given_up.end() ? 0 : gave_up->second);
    if (review.contradicted || review.gave_up > 0) reviews.push_back(std::move(review));
  }
  std::sort(reviews.begin(), reviews.end(), [](const RuleReview& a, const RuleReview& b) {
    if (a.contradicted != b.contradicted) return a.contradicted;
    return a.cost_usd != b.cost_usd ? a.cost_usd > b.cost_usd : a.rule < b.rule;
  });
  return reviews;
}

}  // namespace jobmedic
