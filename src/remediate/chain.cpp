// classify -> recommend -> save the patch -> decide about the retry, once per attempt.
#include "core/time.hpp"
#include "jobmedic/error.hpp"
#include "remediate/engine_impl.hpp"
#include "remediate/patch_to_save.hpp"
#include "remediate/retry.hpp"

namespace jobmedic {
namespace {

// The failed attempt as history keeps it: with the verdict on it.
Attempt explained(Attempt failed, const Classification& verdict) {
  if (!failed.outcome) failed.outcome.emplace();
  failed.outcome->rule = verdict.rule;
  failed.outcome->category = verdict.category;
  return failed;
}

// An unknown failure known again by what its logs tell first: a label, so that the history keeps it for the model.
void label_failure(Attempt& failed, const std::vector<TellingLine>& telling) {
  if (telling.empty()) return;
  const TellingLine& first = telling.front();
  failed.labels.emplace("failure", first.exception.empty() ? first.text : first.exception);
}

}  // namespace

Remediation Engine::Impl::decide(const Snapshot& used, const Attempt& failed, const Classification& verdict) const {
  Remediation answer{verdict, std::nullopt, {}, "", {}};
  if (needs_recommendation(verdict)) {
    const auto known = space(used, failed.engine);
    const auto predictor = model_or_fallback(used);
    const std::vector<Attempt> past = predictor ? past_of(failed) : std::vector<Attempt>{};
    answer.recommendation = jobmedic::recommend(failed, verdict, predictor.get(), *known, config.policy, past);
  }
  answer.retry = decide_retry(failed, verdict, answer.recommendation, config.policy);
  return answer;
}

std::string Engine::Impl::decide_and_save(const Snapshot& used, const Attempt& failed, const Classification& verdict,
                                          const std::function<std::vector<TellingLine>()>& mine) const {
  Attempt safe = used.secrets.mask(failed);
  std::vector<TellingLine> telling;
  if (!verdict.classified && mine) telling = mine();
  label_failure(safe, telling);
  Remediation answer = decide(used, safe, verdict);
  answer.telling = std::move(telling);
  if (!store) return answer.to_json();
  std::optional<StoredPatch> patch;
  if (answer.recommendation && answer.recommendation->decision == "retry_with_patch") {
    const TimePoint time = now();
    patch = patch_to_save(failed, *answer.recommendation, store->patches_for(failed, format_time(time)), time);
  }
  const auto saved = store->save_remediation(
      explained(safe, verdict), patch,
      [&](const std::string& patch_id) {
        answer.patch_id = patch_id;
        return answer.to_json();
      },
      answer.telling);
  return saved.document;
}

std::optional<std::string> Engine::Impl::answered(const Attempt& failed) const {
  if (failed.outcome && failed.outcome->succeeded) {
    throw Error(Status::invalid_argument, "/outcome/succeeded: is true, and only a failed attempt can be remediated",
                R"({"pointer":"/outcome/succeeded"})");
  }
  return store ? store->remediation(failed.job, failed.run, failed.attempt) : std::nullopt;
}

}  // namespace jobmedic
