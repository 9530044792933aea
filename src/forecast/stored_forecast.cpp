#include "forecast/stored_forecast.hpp"

#include "core/hash.hpp"
#include "forecast/training.hpp"

namespace jobmedic::forecast {

StoredForecast::Asked::Asked(std::string_view safetensors)
    : trained(TrainedForecast::parse(safetensors)), devices(DeviceTable::of(trained.budgets)), scorer(trained) {}

StoredForecast::StoredForecast(std::string_view safetensors, const std::vector<std::string>& folds) {
  asked_.emplace_back(safetensors);
  for (const std::string& fold : folds) {
    asked_.emplace_back(fold);
    for (const std::uint64_t session : asked_.back().trained.held_out) unseen_by_[session] = asked_.size() - 1;
  }
}

Said StoredForecast::judge(const Trace& trace, Newcomers newcomers) const {
  const auto place = unseen_by_.find(hash64(trace.session));
  const std::size_t for_new = newcomers == Newcomers::by_one && has_folds() ? 1 : 0;
  const Asked& asked = asked_[place == unseen_by_.end() ? for_new : place->second];
  Said said{&trace, {}, {}, 0};
  for (const Score& score : scores_of(trace, asked.trained, asked.devices, asked.scorer)) {
    said.score.push_back(score.logit);
    said.alert.push_back(score.logit > asked.trained.threshold_logit ? 1 : 0);
    const int level = level_told(said.alert.back() != 0, score.seconds, asked.trained.level_cuts);
    said.level.push_back(static_cast<std::uint8_t>(level));
  }
  return said;
}

}  // namespace jobmedic::forecast
