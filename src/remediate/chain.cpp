// classify -> recommend -> save the patch -> decide about the retry, once per attempt; the scheduler then gets the
// configuration.
#include <fmt/format.h>

#include "core/time.hpp"
#include "jobmedic/error.hpp"
#include "remediate/allowed.hpp"
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

bool wants_patch(const Remediation& answer) {
  return answer.recommendation && answer.recommendation->decision == "retry_with_patch";
}

std::string words(const RetryDecision& retry) {
  return retry.restart ? fmt::format("retry after {} s: {}", retry.after_s, retry.reason) : "no retry: " + retry.reason;
}

// The steps of one answer, for the log; told once the store is no longer held.
class Trace {
 public:
  explicit Trace(const Attempt& failed)
      : who_(fmt::format("job {}, run {}, attempt {}", failed.job, failed.run, failed.attempt)) {}
  void add(std::string_view step, std::string_view what) {
    steps_.emplace_back(step, fmt::format("{}: {}: {}", step, who_, what));
  }
  /// to(step, its line)
  template <typename Tell>
  void tell(const Tell& to) const {
    for (const auto& [step, line] : steps_) to(step, line);
  }

 private:
  std::string who_;
  std::vector<std::pair<std::string_view, std::string>> steps_;
};

}  // namespace

Remediation Engine::Impl::recommended(const Snapshot& used, const Attempt& failed,
                                      const Classification& verdict) const {
  Remediation answer;
  answer.classification = verdict;
  answer.mode = config.loop.mode_for(failed);
  if (!needs_recommendation(verdict)) return answer;
  answer.recommendation = measured(metrics::Operation::recommend,
                                   [&] { return recommend(used, failed, verdict, model_or_fallback(used).get()); });
  return answer;
}

Recommendation Engine::Impl::recommend(const Snapshot& used, const Attempt& failed, const Classification& verdict,
                                       const Model* predictor) const {
  const auto known = space(used, failed.engine);
  const std::vector<Attempt> past = predictor != nullptr ? past_of(failed) : std::vector<Attempt>{};
  Recommendation answer =
      guarded(jobmedic::recommend(failed, verdict, predictor, *known, config.policy, past), verdict, *known);
  check_deadline(failed, answer);
  return answer;
}

void Engine::Impl::decide(Remediation& answer, const Attempt& failed, const Store::JobRecord& record) const {
  RetryDecision retry = decide_retry(failed, answer.classification, answer.recommendation, config.policy);
  if (answer.quarantined) retry = quarantine(record);
  retry = within_budget(std::move(retry), record, config.loop);
  answer.retry = std::move(retry);
  if (answer.mode == "act") return;
  answer.would = std::move(answer.retry);
  answer.retry = retry_by_default(failed, answer.mode + ": the retry is the scheduler's own", config.policy);
}

std::string Engine::Impl::decide_and_save(const Snapshot& used, const Attempt& failed, const Classification& verdict,
                                          const std::function<std::vector<TellingLine>()>& mine) const {
  Attempt safe = used.secrets.mask(failed);
  std::vector<TellingLine> telling;
  if (!verdict.classified && mine) telling = mine();
  label_failure(safe, telling);
  Trace trace(safe);
  trace.add("classify", verdict.classified ? fmt::format("{} ({})", verdict.rule, verdict.category) : "unclassified");
  if (store) {
    if (const Automation automation = store->automation(); automation.stopped) {
      return leave_alone(used, safe, verdict, automation, std::move(telling));
    }
  }
  Remediation answer = recommended(used, safe, verdict);
  if (answer.recommendation) trace.add("recommend", answer.recommendation->decision);
  answer.telling = std::move(telling);

  const TimePoint time = now();
  const Store::JobRecord record = store ? record_of(safe, time) : Store::JobRecord{};
  answer.quarantined = wants_patch(answer) && in_quarantine(record, config.loop);
  std::optional<StoredPatch> patch;
  if (store && wants_patch(answer) && !answer.quarantined && answer.mode == "act") {
    // A patch that the failure has retired already is one that the attempt ran with, too.
    auto earlier = store->patches_used(failed);
    if (earlier.empty()) earlier = store->patches_for(failed, format_time(time));
    patch = patch_to_save(failed, *answer.recommendation, earlier, *space(used, failed.engine), time);
  }
  const auto finish = [&](const std::string& patch_id) {
    if (!patch_id.empty()) trace.add("save", patch_id);
    answer.patch_id = patch_id;
    decide(answer, safe, record);
    trace.add("decide", words(answer.retry));
    return answer.to_json();
  };
  OutcomeOptions outcome{config.loop, false, {"jobmedic remediate", ""}};
  outcome.loop.mode = answer.mode;
  const auto [document, fresh] =
      store && answer.mode != "dry_run"
          ? store->save_remediation(explained(safe, verdict), patch, finish, answer.telling, &outcome)
          : Store::SavedRemediation{finish(""), true};
  if (fresh) count_answer(used, answer);
  trace.tell([&](std::string_view step, const std::string& line) {
    tell(Level::debug, step, line, {{"job", safe.job}, {"run", safe.run}, {"attempt", std::to_string(safe.attempt)}});
  });
  return document;
}

Store::JobRecord Engine::Impl::record_of(const Attempt& failed, TimePoint time) const {
  constexpr double ms_per_hour = 3'600'000;
  const std::chrono::milliseconds window(static_cast<std::int64_t>(config.loop.retry_budget_hours * ms_per_hour));
  try {
    return store->job_record(failed, format_time(time - window));
  } catch (const Error& error) {
    tell_failed(error, "the job's record");
    return {};
  }
}

std::string Engine::Impl::leave_alone(const Snapshot& used, const Attempt& safe, const Classification& verdict,
                                      const Automation& automation, std::vector<TellingLine> telling) const {
  Remediation answer;
  answer.classification = verdict;
  answer.stopped = automation;
  answer.retry = retry_by_default(safe, automation.words() + "; the retry is the scheduler's own", config.policy);
  answer.telling = std::move(telling);
  const auto known = store->attempt(safe.job, safe.run, safe.attempt);
  if (!known || !known->outcome) store->record(explained(safe, verdict));
  if (!answer.telling.empty()) store->keep_telling(safe, answer.telling);
  tell_stopped(automation);
  count_answer(used, answer);
  return answer.to_json();
}

std::optional<std::string> Engine::Impl::answered(const Attempt& failed) const {
  if (failed.outcome && failed.outcome->succeeded) {
    throw Error(Status::invalid_argument, "/outcome/succeeded: is true, and only a failed attempt can be remediated",
                R"({"pointer":"/outcome/succeeded"})");
  }
  if (!store || config.loop.mode == "dry_run" || store->automation().stopped) return std::nullopt;
  return store->remediation(failed.job, failed.run, failed.attempt);
}

}  // namespace jobmedic
