#include "remediate/retry.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/hash.hpp"

namespace jobmedic {
namespace {

constexpr double first_wait_s = 30;
constexpr double longest_wait_s = 900;

// Doubles with each try; spread by a quarter so that jobs that failed together do not come back together. From the
// attempt's own name: the same attempt always waits the same time.
double backoff(const Attempt& failed) {
  const auto doublings = static_cast<double>(std::clamp<std::int64_t>(failed.attempt - 1, 0, 32));
  const double wait = std::min(longest_wait_s, first_wait_s * std::exp2(doublings));
  const std::uint64_t hash = hash64(fmt::format("{}\n{}\n{}", failed.job, failed.run, failed.attempt));
  const double share = unit_number(hash);
  return std::round(wait * (0.75 + 0.5 * share));
}

std::string cause(const Classification& verdict) {
  return fmt::format("{} ({})", verdict.rule, verdict.category);
}

RetryDecision by_recommendation(const Attempt& failed, const Recommendation& recommendation) {
  if (recommendation.decision == "do_not_retry") return {false, 0, recommendation.reason};
  // A new configuration heals at once; an unchanged one needs the world around it to change.
  const double wait = recommendation.decision == "retry_with_patch" ? 0 : backoff(failed);
  return {true, wait, recommendation.reason};
}

RetryDecision by_verdict(const Attempt& failed, const Classification& verdict) {
  if (verdict.restartable) return {true, backoff(failed), fmt::format("{}: likely to pass by itself", cause(verdict))};
  const std::string way_out = verdict.advice.empty() ? "would fail again" : verdict.advice;
  return {false, 0, fmt::format("{}: {}", cause(verdict), way_out)};
}

RetryDecision up_to_the_last(const Attempt& failed, RetryDecision decision, const Policy& policy) {
  if (!decision.restart || failed.attempt <= policy.max_retries) return decision;
  return {
      false, 0,
      fmt::format("attempt {} was the last (max_retries {}); {}", failed.attempt, policy.max_retries, decision.reason)};
}

}  // namespace

bool needs_recommendation(const Classification& verdict) {
  return !verdict.classified || verdict.category == "memory_config" || !verdict.retry.empty();
}

RetryDecision decide_retry(const Attempt& failed, const Classification& verdict,
                           const std::optional<Recommendation>& recommendation, const Policy& policy) {
  return up_to_the_last(
      failed, recommendation ? by_recommendation(failed, *recommendation) : by_verdict(failed, verdict), policy);
}

bool in_quarantine(const Store::JobRecord& record, const LoopPolicy& loop) {
  return loop.quarantine_after > 0 && record.patched_failures >= loop.quarantine_after;
}

RetryDecision quarantine(const Store::JobRecord& record) {
  return {false, 0,
          fmt::format("in quarantine: its last {} patched tries failed; look into it, and run it once with success",
                      record.patched_failures)};
}

RetryDecision within_budget(RetryDecision decision, const Store::JobRecord& record, const LoopPolicy& loop) {
  if (!decision.restart || loop.retry_budget == 0 || record.retries < loop.retry_budget) return decision;
  return {false, 0,
          fmt::format("the job had its {} retries within {} h (retry_budget); {}", record.retries,
                      loop.retry_budget_hours, decision.reason)};
}

RetryDecision retry_by_default(const Attempt& failed, const std::string& reason, const Policy& policy) {
  return up_to_the_last(failed, {true, backoff(failed), reason}, policy);
}

}  // namespace jobmedic
