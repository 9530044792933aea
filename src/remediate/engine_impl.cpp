#include "remediate/engine_impl.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "jobmedic/error.hpp"
#include "remediate/allowed.hpp"
#include "remediate/counted_model.hpp"

namespace jobmedic {

Engine::Impl::Impl(std::string_view config_document)
    : process(::getpid()),
      config(EngineConfig::parse(config_document)),
      store(config.store.empty() ? nullptr : open_store(config)),
      snapshot_(read_snapshot(config)) {}

std::shared_ptr<const Snapshot> Engine::Impl::in_use() const {
  check_process();
  const std::lock_guard lock(mutex_);
  return snapshot_;
}

void Engine::Impl::replace(std::shared_ptr<const Snapshot> fresh) {
  in_service.forget();
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
  log(Level::info, who + ": the generic one serves (memory_mib, cores); give \"space\" for another");
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
  return counted(used.model || !store ? used.model : in_service.follow(*store));
}

std::shared_ptr<const Model> Engine::Impl::model_or_fallback(const Snapshot& used) const {
  try {
    return model(used);
  } catch (const Error& error) {
    log(Level::warning, fmt::format("{}; going on without it", error.what()));
    return counted(in_service.last_good());
  }
}

std::vector<Attempt> Engine::Impl::past_of(const Attempt& failed) const {
  constexpr std::size_t most = 65;  // what the model looks at, and the attempt itself
  std::vector<Attempt> past;
  if (!store) return past;
  try {
    past = store->recent_attempts(failed.job, most);
  } catch (const Error& error) {
    log(Level::warning, fmt::format("{}; going on without the job's earlier runs", error.what()));
  }
  std::erase_if(past, [&](const Attempt& a) { return a.run == failed.run && a.attempt >= failed.attempt; });
  std::reverse(past.begin(), past.end());
  return past;
}

void Engine::Impl::log(Level level, const std::string& message) const {
  std::shared_ptr<const LogFunction> function;
  std::shared_ptr<const Snapshot> used;
  {
    const std::lock_guard lock(mutex_);
    function = log_;
    used = snapshot_;
  }
  if (function && *function) (*function)(static_cast<int>(level), used->secrets.mask(message));
}

void Engine::Impl::set_log(LogFunction function) {
  const std::lock_guard lock(mutex_);
  log_ = std::make_shared<const LogFunction>(std::move(function));
}

}  // namespace jobmedic
