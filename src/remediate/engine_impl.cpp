#include "remediate/engine_impl.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "jobmedic/error.hpp"
#include "remediate/allowed.hpp"
#include "remediate/config_answer.hpp"
#include "remediate/counted_model.hpp"

namespace jobmedic {
namespace {

void count_compiled(const Snapshot& fresh, metrics::EngineMetrics& counts) {
  const bool hit = fresh.classifier.description().ends_with("from the cache");
  metrics::count(hit ? counts.compiled_rules.hits : counts.compiled_rules.misses);
}

}  // namespace

Engine::Impl::Impl(std::string_view config_document)
    : process(::getpid()),
      config(EngineConfig::parse(config_document)),
      snapshot_(read_snapshot(config, nullptr)),
      store(config.store.empty() ? nullptr
                                 : open_store(config, [this](std::string_view event, const std::string& message) {
                                     counts.count_trouble(event);
                                     tell(event == "store_reopened" ? Level::info : Level::warning, event, message);
                                   })) {
  count_compiled(*snapshot_, counts);
}

std::shared_ptr<const Snapshot> Engine::Impl::in_use() const {
  check_process();
  const std::lock_guard lock(mutex_);
  return snapshot_;
}

void Engine::Impl::replace(std::shared_ptr<const Snapshot> fresh) {
  in_service.forget();
  count_compiled(*fresh, counts);
  metrics::count(counts.reloads);
  const std::lock_guard lock(mutex_);
  snapshot_ = std::move(fresh);
}

void Engine::Impl::check_process() const {
  if (::getpid() == process) return;
  throw Error(Status::forked, "this engine was made before fork(): make a new one in this process",
              R"({"argument":"engine"})");
}

Store& Engine::Impl::needed_store() const {
  check_process();
  if (store) return *store;
  throw Error(Status::invalid_argument, R"(this engine has no store: give "store": "sqlite:PATH")");
}

std::shared_ptr<const Space> Engine::Impl::space(const Snapshot& used, const std::string& engine) const {
  if (used.space) return used.space;
  if (auto own = spaces.find(engine)) return own;
  const std::string who =
      engine.empty() ? "the attempt names no engine" : fmt::format("engine \"{}\" has no parameter space", engine);
  tell(Level::info, "generic_space", who + ": the generic one serves (memory_mib, cores); give \"space\" for another",
       {{"engine", engine}});
  return spaces.generic();
}

std::shared_ptr<const Model> Engine::Impl::counted(std::shared_ptr<const Model> inner) const {
  return inner ? std::make_shared<CountedModel>(std::move(inner), model_calls) : inner;
}

std::string Engine::Impl::objection_to(const Snapshot& used, const StoredPatch& patch) const {
  if (used.space || patch.scope.engine) return objection(patch.patch, *space(used, patch.scope.engine.value_or("")));
  std::string problem;
  for (const auto& [engine, space_of_engine] : spaces.all()) {
    std::string one = objection(patch.patch, *space_of_engine);
    if (one.empty()) return "";
    if (problem.empty()) problem = fmt::format("{} (in the space of engine \"{}\")", one, engine);
  }
  return problem;
}

std::shared_ptr<const Model> Engine::Impl::model(const Snapshot& used) const {
  if (used.model || !store) return counted(used.model);
  std::optional<std::string> fresh;  // the version that was read just now
  const auto tell_read = [&](const std::string& version) { fresh = version; };
  try {
    auto followed = in_service.follow(*store, tell_read);
    metrics::count(fresh ? counts.model.misses : counts.model.hits);
    if (fresh && followed) {
      tell(Level::info, "model_picked_up", fmt::format("model {} is in service from now on", *fresh),
           {{"model", *fresh}});
    }
    return counted(std::move(followed));
  } catch (const Error& error) {
    metrics::count(counts.model.misses);
    if (fresh) {
      tell(Level::warning, "model_refused", fmt::format("model {} cannot be used: {}", *fresh, error.what()),
           {{"model", *fresh}, {"reason", error.what()}});
    }
    throw;
  }
}

std::shared_ptr<const Model> Engine::Impl::model_or_fallback(const Snapshot& used) const {
  try {
    return model(used);
  } catch (const Error& error) {
    tell_failed(error, "it");
    return counted(in_service.last_good());
  }
}

ConfigAnswer Engine::Impl::config_for(const Snapshot& used, const Attempt& attempt) const {
  const Store& kept = needed_store();
  if (Automation automation = kept.automation(); automation.stopped)
    return {attempt.config, {}, {}, std::move(automation)};
  ConfigAnswer answer;
  const auto known = space(used, attempt.engine);
  kept.with_candidates(attempt, format_time(now()),
                       [&](const Candidates& candidates) { answer = mutate(attempt, candidates, *known); });
  return answer;
}

std::vector<Attempt> Engine::Impl::past_of(const Attempt& failed) const {
  constexpr std::size_t most = 65;  // what the model looks at, and the attempt itself
  std::vector<Attempt> past;
  if (!store) return past;
  try {
    past = store->recent_attempts(failed.job, most);
  } catch (const Error& error) {
    tell_failed(error, "the job's earlier runs");
  }
  std::erase_if(past, [&](const Attempt& a) { return a.run == failed.run && a.attempt >= failed.attempt; });
  std::reverse(past.begin(), past.end());
  return past;
}

}  // namespace jobmedic
