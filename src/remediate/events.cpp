// What an engine tells its two logs, and counts on the way.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/time.hpp"
#include "jobmedic/error.hpp"
#include "json/value.hpp"
#include "remediate/engine_impl.hpp"

namespace jobmedic {

std::string Event::to_json() const {
  constexpr std::array<const char*, 4> names{"error", "warning", "info", "debug"};
  json::Object members{{"schema", "jobmedic.event/1"},
                       {"at", format_time(now())},
                       {"level", names.at(static_cast<std::size_t>(std::clamp(level, 0, 3)))},
                       {"event", name},
                       {"message", message}};
  for (const auto& [field, value] : fields) members.emplace_back(std::string(field), value);
  return json::write(members);
}

void Engine::Impl::tell(const Event& event) const {
  std::shared_ptr<const LogFunction> log;
  std::shared_ptr<const EventFunction> events;
  std::shared_ptr<const Snapshot> used;
  {
    const std::lock_guard lock(mutex_);
    log = log_;
    if (event.level <= most_detailed_) events = events_;
    used = snapshot_;
  }
  if (!log && !events) return;
  const SecretMask secrets = used ? used->secrets : SecretMask();  // a store may tell before the engine is made
  Event safe = event;
  safe.message = secrets.mask(event.message);
  if (log) (*log)(safe.level, safe.message);
  if (!events) return;
  for (auto& [field, value] : safe.fields) value = secrets.mask_setting(field, value);
  (*events)(safe);
}

void Engine::Impl::tell(Level level, std::string_view event, const std::string& message, Fields fields) const {
  tell({static_cast<int>(level), event, message, std::move(fields)});
}

void Engine::Impl::tell_failed(const Error& error, std::string_view going_on_without) const {
  counts.count_error(error);
  const bool by_store = error.status() == Status::store;
  tell(Level::warning, by_store ? "store_failed" : "model_refused",
       fmt::format("{}; going on without {}", error.what(), going_on_without), {{"reason", error.what()}});
}

void Engine::Impl::tell_stopped(const Automation& automation) const {
  tell(Level::warning, "automation_stopped", automation.words(),
       {{"since", automation.since}, {"by", automation.by}, {"reason", automation.reason}});
}

void Engine::Impl::set_log(LogFunction function) {
  const std::lock_guard lock(mutex_);
  log_ = function ? std::make_shared<const LogFunction>(std::move(function)) : nullptr;
}

void Engine::Impl::set_events(EventFunction function, int level) {
  const std::lock_guard lock(mutex_);
  events_ = function ? std::make_shared<const EventFunction>(std::move(function)) : nullptr;
  most_detailed_ = level;
}

Classification Engine::Impl::classify(const Snapshot& used, const std::function<Classification()>& read) const {
  return measured(metrics::Operation::classify, [&] {
    Classification verdict = read();
    metrics::count(used.counts->of(verdict).classifications);
    return verdict;
  });
}

void Engine::Impl::count_answer(const Snapshot& used, const Remediation& answer) const {
  metrics::RuleCounts& of_rule = used.counts->of(answer.classification);
  const std::size_t decision = !answer.retry.restart ? 2 : answer.patch_id.empty() ? 1 : 0;
  metrics::count(of_rule.remediations.at(decision));  // as metrics::decisions stand
}

void Engine::Impl::check_deadline(const Attempt& failed, const Recommendation& recommendation) const {
  if (recommendation.stopped_by != "deadline") return;
  metrics::count(counts.deadlines_missed);
  tell(Level::warning, "deadline_missed",
       fmt::format("the recommendation for attempt {} of run {} of job {} was cut short after {:.3f} s: the best found "
                   "so far is the answer",
                   failed.attempt, failed.run, failed.job, recommendation.elapsed_s),
       {{"job", failed.job},
        {"run", failed.run},
        {"attempt", std::to_string(failed.attempt)},
        {"elapsed_s", fmt::format("{:.3f}", recommendation.elapsed_s)}});
}

}  // namespace jobmedic
