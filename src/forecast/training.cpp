#include "forecast/training.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "core/hash.hpp"
#include "core/random.hpp"
#include "forecast/labels.hpp"
#include "forecast/virtual_limits.hpp"
#include "jobmedic/error.hpp"
#include "recommend/model/module.hpp"
#include "recommend/model/training.hpp"

namespace jobmedic::forecast {
namespace {

// Most of a session is far from any kill, and of virtual kills there are many: of such readings one in so many is
// learned, and counts for all.
struct Thinning {
  std::uint64_t calm, urgent;
};
constexpr Thinning of_real = {6, 1}, of_virtual = {6, 4};
// A kill that nobody warned of costs more than a false alarm, and few readings are urgent: each counts for so many.
constexpr float urgent_weight = 18;

// What the network is given of all that is computed: what keeps its meaning under a virtual limit, so nothing that only
// a real one brings about (hits, cache taken back, major faults).
constexpr std::array used = {
    Feature::share,         Feature::recent_share,  Feature::high_share,      Feature::sureness,
    Feature::lead_sureness, Feature::deviation,     Feature::above_minute,    Feature::above_minutes,
    Feature::restlessness,  Feature::slope_short,   Feature::slope_medium,    Feature::slope_long,
    Feature::time_short,    Feature::time_medium,   Feature::time_long,       Feature::next_minute,
    Feature::highest,       Feature::lowest,        Feature::since_highest,   Feature::own,
    Feature::outside,       Feature::outside_above, Feature::own_above,       Feature::minor_rate,
    Feature::cpu_rate,      Feature::navigation,    Feature::navigation_time, Feature::age,
    Feature::jump,          Feature::jump_room};
constexpr std::array knots = {0.5F, 1.5F};  // in deviations above the mean

struct Examples {
  std::vector<float> numbers, urgent, log_seconds, weight;
  std::vector<std::uint32_t> trace;  // by row
  std::vector<FeatureVector> seen;   // by row
  [[nodiscard]] std::size_t rows() const { return weight.size(); }

  void read(const VirtualSession& session, std::uint32_t index, const Thinning& one_in, Random& random) {
    FeatureState state(session.limit);
    for (std::size_t i = 0; i < session.trace.readings.size(); ++i) {
      const Reading& reading = session.trace.readings[i];
      const bool taken = state.add(reading) == Accepted::yes;
      const bool calm = session.trace.level(i) == 0;
      const std::uint64_t stands_for = calm ? one_in.calm : one_in.urgent;
      const bool drawn = random.below(stands_for) == 0;
      if (!taken || !drawn) continue;
      const double left = session.trace.kill_s - reading.time_s;
      seen.push_back(state.features());
      urgent.push_back(calm ? 0 : 1);
      log_seconds.push_back(session.trace.killed ? static_cast<float>(std::log(std::clamp(left, 1.0, 3600.0)))
                                                 : std::numeric_limits<float>::quiet_NaN());
      weight.push_back(static_cast<float>(stands_for) * (calm ? 1 : urgent_weight));
      trace.push_back(index);
    }
  }

