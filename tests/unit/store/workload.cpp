#include "workload.hpp"

#include <fmt/format.h>

#include <stdexcept>

using namespace jobmedic;

namespace {

constexpr std::size_t kinds = 8;

// As remediate() makes one for the job.
StoredPatch patch_for(const std::string& job) {
  StoredPatch patch;
  patch.scope.job = job;
  patch.patch = R"([{"op":"add","path":"/spark.executor.memory","value":"6g"}])";
  patch.source = "recommendation";
  patch.uses_left = 3;
  return patch;
}

std::string outcome_words(const Attempt& attempt) {
  return !attempt.outcome ? "not ended" : attempt.outcome->succeeded ? "succeeded" : "failed";
}

}  // namespace

Workload::Workload(std::size_t steps) {
  const Scratch scratch;
  const auto store = Store::open("sqlite:" + scratch.path().string());
  states_.push_back(state_of(*store));
  for (std::size_t number = 0; number < steps; ++number) {
    step(*store, number);
    states_.push_back(state_of(*store));
    if (states_.back() == *(states_.end() - 2)) throw std::logic_error("a step that changes nothing proves nothing");
  }
}

void Workload::step(Store& store, std::size_t number) {
  const std::size_t round = number / kinds;
  const std::string job = fmt::format("job{}", round);
  const std::string version = fmt::format("v{}", round);
  Attempt attempt = attempt_of(job);
  attempt.plan = std::string(6000, 'p');
  OutcomeOptions judged;
  judged.loop.mode = "act";
  switch (number % kinds) {
    case 0:
      store.save_remediation(ended(attempt, false), patch_for(job),
                             [](const std::string& id) { return fmt::format(R"({{"patch":"{}"}})", id); });
      break;
    case 1:
      store.put_patch(patch_for(job + " too"));
      break;
    case 2:
      attempt.attempt = 2;
      store.record_outcome(ended(attempt, round % 2 == 0), judged);
      break;
    case 3:
      store.put_model({version, "2026-11-22T00:00:00Z", "{}", false, 0}, std::string(100'000 + 20'000 * round, 'w'));
      break;
    case 4:
      store.promote({version, "2026-11-22T00:00:00Z", "promoted", "", ""});
      break;
    case 5:
      attempt.attempt = 3;
      store.record(attempt);
      break;
    case 6:
      store.stop_automation(round % 2 == 0, {"ana", "night"});
      break;
    default:
      store.roll_back(store.changes(4).back().number);  // without the round's second patch and the judged outcome
  }
}

std::string Workload::state_of(const Store& store) {
  std::string text;
  const auto add = [&](const std::string& line) { text += line + "\n"; };
  store.each_patch([&](const StoredPatch& patch) {
    add(fmt::format("patch {} of {}: {} uses left, {}", patch.id, patch.scope.job.value_or("?"),
                    patch.uses_left.value_or(-1), patch.disabled ? "disabled" : "in force"));
  });
  store.each_attempt([&](const Attempt& attempt) {
    add(fmt::format("attempt {} of {}: {}", attempt.attempt, attempt.job, outcome_words(attempt)));
    for (const StoredPatch& patch : store.patches_used(attempt)) add("used " + patch.id);
  });
  store.each_remediation([&](const std::string& document) { add("remediation " + document); });
  for (const ModelVersion& model : store.models()) {
    add(fmt::format("model {} of {} bytes{}", model.version, store.model(model.version).value_or("").size(),
                    model.serving ? ", serving" : ""));
  }
  for (const Promotion& promotion : store.promotions()) add("promoted " + promotion.version);
  for (const Change& change : store.changes(1000))
    add(fmt::format("change {}: {} {}", change.number, change.action, change.patch));
  add(store.automation().stopped ? "stopped" : "running");
  return text;
}

std::size_t Workload::steps_in(const Store& store, std::size_t acknowledged) const {
  const std::string found = state_of(store);
  for (std::size_t steps = acknowledged; steps <= acknowledged + 1 && steps < states_.size(); ++steps) {
    if (states_[steps] == found) return steps;
  }
  throw std::runtime_error(fmt::format("after {} acknowledged steps there should be:\n{}but there is:\n{}",
                                       acknowledged, states_[acknowledged], found));
}
