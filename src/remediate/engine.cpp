#include "jobmedic/engine.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <limits>

#include "core/time.hpp"
#include "jobmedic/error.hpp"
#include "jobmedic/version.hpp"
#include "json/value.hpp"
#include "remediate/config_answer.hpp"
#include "remediate/engine_impl.hpp"

namespace jobmedic {
namespace {

// One prediction of anything: the first one is slow, and this is the moment to be slow.
void predict_once(const Model& model, const Space& space) {
  Attempt failed;
  failed.job = "warm_up";
  const std::vector<Point> unchanged{Point(space.parameters.size(), std::numeric_limits<double>::quiet_NaN())};
  static_cast<void>(model.predict(failed, {}, space, unchanged, {}));
}

// A recorded outcome rarely says why; the verdict that remediate() left on the attempt does.
Attempt with_verdict(Attempt attempt, const Store& store) {
  auto& outcome = attempt.outcome;
  if (!outcome || outcome->succeeded || !outcome->rule.empty() || !outcome->category.empty()) return attempt;
  try {
    const auto known = store.attempt(attempt.job, attempt.run, attempt.attempt);
    if (!known || !known->outcome) return attempt;
    outcome->rule = known->outcome->rule;
    outcome->category = known->outcome->category;
  } catch (const Error&) {  // its row is damaged, and about to be replaced
  }
  return attempt;
}

}  // namespace

Engine::Engine(std::string_view config) : impl_(std::make_unique<Impl>(config)) {
  if (impl_->config.warm_up) warm_up();
}

Engine::Engine(Engine&&) noexcept = default;

Engine& Engine::operator=(Engine&& other) noexcept {
  std::swap(impl_, other.impl_);
  return *this;
}

Engine::~Engine() {
  // In a forked child libtorch and SQLite must not be touched, not even to free what is theirs.
  if (impl_ && ::getpid() != impl_->process) static_cast<void>(impl_.release());
}

std::string Engine::warm_up() {
  const auto used = impl_->in_use();
  std::string reason = load_torch(impl_->config.torch_module);
  const auto model = impl_->model(*used);
  const auto space = impl_->space(*used, "spark");
  if (model) predict_once(*model, *space);
  impl_->tell(Level::info, "model_served",
              reason.empty() ? "libtorch serves the model" : "the built-in forward pass serves: " + reason,
              {{"served_by", reason.empty() ? "libtorch" : "builtin"}, {"reason", reason}});
  return reason;
}

void Engine::reload() {
  const auto before = impl_->in_use();
  auto fresh = read_snapshot(impl_->config, before.get());
  if (!fresh->model && impl_->store) ModelInService().follow(*impl_->store);
  const std::string rules = std::to_string(fresh->classifier.rules().rules().size());
  const std::string scanner = fresh->classifier.description();
  impl_->replace(std::move(fresh));
  impl_->tell(Level::info, "rules_reloaded", fmt::format("{} rules are in force: {}", rules, scanner),
              {{"rules", rules}, {"scanner", scanner}});
}

SecretMask Engine::secrets() const {
  return impl_->in_use()->secrets;
}

std::string Engine::info() const {
  const auto used = impl_->in_use();
  const auto model = impl_->model_or_fallback(*used);
  json::Object members{{"schema", "jobmedic.info/1"},
                       {"version", version()},
                       {"rules", static_cast<std::int64_t>(used->classifier.rules().rules().size())},
                       {"scanner", used->classifier.description()}};
  if (model) members.emplace_back("model", model->version());
  if (model) members.emplace_back("served_by", model->served_by());
  members.emplace_back("model_calls", static_cast<std::int64_t>(impl_->model_calls));
  if (impl_->store) members.emplace_back("store", used->secrets.mask(impl_->store->url()));
  return json::write(members);
}

Classification Engine::classify(std::span<const Log> logs, const Attempt* attempt) const {
  const auto used = impl_->in_use();
  return impl_->classify(*used, [&] { return used->classifier.classify(logs, attempt); });
}

Classification Engine::classify(const Attempt* attempt, const std::function<Classification(Scan&)>& read) const {
  const auto used = impl_->in_use();
  return impl_->classify(*used, [&] {
    Scan scan = used->classifier.scan(attempt);
    return read(scan);
  });
}

Scan Engine::scan(const Attempt* attempt) const {
  return impl_->in_use()->classifier.scan(attempt);
}

Collection Engine::collect(const Attempt* attempt, const Collector* collector) const {
  const auto used = impl_->in_use();
  if (collector == nullptr && used->collector) collector = &*used->collector;
  if (collector == nullptr) {
    throw Error(Status::invalid_argument, R"(this engine has no collector: give "collector": PATH or document)");
  }
  RunFacts facts;
  Collection collection;
  collection.classification = impl_->classify(
      *used, [&] { return jobmedic::classify(*collector, used->classifier.scan(attempt), attempt, &facts); });
  if (attempt != nullptr) collection.attempt = with_facts(*attempt, facts);
  return collection;
}

bool Engine::collects() const {
  return impl_->in_use()->collector.has_value();
}

Recommendation Engine::recommend(const Attempt& failed, const Classification& verdict) const {
  const auto used = impl_->in_use();
  return impl_->measured(metrics::Operation::recommend, [&] {
    return impl_->recommend(*used, used->secrets.mask(failed), masked(verdict, used->secrets),
                            impl_->model(*used).get());
  });
}

std::string Engine::remediate(const Attempt& failed, std::span<const Log> logs) {
  const auto used = impl_->in_use();
  return impl_->measured(metrics::Operation::remediate, [&] {
    if (auto before = impl_->answered(failed)) return *std::move(before);
    const Classification verdict = impl_->classify(*used, [&] { return used->classifier.classify(logs, &failed); });
    return impl_->decide_and_save(*used, failed, verdict, [&] {
      FailureMiner miner(used->secrets);
      for (const Log& log : logs) miner.feed(log.name, log.data);
      return miner.result();
    });
  });
}

std::string Engine::remediate(const Attempt& failed) {
  const auto used = impl_->in_use();
  return impl_->measured(metrics::Operation::remediate, [&] {
    if (auto before = impl_->answered(failed)) return *std::move(before);
    const Collection collected = collect(&failed);
    return impl_->decide_and_save(*used, *collected.attempt, collected.classification,
                                  [&] { return mine(*used->collector, &failed, used->secrets); });
  });
}

std::string Engine::remediate(const Attempt& failed, const Classification& verdict,
                              const std::function<std::vector<TellingLine>()>& mine) {
  const auto used = impl_->in_use();
  return impl_->measured(metrics::Operation::remediate, [&] {
    if (auto before = impl_->answered(failed)) return *std::move(before);
    return impl_->decide_and_save(*used, failed, masked(verdict, used->secrets), mine);
  });
}

ConfigAnswer Engine::get_config(const Attempt& attempt) const {
  const auto used = impl_->in_use();
  return impl_->measured(metrics::Operation::get_config, [&] {
    ConfigAnswer answer = impl_->config_for(*used, attempt);
    if (answer.stopped) impl_->tell_stopped(*answer.stopped);
    impl_->counts.patches_applied.fetch_add(answer.applied.size(), std::memory_order_relaxed);
    for (auto& [id, reason] : answer.skipped) {
      reason = used->secrets.mask(reason);
      metrics::count(impl_->counts.patches_skipped);
      impl_->tell(Level::warning, "patch_skipped",
                  fmt::format("patch {} for job \"{}\" was skipped: {}", id, attempt.job, reason),
                  {{"patch", id}, {"job", attempt.job}, {"reason", reason}});
    }
    return answer;
  });
}

ConfigExplanation Engine::explain_config(const Attempt& attempt) const {
  const auto used = impl_->in_use();
  const Store& store = impl_->needed_store();
  ConfigExplanation explanation =
      explain(attempt, store.patches_matching(attempt), format_time(now()), *impl_->space(*used, attempt.engine));
  if (Automation automation = store.automation(); automation.stopped) {
    for (ConfigExplanation::Step& step : explanation.steps) step = {step.patch, "skipped", automation.words(), {}};
    explanation.answer = {attempt.config, {}, {}, std::move(automation)};
  }
  for (ConfigExplanation::Step& step : explanation.steps) step.reason = used->secrets.mask(step.reason);
  return explanation;
}

StoredPatch Engine::put_patch(const StoredPatch& patch, const Author& author) {
  const auto used = impl_->in_use();
  const std::string problem = impl_->objection_to(*used, patch);
  if (!problem.empty()) throw Error(Status::patch, fmt::format("patch: {}", used->secrets.mask(problem)));
  return impl_->needed_store().put_patch(patch, author);
}

void Engine::record(const Attempt& attempt) {
  Store& store = impl_->needed_store();
  store.record(with_verdict(impl_->in_use()->secrets.mask(attempt), store));
}

std::vector<Change> Engine::changes(std::size_t limit, std::string_view patch) const {
  const SecretMask secrets = impl_->in_use()->secrets;
  std::vector<Change> changes = impl_->needed_store().changes(limit, patch);
  for (Change& change : changes) {
    for (std::string* document : {&change.before, &change.after}) {
      if (!document->empty()) *document = secrets.mask_json(*document);
    }
  }
  return changes;
}

Automation Engine::stop_automation(bool stop, const Author& author) {
  Automation automation = impl_->needed_store().stop_automation(stop, author);
  if (automation.stopped) impl_->tell_stopped(automation);
  return automation;
}

std::string Engine::metrics() const {
  const auto used = impl_->in_use();
  const auto model = used->model ? used->model : impl_->in_service.last_good();
  return impl_->counts.text(
      *used->counts, {std::string(version()), used->classifier.rules().rules().size(), model ? model->version() : "",
                      model ? std::string(model->served_by()) : "", impl_->model_calls});
}

void Engine::set_log(LogFunction log) {
  impl_->check_process();
  impl_->set_log(std::move(log));
}

void Engine::set_events(EventFunction events, int level) {
  impl_->check_process();
  impl_->set_events(std::move(events), level);
}

void Engine::tell(const Event& event) const {
  impl_->check_process();
  impl_->tell(event);
}

}  // namespace jobmedic