  void append(const Examples& more) {
    const auto add = [](auto& to, const auto& from) { to.insert(to.end(), from.begin(), from.end()); };
    add(urgent, more.urgent);
    add(log_seconds, more.log_seconds);
    add(weight, more.weight);
    add(trace, more.trace);
    add(seen, more.seen);
  }
};

// A missing feature is an input of its own where it is sometimes missing; features missing together share one.
std::vector<Input> fit_inputs(const std::vector<FeatureVector>& seen) {
  std::vector<Input> inputs;
  std::set<std::size_t> patterns;  // by how often
  for (const Feature feature : used) {
    const auto f = static_cast<std::size_t>(feature);
    double sum = 0, squares = 0;
    std::size_t count = 0;
    for (const FeatureVector& features : seen) {
      if (std::isnan(features[f])) continue;
      sum += double{features[f]};
      squares += double{features[f]} * double{features[f]};
      ++count;
    }
    if (count == 0) continue;
    const auto known = static_cast<double>(count);
    const double mean = sum / known, deviation = std::sqrt(std::max(squares / known - mean * mean, 0.0));
    if (deviation > 1e-9) {
      const Input plain = {f, false, static_cast<float>(mean), static_cast<float>(deviation)};
      inputs.push_back(plain);
      for (const float knot : knots) inputs.push_back({f, false, plain.mean, plain.deviation, knot});
    }
    const double missing = 1 - known / static_cast<double>(seen.size());
    if (missing < 0.01 || missing > 0.99 || !patterns.insert(seen.size() - count).second) continue;
    inputs.push_back({f, true, static_cast<float>(missing), static_cast<float>(std::sqrt(missing * (1 - missing)))});
  }
  return inputs;
}

class CommitteeTraining {
 public:
  CommitteeTraining(std::span<const Trace* const> traces, const DeviceTable& devices, const ForecastTraining& options,
                    const jobmedic_torch_api& torch)
      : traces_(traces), devices_(devices), options_(options), torch_(torch) {}

  Committee run() {
    Committee out;
    out.part_of = deal(traces_, options_.parts, options_.seed);
    out.held_out.resize(traces_.size());
    TrainedForecast& trained = out.trained;
    trained.version = options_.version;
    trained.budget = options_.alert_budget;
    trained.limits = LearnedLimits(traces_, devices_);
    trained.budgets = devices_.entries();
    const Examples examples = read(trained);
    trained.shape = {static_cast<std::uint32_t>(trained.inputs.size()), 0, 0, 1, 1, trunk_units, hidden_units};
    for (std::uint32_t part = 0; part < options_.parts; ++part) {
      std::vector<std::uint8_t> learn(examples.rows());
      for (std::size_t row = 0; row < learn.size(); ++row)
        learn[row] = out.part_of[examples.trace[row]] != part ? 1 : 0;
      trained.networks.push_back(fit(trained.shape, examples, learn, part));
      judge(trained, part, out);
    }
    calibrate(out);
    return out;
  }

 private:
  static constexpr std::uint32_t trunk_units = 16, hidden_units = 8;

  Examples read(TrainedForecast& trained) const {
    Examples real, made;
    for (std::size_t t = 0; t < traces_.size(); ++t) {
      const Trace& trace = *traces_[t];
      const LimitBelief limit = trained.limits.of(trace.key.type, devices_.budget_bytes(trace.key));
      Random random(hash64(trace.session, options_.seed));
      const auto index = static_cast<std::uint32_t>(t);
      real.read({trace, limit}, index, of_real, random);
      for (const VirtualSession& session : virtual_sessions(trace, limit, options_.seed + 1)) {
        made.read(session, index, of_virtual, random);
      }
    }
    const auto kills = std::count(real.urgent.begin(), real.urgent.end(), 1.0F);
    if (kills == 0 || static_cast<std::size_t>(kills) == real.rows()) {
      throw Error(Status::model, "nothing to learn from: sessions with a kill and sessions without one are needed");
    }
    trained.inputs = fit_inputs(real.seen);  // as they will be met
    real.append(made);
    const std::size_t width = trained.inputs.size();
    real.numbers.resize(real.rows() * width);
    for (std::size_t row = 0; row < real.rows(); ++row) {
      normalise(trained.inputs, real.seen[row], {real.numbers.data() + row * width, width});
    }
    return real;
  }

  // What to say of a reading that nothing is known of: to begin there spares most of the training.
  static double prior_logit(const Examples& examples, const std::vector<std::uint8_t>& learn) {
    double urgent = 1, calm = 1;
    for (std::size_t row = 0; row < examples.rows(); ++row) {
      if (learn[row] != 0) (examples.urgent[row] > 0 ? urgent : calm) += double{examples.weight[row]};
    }
    return std::log(urgent / calm);
  }

