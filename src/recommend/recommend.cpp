#include "jobmedic/recommend.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "recommend/fallback.hpp"
#include "recommend/least_cost.hpp"
#include "recommend/reason.hpp"
#include "recommend/search.hpp"

namespace jobmedic {
namespace recommender {
namespace {

// A patch for a failure that an unchanged retry may also heal must be better by this much of the objective.
constexpr double worthwhile = 0.05;

Recommendation answer_of(std::string decision, std::string reason, std::string method) {
  Recommendation answer;
  answer.decision = std::move(decision);
  answer.reason = std::move(reason);
  answer.method = std::move(method);
  return answer;
}

// What the rule alone decides; none where memory may heal the failure, or nobody knows what happened.
std::optional<Recommendation> by_rule(const Classification& verdict) {
  if (verdict.retry == "always") {
    return answer_of("retry_unchanged", fmt::format("rule {} always retries", verdict.rule), "rule");
  }
  if (verdict.retry == "never") {
    return answer_of("do_not_retry", fmt::format("rule {} never retries", verdict.rule), "rule");
  }
  if (!verdict.classified || verdict.category == "memory_config") return std::nullopt;
  if (verdict.restartable) {
    return answer_of("retry_unchanged",
                     fmt::format("{} ({}): the same configuration may well succeed", verdict.rule, verdict.category),
                     "rule");
  }
  return answer_of(
      "do_not_retry",
      fmt::format("{} ({}): it would fail again, and memory does not heal it", verdict.rule, verdict.category), "rule");
}

class Recommender {
 public:
  Recommender(const Attempt& failed, const Classification& verdict, const Model* model, const Space& space,
              const Policy& policy, std::span<const Attempt> past, Deadline deadline)
      : failed_(failed),
        verdict_(verdict),
        model_(model),
        policy_(policy),
        past_(past),
        deadline_(deadline),
        configuration_(failed, space, Remedies::shipped()),
        remedy_(remedy_for(verdict, Remedies::shipped(), configuration_)) {}

  [[nodiscard]] Recommendation answer() const {
    if (remedy_ == nullptr)
      return without_patch(fmt::format("nothing in this space is known to heal {}", verdict_.rule));
    if (model_ == nullptr || remedy_->changes.empty()) return fallback("");
    if (!model_knows_space() && !model_knows_retries()) return fallback("the model knows no parameter of this space");
    const auto narrowed = narrow(*remedy_, configuration_, policy_, *model_);
    const Question question{failed_, verdict_, *model_, configuration_, policy_, past_};
    if (!narrowed && verdict_.classified) return fallback("the model has not learned what this failure needs");
    if (!narrowed) return by_model({judge_unchanged(question), {}, 0, 0, "exhausted"}, NarrowSpace{});
    const SearchResult result = search(question, *remedy_, *narrowed, deadline_);
    if (result.unchanged) return by_model(result, *narrowed);
    Recommendation late = fallback("the deadline passed before the model judged anything");
    late.stopped_by = result.stopped_by;
    return late;
  }

 private:
  [[nodiscard]] bool model_knows_space() const {
    const auto& all = configuration_.space().parameters;
    return std::any_of(all.begin(), all.end(), [&](const Parameter& p) { return model_->learned(p.name); });
  }

  // Whether failures that no rule knows pass by themselves can be learned where no setting ever varied.
  [[nodiscard]] bool model_knows_retries() const { return !verdict_.classified && model_->learned("retry_odds"); }

  // May a retry without any change be the answer?
  [[nodiscard]] bool may_retry_unchanged() const { return !verdict_.classified || verdict_.restartable; }

  [[nodiscard]] std::string why() const {
    return verdict_.classified ? cause(*remedy_, failed_, verdict_, configuration_) : "no rule explains the failure";
  }

  [[nodiscard]] Recommendation without_patch(const std::string& reason) const {
    return answer_of(may_retry_unchanged() ? "retry_unchanged" : "do_not_retry", reason, "fallback");
  }

  [[nodiscard]] Recommendation fallback(const std::string& why_no_model) const {
    const std::string aside = why_no_model.empty() ? "" : "; " + why_no_model;
    if (!verdict_.classified) {
      return without_patch(why() + " and no model judged it: the retry stays as it is" + aside);
    }
    const Plan planned = plan(*remedy_, configuration_, policy_);
    if (planned.changes.empty()) {
      const std::string& obstacle = planned.obstacle.empty() ? remedy_->why_not : planned.obstacle;
      return without_patch(fmt::format("{}, but {}{}", why(), obstacle, aside));
    }
    const std::string cost = price(planned.changes, failed_, configuration_, policy_);
    Recommendation answer =
        answer_of("retry_with_patch",
                  fmt::format("{}: {} by the fixed policy{}{}", why(), shown_changes(planned.changes, configuration_),
                              cost.empty() ? "" : ", at " + cost, aside),
                  "fallback");
    answer.patch = configuration_.patch(planned.changes);
    return answer;
  }

