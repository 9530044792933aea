#include "report/advice.hpp"

#include <algorithm>

namespace jobmedic::reported {

void Advice::Foretold::add(std::uint64_t job, double probability, bool did_fail) {
  Bin& bin = bins[std::min(static_cast<std::size_t>(probability * bin_count), bin_count - 1)];
  bin.predicted += probability;
  bin.failed.add(job, did_fail);
  failed.add(job, did_fail);
  predicted += probability;
  const double miss = probability - (did_fail ? 1 : 0);
  squares += miss * miss;
}

Calibration Advice::Foretold::tell() const {
  Calibration calibration;
  for (std::size_t i = 0; i < bin_count; ++i) {
    const Share share = bins[i].failed.share();
    const double mean = share.of == 0 ? 0 : bins[i].predicted / static_cast<double>(share.of);
    calibration.bins.push_back(
        {static_cast<double>(i) / bin_count, static_cast<double>(i + 1) / bin_count, mean, share});
  }
  calibration.failed = failed.share();
  if (calibration.failed.of == 0) return calibration;
  calibration.predicted = predicted / static_cast<double>(calibration.failed.of);
  calibration.brier = squares / static_cast<double>(calibration.failed.of);
  return calibration;
}

void Advice::count_answer(const Answer& answer) {
  ++state_.decisions[answer.decision];
  ++state_.methods[answer.method];
  if (!answer.acts) ++state_.shadow;
  if (answer.quarantined) ++state_.quarantined;
}

void Advice::add_refusal(std::uint64_t job, const Try& failed, const Try* next) {
  // Beyond its own retries the scheduler would not have tried again either.
  if (failed.answer->restart || failed.attempt->attempt > unchanged_retries_) return;
  if (next != nullptr) {
    if (next->unchanged && next->ended()) wrongly_.add(job, next->succeeded());
    return;
  }
  if (!failed.answer->acts) return;
  if (avoided_.retries == 0 || job != last_avoided_job_) ++avoided_.jobs;
  last_avoided_job_ = job;
  ++avoided_.retries;
  const auto& cost = failed.attempt->outcome->cost_usd;
  avoided_.failed_cost_usd += cost.value_or(0);
  if (!cost) ++avoided_.without_cost;
}

void Advice::add_prediction(std::uint64_t job, const Answer& answer, const Try& next) {
  if (answer.model.empty() || !next.ended()) return;
  const auto& probability = next.patched ? answer.predicted : next.unchanged ? answer.unchanged : std::nullopt;
  if (!probability) return;
  foretold_.add(job, *probability, next.failed());
  by_model_[answer.model].add(job, *probability, next.failed());
}

void Advice::add(const Run& run) {
  for (std::size_t i = 0; i < run.tries.size(); ++i) {
    const Try& failed = run.tries[i];
    if (!failed.counts || !failed.answer) continue;
    const Try* next = i + 1 < run.tries.size() ? &run.tries[i + 1] : nullptr;
    count_answer(*failed.answer);
    add_refusal(run.job, failed, next);
    if (next != nullptr) add_prediction(run.job, *failed.answer, *next);
  }
}

Avoided Advice::avoided() const {
  Avoided avoided = avoided_;
  avoided.wrongly = wrongly_.share();
  return avoided;
}

Calibration Advice::calibration(const std::string& model) const {
  const auto found = by_model_.find(model);
  return found == by_model_.end() ? Foretold().tell() : found->second.tell();
}

void Advice::tell(AutomationState& state) const {
  state.decisions = state_.decisions;
  state.methods = state_.methods;
  state.shadow = state_.shadow;
  state.quarantined = state_.quarantined;
}

}  // namespace jobmedic::reported