  // The same of the sessions as they were, each reading once.
  double true_prior_logit() const {
    double urgent = 1, calm = 1;
    for (const Trace* trace : traces_) {
      for (std::size_t i = 0; i < trace->readings.size(); ++i) (trace->level(i) > 0 ? urgent : calm) += 1;
    }
    return std::log(urgent / calm);
  }

  std::vector<float> fit(const model::Shape& shape, const Examples& examples, const std::vector<std::uint8_t>& learn,
                         std::uint32_t part) const {
    std::vector<float> weights = model::initial_weights(shape, options_.seed + part);
    float& constant = weights[model::tensors(shape)[model::fail_constant].offset];
    const double learned_prior = prior_logit(examples, learn);
    constant = static_cast<float>(learned_prior);
    jobmedic_torch_training training = {};
    training.seed = options_.seed + part;
    training.epochs = options_.epochs;
    training.batch_rows = 256;
    training.learning_rate = 0.01F;
    training.weight_decay = 0.03F;
    training.cost_weight = 0.02F;
    training.dropout = 0.1F;
    const std::size_t rows = examples.rows();
    std::vector<std::uint64_t> none(rows + 1);
    std::vector<std::uint32_t> own(rows);
    for (std::size_t row = 0; row < rows; ++row) own[row] = static_cast<std::uint32_t>(row);
    const jobmedic_torch_batch batch = {
        rows,   examples.numbers.data(), none.data(), nullptr, nullptr, rows, own.data(), nullptr, nullptr, none.data(),
        nullptr};
    const jobmedic_torch_labels labels = {examples.urgent.data(), examples.log_seconds.data(), examples.weight.data(),
                                          learn.data()};
    model::EpochProgress progress;
    if (options_.progress) {
      progress = [&](std::uint32_t epoch, float loss) {
        const double done = part + static_cast<double>(epoch) / options_.epochs;
        options_.progress(done / options_.parts, fmt::format("network {} of {}, epoch {}, loss {:.4f}", part + 1,
                                                             options_.parts, epoch, loss));
      };
    }
    model::train_by(torch_, shape, batch, labels, training, progress, weights);
    // Weights and virtual kills made kills more frequent than they are; to undo that is a matter of the constant (King
    // & Zeng, Logistic Regression in Rare Events Data, 2001).
    constant += static_cast<float>(true_prior_logit() - learned_prior);
    return weights;
  }

  // What the newest network, alone, says of the part it was not trained on.
  void judge(const TrainedForecast& trained, std::uint32_t part, Committee& out) const {
    TrainedForecast alone = trained;
    alone.networks = {trained.networks.back()};
    const Scorer scorer(alone);
    for (std::size_t t = 0; t < traces_.size(); ++t) {
      if (out.part_of[t] == part) out.held_out[t] = scores_of(*traces_[t], alone, devices_, scorer);
    }
  }

  void calibrate(Committee& out) const {
    std::vector<model::Judged> judged;
    std::vector<double> logits;
    for (std::size_t t = 0; t < traces_.size(); ++t) {
      for (std::size_t i = 0; i < out.held_out[t].size(); ++i) {
        const double logit = out.held_out[t][i].logit;
        judged.push_back({logit, 0, traces_[t]->level(i) > 0, unknown, 1});
        logits.push_back(logit);
      }
    }
    out.trained.calibration = model::calibrate(judged, 0);
    out.trained.threshold_logit = threshold_for(std::move(logits), options_.alert_budget);
    grade(out);
  }

