// Right-sizing with a store: the job's history in, a patch out.
#include <fmt/format.h>

#include <algorithm>

#include "core/time.hpp"
#include "jobmedic/error.hpp"
#include "json/value.hpp"
#include "remediate/allowed.hpp"
#include "remediate/engine_impl.hpp"
#include "remediate/patch_to_save.hpp"

namespace jobmedic {
namespace {

constexpr std::size_t looked_at = 100;

bool sets_any(const std::string& patch, const std::string& other) {
  const json::Value first = json::parse(patch);
  const json::Value second = json::parse(other);
  const auto path = [](const json::Value& operation) { return operation.find("path"); };
  for (const json::Value& a : *first.as<json::Array>()) {
    for (const json::Value& b : *second.as<json::Array>()) {
      if (path(a) != nullptr && path(b) != nullptr && *path(a) == *path(b)) return true;
    }
  }
  return false;
}

// The id of what was proposed for the job and still waits; empty: nothing does.
std::string proposal_for(const Store& store, const Attempt& next) {
  for (const StoredPatch& patch : store.patches_matching(next)) {
    if (patch.damage.empty() && patch.proposed() && patch.scope.job == next.job) return patch.id;
  }
  return "";
}

// The job's tries that ended, oldest first.
std::vector<Attempt> finished(const Store& store, const std::string& job) {
  std::vector<Attempt> past = store.recent_attempts(job, looked_at);
  std::reverse(past.begin(), past.end());
  std::erase_if(past, [](const Attempt& attempt) { return !attempt.outcome; });
  return past;
}

}  // namespace

Rightsizing Engine::rightsize(const Attempt& next, bool apply) {
  const auto used = impl_->in_use();
  return impl_->counting_errors([&] { return impl_->rightsize(*used, next, apply); });
}

Rightsizing Engine::Impl::rightsize(const Snapshot& used, const Attempt& next, bool apply) const {
  Rightsizing answer = size(used, next, apply);
  save_where_due(used, next, answer);
  return answer;
}

Rightsizing Engine::Impl::size(const Snapshot& used, const Attempt& next, bool apply) const {
  const Store& history = needed_store();
  const std::string space = used.space ? used.space_document : shipped_space(next.engine);
  Rightsizing answer = jobmedic::rightsize(next, finished(history, next.job), space, config.rightsize);
  answer.mode = apply ? config.loop.mode_for(next) : "dry_run";
  if (const Automation automation = history.automation(); automation.stopped) {
    answer.mode = "dry_run";
    answer.reason = automation.words() + "; " + answer.reason;
    tell_stopped(automation);
  }
  return answer;
}

// What stands alone must carry what the patch before it changed; a person's own setting is not overruled. In shadow
// mode the same is saved disabled.
void Engine::Impl::save_where_due(const Snapshot& used, const Attempt& next, Rightsizing& answer) const {
  if (answer.mode == "dry_run" || answer.decision != "patch") return;
  const bool acts = answer.mode == "act";
  const TimePoint time = now();
  StoredPatch patch;
  patch.scope.job = next.job;
  if (!next.engine.empty()) patch.scope.engine = next.engine;
  patch.patch = answer.patch;
  const std::vector<StoredPatch> earlier = store->patches_for(next, format_time(time));
  if (!earlier.empty() && !earlier.back().layer && earlier.back().damage.empty()) {
    const StoredPatch& last = earlier.back();
    const bool own = last.sizes() || last.source == patch_source::recommendation;
    if (!own && sets_any(last.patch, answer.patch)) {
      answer.decision = "keep";
      answer.reason = fmt::format("patch {} of a person ({}) sets this: it is left alone", last.id, last.source);
      return;
    }
    patch.patch = one_after_the_other(last.patch, answer.patch);
    if (acts && last.sizes() && last.scope.job == patch.scope.job) patch.id = last.id;
  }
  if (patch.id.empty()) patch.id = proposal_for(*store, next);
  const std::string problem = objection(patch.patch, *space(used, next.engine));
  if (!problem.empty()) throw Error(Status::patch, "patch: " + problem);
  patch.created_at = format_time(time);
  patch.expires_at = format_time(time + std::chrono::hours(24) * config.rightsize.keep_days);
  patch.source = acts ? patch_source::rightsize : patch_source::proposal;
  patch.disabled = !acts;
  patch.plan_hash = plan_hash(next.plan);
  patch.note = answer.reason;
  answer.patch_id = store->put_patch(patch, {"jobmedic rightsize", answer.reason}).id;
}

}  // namespace jobmedic
