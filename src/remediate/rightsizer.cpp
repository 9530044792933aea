// Right-sizing with a store: the job's history in, a patch out.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "core/file.hpp"
#include "core/time.hpp"
#include "jobmedic/error.hpp"
#include "jobmedic/rightsize.hpp"
#include "json/reader.hpp"
#include "remediate/allowed.hpp"
#include "remediate/engine_config.hpp"
#include "remediate/patch_to_save.hpp"

namespace jobmedic {
namespace {

constexpr const char* source = "rightsize";
constexpr std::size_t history = 100;

RightsizePolicy policy_in(std::string_view engine_config) {
  const json::Value value = json::parse(engine_config);
  const auto member = json::Reader(value).find("rightsize");
  return member ? RightsizePolicy::parse(json::write(member->value())) : RightsizePolicy{};
}

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

}  // namespace

struct Rightsizer::Impl {
  explicit Impl(std::string_view text)
      : config(EngineConfig::parse(text)), policy(policy_in(text)), process(::getpid()) {
    if (config.store.empty()) {
      throw Error(Status::invalid_argument, R"(right-sizing needs a history: give "store": "sqlite:PATH")");
    }
    if (config.space) space = config.space->path.empty() ? config.space->text : read_file(config.space->path);
    store = open_store(config);
  }

  [[nodiscard]] std::string space_of(const Attempt& next) const {
    return space.empty() ? shipped_space(next.engine) : space;
  }

  void save(const Attempt& next, Rightsizing& answer) const;

  EngineConfig config;
  RightsizePolicy policy;
  pid_t process;
  std::string space;
  std::unique_ptr<Store> store;
};

// What stands alone must carry what the patch before it changed; a person's own setting is not overruled.
void Rightsizer::Impl::save(const Attempt& next, Rightsizing& answer) const {
  const TimePoint time = now();
  StoredPatch patch;
  patch.scope.job = next.job;
  if (!next.engine.empty()) patch.scope.engine = next.engine;
  patch.patch = answer.patch;
  const std::vector<StoredPatch> earlier = store->patches_for(next, format_time(time));
  if (!earlier.empty() && !earlier.back().layer && earlier.back().damage.empty()) {
    const StoredPatch& last = earlier.back();
    const bool own = last.source == source || last.source == "recommendation";
    if (!own && sets_any(last.patch, answer.patch)) {
      answer.decision = "keep";
      answer.reason = fmt::format("patch {} of a person ({}) sets this: it is left alone", last.id, last.source);
      return;
    }
    patch.patch = one_after_the_other(last.patch, answer.patch);
    if (last.source == source && last.scope.job == patch.scope.job) patch.id = last.id;
  }
  const Space known = Space::parse(space_of(next));
  std::string problem = objection(patch.patch, known);
  if (!problem.empty()) throw Error(Status::patch, "patch: " + problem);
  patch.created_at = format_time(time);
  patch.expires_at = format_time(time + std::chrono::hours(24) * policy.keep_days);
  patch.source = source;
  patch.plan_hash = plan_hash(next.plan);
  patch.note = answer.reason;
  answer.patch_id = store->put_patch(patch, {"jobmedic rightsize", answer.reason}).id;
}

Rightsizer::Rightsizer(std::string_view engine_config) : impl_(std::make_unique<Impl>(engine_config)) {}
Rightsizer::Rightsizer(Rightsizer&&) noexcept = default;
Rightsizer::~Rightsizer() {
  if (impl_ && ::getpid() != impl_->process) static_cast<void>(impl_.release());  // SQLite must not be touched
}

Attempt Rightsizer::next_of(std::string_view job) const {
  auto last = impl_->store->last_attempt(job);
  if (!last) throw Error(Status::invalid_argument, fmt::format("{} knows no job \"{}\"", impl_->store->url(), job));
  last->outcome.reset();
  last->metrics.clear();
  last->duration_s.reset();
  last->document.clear();
  return *std::move(last);
}

Rightsizing Rightsizer::rightsize(const Attempt& next, bool apply) {
  if (::getpid() != impl_->process) {
    throw Error(Status::forked, "this was made before fork(): make a new one in this process");
  }
  std::vector<Attempt> past = impl_->store->recent_attempts(next.job, history);
  std::reverse(past.begin(), past.end());
  std::erase_if(past, [](const Attempt& attempt) { return !attempt.outcome; });
  Rightsizing answer = jobmedic::rightsize(next, past, impl_->space_of(next), impl_->policy);
  answer.mode = apply ? impl_->config.loop.mode_for(next) : "dry_run";
  if (const Automation automation = impl_->store->automation(); automation.stopped) {
    answer.mode = "dry_run";
    answer.reason = automation.words() + "; " + answer.reason;
  }
  if (answer.mode == "act" && answer.decision == "patch") impl_->save(next, answer);
  return answer;
}

}  // namespace jobmedic