  // Whether a kill comes is told by the probability; the level tells when, so it is learned where one came.
  void grade(Committee& out) const {
    std::vector<Foretold> foretold;
    for (std::size_t t = 0; t < traces_.size(); ++t) {
      for (std::size_t i = 0; i < out.held_out[t].size(); ++i) {
        const Score& score = out.held_out[t][i];
        const int level = traces_[t]->level(i);
        if (level > 0 && score.logit > out.trained.threshold_logit) foretold.push_back({score.seconds, level});
      }
    }
    constexpr std::size_t least = 20;
    if (foretold.size() >= least) out.trained.level_cuts = level_cuts_for(foretold);
  }

  std::span<const Trace* const> traces_;
  const DeviceTable& devices_;
  const ForecastTraining& options_;
  const jobmedic_torch_api& torch_;
};

}  // namespace

double threshold_for(std::vector<double> scores, double budget) {
  if (scores.empty()) return std::numeric_limits<double>::infinity();
  const auto above = static_cast<std::size_t>(budget * static_cast<double>(scores.size()));
  const auto place = scores.end() - static_cast<std::ptrdiff_t>(std::min(above + 1, scores.size()));
  std::nth_element(scores.begin(), place, scores.end());
  return *place;
}

LevelCuts level_cuts_for(std::span<const Foretold> foretold) {
  std::vector<double> seconds;
  for (const Foretold& one : foretold) seconds.push_back(one.seconds);
  std::sort(seconds.begin(), seconds.end());
  LevelCuts cuts;
  int level = 4;
  for (double& most : cuts.seconds) {
    const auto graver = static_cast<std::size_t>(
        std::count_if(foretold.begin(), foretold.end(), [&](const Foretold& one) { return one.level >= level; }));
    most = graver == 0 ? 0 : seconds[graver - 1];  // no prediction is below a second
    --level;
  }
  return cuts;
}

std::vector<Score> scores_of(const Trace& trace, const TrainedForecast& trained, const DeviceTable& devices,
                             const Scorer& scorer) {
  FeatureState state(trained.limits.of(trace.key.type, devices.budget_bytes(trace.key)));
  std::vector<Score> scores(trace.readings.size(), Score{-30, 3600});
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (state.add(trace.readings[i]) == Accepted::yes) {
      scores[i] = scorer(state.features());
    } else if (i > 0) {
      scores[i] = scores[i - 1];
    }
  }
  return scores;
}

std::vector<double> course_of(Feature feature, const Trace& trace, const LearnedLimits& limits,
                              const DeviceTable& devices) {
  FeatureState state(limits.of(trace.key.type, devices.budget_bytes(trace.key)));
  std::vector<double> course;
  for (const Reading& reading : trace.readings) {
    static_cast<void>(state.add(reading));
    const float value = state.features()[static_cast<std::size_t>(feature)];
    course.push_back(std::isnan(value) ? 0 : double{value});
  }
  return course;
}

std::vector<std::uint32_t> deal(std::span<const Trace* const> traces, std::uint32_t parts, std::uint64_t seed) {
  std::vector<std::size_t> order(traces.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    if (traces[a]->killed != traces[b]->killed) return traces[a]->killed;
    const auto x = hash64(traces[a]->session, seed), y = hash64(traces[b]->session, seed);
    return x != y ? x < y : traces[a]->session < traces[b]->session;
  });
  std::vector<std::uint32_t> part_of(traces.size());
  for (std::size_t i = 0; i < order.size(); ++i) part_of[order[i]] = static_cast<std::uint32_t>(i % parts);
  return part_of;
}

Committee train_committee(std::span<const Trace* const> traces, const DeviceTable& devices,
                          const ForecastTraining& options) {
  if (options.parts < 2 || options.epochs < 1) throw Error(Status::invalid_argument, "parts: at least 2; epochs: 1");
  if (!(options.alert_budget > 0 && options.alert_budget < 1)) {
    throw Error(Status::invalid_argument, "alert budget: between 0 and 1");
  }
  model::need_torch();
  return CommitteeTraining(traces, devices, options, *model::torch_module()).run();
}

}  // namespace jobmedic::forecast
