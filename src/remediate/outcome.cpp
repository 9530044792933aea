// What became of a retry, and what it teaches.
#include "jobmedic/outcome.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "jobmedic/error.hpp"
#include "remediate/engine_impl.hpp"

namespace jobmedic {
namespace {

// The try before: the same run's, else whatever the job did last.
std::optional<Attempt> try_before(const Store& store, const Attempt& attempt) {
  for (std::int64_t number = attempt.attempt - 1; number > 0; --number) {
    if (auto before = store.attempt(attempt.job, attempt.run, number)) return before;
  }
  return store.last_attempt(attempt.job);
}

// The next run of the job, about as large as the last.
Attempt after(const Attempt& last) {
  Attempt next = last;
  next.outcome.reset();
  next.duration_s.reset();
  next.document.clear();
  std::erase_if(next.metrics, [](const auto& metric) { return !metric.first.starts_with("input_"); });
  return next;
}

// A patch that a person disabled stays so.
bool made_by_rightsizing(const Lesson& lesson) {
  const StoredPatch& patch = lesson.patch;
  return patch.sizes() && patch.damage.empty() && (!patch.disabled || lesson.learnt == "retired");
}

}  // namespace

// An outcome alone does not say what it is the outcome of; a model learns from configurations.
Attempt Engine::Impl::with_config(const Snapshot& used, Attempt attempt) const {
  if (attempt.config != "{}" || !attempt.engine.empty()) return attempt;
  if (store->attempt(attempt.job, attempt.run, attempt.attempt)) return attempt;  // the store completes it
  const auto before = try_before(*store, attempt);
  if (!before) return attempt;
  attempt.engine = before->engine;
  attempt.plan = before->plan;
  attempt.labels.insert(before->labels.begin(), before->labels.end());
  attempt.labels.erase("failure");  // what the other try's logs told
  attempt.config = before->config;
  attempt.config = config_for(used, attempt).config;
  return attempt;
}

RecordedOutcome Engine::record_outcome(const Attempt& attempt, const OutcomeOptions& options) {
  const auto used = impl_->in_use();
  Store& store = impl_->needed_store();
  return impl_->counting_errors([&] {
    const Attempt whole = impl_->with_config(*used, used->secrets.mask(attempt));
    OutcomeOptions ours = options;
    ours.loop = impl_->config.loop;
    ours.loop.mode = ours.loop.mode_for(whole);
    RecordedOutcome outcome = store.record_outcome(whole, ours);
    if (ours.loop.mode == "act" && outcome.what != "known") impl_->grow_again(*used, outcome);
    impl_->tell_learnt(outcome);
    return outcome;
  });
}

// The outcome stands whatever becomes of this.
void Engine::Impl::grow_again(const Snapshot& used, RecordedOutcome& outcome) const {
  std::vector<Lesson>& lessons = outcome.lessons;
  if (std::none_of(lessons.begin(), lessons.end(), made_by_rightsizing)) return;
  try {
    const Attempt next = after(outcome.attempt);
    Rightsizing wanted = size(used, next, true);
    const auto grows = [](const Rightsizing::Setting& setting) { return setting.decision == "grow"; };
    if (std::none_of(wanted.settings.begin(), wanted.settings.end(), grows)) return;
    save_where_due(used, next, wanted);
    const auto patch = wanted.patch_id.empty() ? std::nullopt : store->patch(wanted.patch_id);
    if (!patch) return;
    std::erase_if(lessons, [&](const Lesson& lesson) { return lesson.patch.id == patch->id; });
    lessons.push_back({*patch, "raised", wanted.reason});
  } catch (const Error& error) {
    tell_failed(error, "more memory for the job's next run");
  }
}

void Engine::Impl::tell_learnt(const RecordedOutcome& outcome) const {
  if (outcome.what == "recorded") {
    metrics::count(outcome.attempt.outcome->succeeded ? counts.outcomes_succeeded : counts.outcomes_failed);
  }
  for (const Lesson& lesson : outcome.lessons) {
    if (lesson.learnt == "left" || outcome.what == "known") continue;
    tell(Level::info,
         lesson.learnt == "kept"      ? "patch_kept"
         : lesson.learnt == "retired" ? "patch_retired"
         : lesson.learnt == "raised"  ? "patch_raised"
                                      : "patch_restored",
         fmt::format("patch {} is {}: {}", lesson.patch.id, lesson.learnt, lesson.reason),
         {{"patch", lesson.patch.id}, {"job", outcome.attempt.job}, {"reason", lesson.reason}});
  }
}

}  // namespace jobmedic
