#include <array>
#include <map>

#include "core/time.hpp"
#include "jobmedic/metrics.hpp"
#include "json/value.hpp"
#include "metrics/exposition.hpp"

namespace jobmedic {
namespace {

using metrics::Exposition;
using RuleKey = std::pair<std::string, std::string>;  // rule, category

constexpr std::array<const char*, 6> states{"in_force", "disabled", "used_up", "expired", "not_yet_active", "damaged"};

// Which rules may become a label, and of which category.
class KnownRules {
 public:
  explicit KnownRules(const RuleSet& rules) {
    for (const Rule& rule : rules.rules()) categories_.emplace(rule.name, rule.category);
  }
  [[nodiscard]] RuleKey key(const std::string& rule) const {
    if (rule.empty()) return {"unclassified", "unclassified"};
    const auto found = categories_.find(rule);
    return found == categories_.end() ? RuleKey{"other", "other"} : RuleKey{rule, found->second};
  }

 private:
  std::map<std::string, std::string> categories_;
};

std::string state_of(const StoredPatch& patch, TimePoint now) {
  if (!patch.damage.empty()) return "damaged";
  if (patch.disabled) return "disabled";
  if (patch.uses_left && *patch.uses_left <= 0) return "used_up";
  const auto expires = parse_time(patch.expires_at);
  if (expires && *expires <= now) return "expired";
  const auto activates = parse_time(patch.activates_at);
  return activates && *activates > now ? "not_yet_active" : "in_force";
}

std::string text_at(const json::Value& document, const char* outer, const char* inner) {
  const json::Value* value = document.find(outer);
  value = value == nullptr ? nullptr : value->find(inner);
  const auto* text = value == nullptr ? nullptr : value->as<std::string>();
  return text == nullptr ? "" : *text;
}

std::string decision_of(const json::Value& document) {
  const json::Value* retry = document.find("retry");
  const json::Value* restart = retry == nullptr ? nullptr : retry->find("restart");
  const bool* again = restart == nullptr ? nullptr : restart->as<bool>();
  if (again == nullptr || !*again) return "do_not_retry";
  return document.find("patch_id") != nullptr ? "retry_with_patch" : "retry_unchanged";
}

void write_attempts(Exposition& out, const Store& store, const KnownRules& rules) {
  std::uint64_t running = 0;
  std::uint64_t succeeded = 0;
  std::uint64_t failed = 0;
  std::map<RuleKey, std::uint64_t> failures;
  store.each_attempt([&](const Attempt& attempt) {
    if (!attempt.outcome) {
      ++running;
    } else if (attempt.outcome->succeeded) {
      ++succeeded;
    } else {
      ++failed;
      ++failures[rules.key(attempt.outcome->rule)];
    }
  });
  out.family("jobmedic_store_attempts", "gauge", "Attempts in the history, by how they ended.");
  out.sample({{"outcome", "succeeded"}}, succeeded);
  out.sample({{"outcome", "failed"}}, failed);
  out.sample({{"outcome", "none"}}, running);
  out.family("jobmedic_store_failures", "gauge", "Failed attempts in the history, by the rule that explained them.");
  for (const auto& [key, count] : failures) out.sample({{"rule", key.first}, {"category", key.second}}, count);
}

void write_remediations(Exposition& out, const Store& store, const KnownRules& rules) {
  std::map<std::pair<RuleKey, std::string>, std::uint64_t> answers;
  store.each_remediation([&](const std::string& text) {
    const json::Value document = json::parse(text);
    ++answers[{rules.key(text_at(document, "classification", "rule")), decision_of(document)}];
  });
  out.family("jobmedic_store_remediations", "gauge", "Remediations given, by rule and decision.");
  for (const auto& [key, count] : answers) {
    out.sample({{"rule", key.first.first}, {"category", key.first.second}, {"decision", key.second}}, count);
  }
}

void write_patches(Exposition& out, const Store& store) {
  std::map<std::string, std::uint64_t> counts;
  const TimePoint time = now();
  for (const StoredPatch& patch : store.patches()) ++counts[state_of(patch, time)];
  out.family("jobmedic_store_patches", "gauge", "Patches, by why they apply or do not.");
  for (const char* state : states) out.sample({{"state", state}}, counts[state]);
}

void write_models(Exposition& out, const Store& store) {
  out.family("jobmedic_store_model_versions", "gauge", "Model versions kept.");
  out.sample({}, std::uint64_t{store.models().size()});
  out.family("jobmedic_store_model_info", "gauge", "The model version in service.");
  if (const std::string version = store.serving_version(); !version.empty()) {
    out.sample({{"version", version}}, std::uint64_t{1});
  }
  std::map<std::string, std::uint64_t> kinds{{"trained", 0}, {"promoted", 0}, {"forced", 0}, {"rolled back", 0}};
  std::vector<Promotion> promotions = store.promotions();
  std::erase_if(promotions, [](const Promotion& promotion) { return promotion.of != ModelKind::recommend; });
  for (const Promotion& promotion : promotions) {
    if (const auto kind = kinds.find(promotion.kind); kind != kinds.end()) ++kind->second;
  }
  out.family("jobmedic_store_promotions", "gauge", "Times that a model version was put into service, by kind.");
  for (const auto& [kind, count] : kinds) out.sample({{"kind", kind}}, count);
  out.family("jobmedic_store_promotion_timestamp_seconds", "gauge", "When the version in service was put there.");
  const auto at = promotions.empty() ? std::nullopt : parse_time(promotions.back().at);
  if (at) out.sample({}, std::chrono::duration<double>(at->time_since_epoch()).count());
}

}  // namespace

std::string store_metrics(const Store& store, const RuleSet& rules) {
  const KnownRules known(rules);
  Exposition out;
  write_attempts(out, store, known);
  write_remediations(out, store, known);
  write_patches(out, store);
  write_models(out, store);
  out.family("jobmedic_store_automation_stopped", "gauge", "1 while the kill switch is on.");
  out.sample({}, std::uint64_t{store.automation().stopped ? 1U : 0U});
  return out.text();
}

}  // namespace jobmedic
