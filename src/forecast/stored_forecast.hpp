#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "forecast/measures.hpp"
#include "forecast/scorer.hpp"

/// A version of a store, asked about recorded sessions. Of a session that it was trained on, only the network is asked
/// that never saw it.
namespace jobmedic::forecast {

class StoredForecast {
 public:
  /// Of sessions that are new to it: all of its networks, as it is served, or one, as each is judged in training.
  enum class Newcomers { by_all, by_one };

  /// `folds`: its networks one by one, as train_forecast_version() saves them; empty: every session is taken for new.
  /// Throws Error (model): damaged or foreign.
  StoredForecast(std::string_view safetensors, const std::vector<std::string>& folds);

  [[nodiscard]] const std::string& version() const { return asked_.front().trained.version; }
  /// Is there a network for each session that never saw it?
  [[nodiscard]] bool has_folds() const { return asked_.size() > 1; }
  [[nodiscard]] Said judge(const Trace& trace, Newcomers newcomers = Newcomers::by_all) const;

 private:
  struct Asked {
    explicit Asked(std::string_view safetensors);
    TrainedForecast trained;
    DeviceTable devices;
    Scorer scorer;
  };
  std::vector<Asked> asked_;                                  // the version itself, then its folds
  std::unordered_map<std::uint64_t, std::size_t> unseen_by_;  // hash of a session: the place of the network
};

}  // namespace jobmedic::forecast
