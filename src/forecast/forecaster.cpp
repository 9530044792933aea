// The online side: a session's bytes, one reading, one answer.
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "core/embedded.hpp"
#include "forecast/scorer.hpp"
#include "jobmedic/error.hpp"
#include "jobmedic/forecast.hpp"

namespace jobmedic::forecast {
namespace {

// What a Session's bytes are. No bool is among them: they may come from anywhere.
struct Remembered {
  FeatureState state;
  double probability = 0, seconds = 0;
  std::int32_t level = 0, alert = 0;
};
static_assert(std::is_trivially_copyable_v<Remembered> && sizeof(Remembered) <= sizeof(Session));

Remembered open(const Session& session) {
  Remembered remembered;
  std::memcpy(&remembered, session.bytes.data(), sizeof remembered);
  return remembered;
}

void close(const Remembered& remembered, Session& session) {
  std::memcpy(session.bytes.data(), &remembered, sizeof remembered);
}

class TrainedForecaster final : public Forecaster {
 public:
  explicit TrainedForecaster(TrainedForecast trained) : trained_(std::move(trained)), scorer_(trained_) {}

  [[nodiscard]] Session begin(const SessionPlace& place) const override {
    Session session = {};
    close({FeatureState(belief(place))}, session);
    return session;
  }

  Forecast update(Session& session, const Reading& reading) const noexcept override {
    Remembered remembered = open(session);
    const bool accepted = remembered.state.add(reading) == Accepted::yes;
    if (accepted) {
      const Score score = scorer_(remembered.state.features());
      const bool alert = score.logit > trained_.threshold_logit;
      remembered.probability = trained_.calibration.probability(score.logit);
      remembered.seconds = score.seconds;
      remembered.alert = alert ? 1 : 0;
      remembered.level = level_told(alert, score.seconds, trained_.level_cuts);
    }
    close(remembered, session);
    return {remembered.level, remembered.alert != 0, accepted, remembered.probability, remembered.seconds};
  }

  void features(const Session& session, std::span<float> into) const override {
    const FeatureVector features = open(session).state.features();
    if (into.size() < features.size()) throw Error(Status::invalid_argument, "features: there is no room for them all");
    std::copy(features.begin(), features.end(), into.begin());
  }

  [[nodiscard]] std::vector<Reason> reasons(const Session& session) const override {
    constexpr std::size_t most = 5;
    const FeatureVector features = open(session).state.features();
    const double logit = scorer_(features).logit;
    std::vector<Reason> reasons;
    for (const Input& input : trained_.inputs) {
      if (input.indicator || input.knot != Input::no_knot || std::isnan(features[input.feature])) continue;
      FeatureVector usual = features;
      usual[input.feature] = input.mean;
      const double share = logit - scorer_(usual).logit;
      if (share > 0) reasons.push_back({feature_name(input.feature), double{features[input.feature]}, share});
    }
    std::stable_sort(reasons.begin(), reasons.end(), [](const auto& a, const auto& b) { return a.logit > b.logit; });
    if (reasons.size() > most) reasons.resize(most);
    return reasons;
  }

  [[nodiscard]] const std::string& version() const noexcept override { return trained_.version; }

 private:
  [[nodiscard]] LimitBelief belief(const SessionPlace& place) const {
    const DeviceKey key = normalised(place.device);
    double budget = place.budget_bytes;
    const auto found =
        std::lower_bound(trained_.budgets.begin(), trained_.budgets.end(), key,
                         [](const auto& entry, const DeviceKey& sought) { return entry.first < sought; });
    if (found != trained_.budgets.end() && found->first == key) budget = found->second;
    if (!(budget > 0)) budget = unknown;
    if (place.limit_bytes > 0 && std::isfinite(place.limit_bytes)) {
      return {place.limit_bytes, 0, std::isnan(budget) ? place.limit_bytes : budget, 1};
    }
    return trained_.limits.of(key.type, budget);
  }

  TrainedForecast trained_;
  Scorer scorer_;
};

}  // namespace

const std::vector<std::string_view>& feature_names() {
  static const std::vector<std::string_view> names = [] {
    std::vector<std::string_view> list;
    for (std::size_t f = 0; f < feature_count; ++f) list.push_back(feature_name(f));
    return list;
  }();
  return names;
}

std::shared_ptr<const Forecaster> Forecaster::parse(std::string_view safetensors) {
  return std::make_shared<TrainedForecaster>(TrainedForecast::parse(safetensors));
}

std::shared_ptr<const Forecaster> Forecaster::shipped() {
  return parse(embedded::forecast_model().front().text);
}

}  // namespace jobmedic::forecast