  [[nodiscard]] Recommendation by_model(const SearchResult& result, const NarrowSpace& narrowed) const {
    const Judged* best = best_of(result.judged, weighing(result));
    Recommendation answer = may_retry_unchanged() ? beside_unchanged(best, result) : must_change(best, result);
    if (result.asked > 0) answer.reason += "; " + considered(result, narrowed);
    answer.unchanged = result.unchanged;
    answer.model = model_->version();
    answer.served_by = model_->served_by();
    answer.iterations = result.asked;
    answer.stopped_by = result.stopped_by;
    return answer;
  }

  // Money in units of what healing costs at least; of the unchanged retry where that may heal as well.
  [[nodiscard]] Policy weighing(const SearchResult& result) const {
    Policy policy = policy_;
    if (!may_retry_unchanged()) policy.beta /= least_cost(result.judged, *result.unchanged);
    return policy;
  }

  [[nodiscard]] Recommendation patched(const Judged& best, const SearchResult& result) const {
    Recommendation answer =
        answer_of("retry_with_patch",
                  fmt::format("{}: {} {}; {}", why(), shown_changes(best.changes, configuration_),
                              effect(*result.unchanged, best.prediction), unchanged_retry(*result.unchanged)),
                  "model");
    answer.patch = configuration_.patch(best.changes);
    answer.predicted = best.prediction;
    return answer;
  }

  [[nodiscard]] Recommendation must_change(const Judged* best, const SearchResult& result) const {
    if (best != nullptr) return patched(*best, result);
    // Nothing is feasible: still, a retry is given up only where failure is nearly certain.
    const Judged* safest = safest_of(result);
    if (safest != nullptr && safest->prediction.failure_probability <= policy_.disable_above) {
      Recommendation answer = patched(*safest, result);
      answer.reason +=
          "; the safest that was found, though " + percent(policy_.max_failure_probability) + " is allowed";
      return answer;
    }
    return answer_of("do_not_retry",
                     fmt::format("{}, and {}; {}", why(), nothing_feasible(result), unchanged_retry(*result.unchanged)),
                     "model");
  }

  [[nodiscard]] static const Judged* safest_of(const SearchResult& result) {
    const auto safer = [](const Judged& a, const Judged& b) {
      return a.prediction.failure_probability < b.prediction.failure_probability;
    };
    const auto safest = std::min_element(result.judged.begin(), result.judged.end(), safer);
    return safest == result.judged.end() ? nullptr : &*safest;
  }

  // Unclassified, or a rule that calls the failure restartable: a patch must earn its place, and only near certainty
  // disables the retry.
  [[nodiscard]] Recommendation beside_unchanged(const Judged* best, const SearchResult& result) const {
    const Prediction& unchanged = *result.unchanged;
    const double as_it_is = objective({{}, unchanged, 1}, policy_);
    if (best != nullptr && objective(*best, policy_) < as_it_is - worthwhile) return patched(*best, result);
    const double p = unchanged.failure_probability;
    if (p > policy_.disable_above && best != nullptr) return patched(*best, result);
    if (p > policy_.disable_above) {
      return answer_of(
          "do_not_retry",
          fmt::format("{}; {}, with {}, above the {} from which retries are disabled, and {}", why(),
                      unchanged_retry(unchanged), percent(p), percent(policy_.disable_above), nothing_feasible(result)),
          "model");
    }
    Recommendation answer = answer_of(
        "retry_unchanged", fmt::format("{}; {} ({})", why(), unchanged_retry(unchanged), percent(p)), "model");
    answer.predicted = unchanged;
    return answer;
  }

  [[nodiscard]] std::string nothing_feasible(const SearchResult& result) const {
    const Judged* safest = safest_of(result);
    if (safest == nullptr) return "no other configuration was found";
    return fmt::format("the safest configuration found ({}) would fail with {}, above the {} allowed",
                       shown_changes(safest->changes, configuration_), percent(safest->prediction.failure_probability),
                       percent(policy_.max_failure_probability));
  }

  const Attempt& failed_;
  const Classification& verdict_;
  const Model* model_;
  const Policy& policy_;
  std::span<const Attempt> past_;
  Deadline deadline_;
  Configuration configuration_;
  const Remedy* remedy_;
};

}  // namespace
}  // namespace recommender

Recommendation recommend(const Attempt& failed, const Classification& verdict, const Model* model, const Space& space,
                         const Policy& policy, std::span<const Attempt> past) {
  const auto started = std::chrono::steady_clock::now();
  policy.check();
  auto decided = recommender::by_rule(verdict);
  Recommendation answer =
      decided
          ? std::move(*decided)
          : recommender::Recommender(failed, verdict, model, space, policy, past, started + policy.deadline).answer();
  answer.elapsed_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  return answer;
}

}  // namespace jobmedic
