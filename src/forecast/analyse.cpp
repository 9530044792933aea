// jobmedic.forecast_analysis/1: what recorded sessions say of their kills.
#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "forecast/csv.hpp"
#include "forecast/evaluation.hpp"
#include "forecast/labels.hpp"

namespace jobmedic::forecast {
namespace {

constexpr std::size_t tenths = 10;
constexpr double early_share = 0.2;      // of the longest session of its type
constexpr double far_from_limit = 0.85;  // working set over the learned limit
constexpr double look_back_s = 300;

/// A kill, as the readings before it tell it.
struct Kill {
  const Said* said = nullptr;
  double share = unknown;      // of the learned limit in use at the last reading
  double own_grown = unknown;  // bytes over the last five minutes
  double outside_grown = unknown;
  bool early = false, looks_like_crash = false;
  std::string whose = "unknown";
};

double own_bytes(const Reading& reading) {
  return std::isnan(reading.private_bytes) ? reading.resident_bytes - reading.shared_bytes : reading.private_bytes;
}

double working_set(const Reading& reading) {
  return reading.usage_bytes - (std::isnan(reading.cache_bytes) ? 0 : reading.cache_bytes);
}

// Growth from five minutes before the end, or the begin, to the last reading.
void attribute(Kill& kill) {
  const std::vector<Reading>& readings = kill.said->trace->readings;
  if (readings.size() < 2) return;
  const Reading& last = readings.back();
  const auto first = std::find_if(readings.begin(), readings.end(),
                                  [&](const Reading& r) { return last.time_s - r.time_s <= look_back_s; });
  kill.own_grown = own_bytes(last) - own_bytes(*first);
  kill.outside_grown = working_set(last) - own_bytes(last) - (working_set(*first) - own_bytes(*first));
  if (std::isnan(kill.own_grown) || std::isnan(kill.outside_grown)) return;
  kill.whose = kill.outside_grown > kill.own_grown ? "outside" : "own";
}

struct DeviceType {
  std::uint64_t sessions = 0, kills = 0, early_like_crashes = 0;
  double longest_s = 0;
  std::array<std::uint64_t, tenths> by_tenth{};

  [[nodiscard]] std::size_t tenth(double seconds) const {
    const double place = longest_s > 0 ? seconds / longest_s * tenths : 0;
    return std::min(static_cast<std::size_t>(std::max(place, 0.0)), tenths - 1);
  }
};

double share_before(const Trace& trace, const LearnedLimits& limits, const DeviceTable& devices) {
  FeatureState state(limits.of(trace.key.type, devices.budget_bytes(trace.key)));
  for (const Reading& reading : trace.readings) static_cast<void>(state.add(reading));
  return double{state.features()[static_cast<std::size_t>(Feature::share)]};
}

std::map<std::string, bool> neighbours(const std::filesystem::path& sessions) {
  std::map<std::string, bool> known;
  if (sessions.empty()) return known;
  CsvReader csv(sessions);
  const std::size_t id = csv.at("session_id"), neighbour = csv.at("has_neighbour");
  while (csv.next()) known[csv.row()[id]] = csv.row()[neighbour] == "1";
  return known;
}

json::Value number_or_null(double value) {
  return std::isnan(value) ? json::Value() : json::Value(value);
}

json::Value confusion(const std::vector<Said>& said) {
  std::uint64_t reading[2][2] = {}, session[2][2] = {};  // [urgent][alert]
  for (const Said& one : said) {
    bool any = false, caught = false;
    for (std::size_t i = 0; i < one.alert.size(); ++i) {
      const bool urgent = one.trace->level(i) > 0, alert = one.alert[i] != 0;
      ++reading[urgent ? 1 : 0][alert ? 1 : 0];
      any = any || alert;
      caught = caught || (urgent && alert);
    }
    ++session[one.trace->killed ? 1 : 0][(one.trace->killed ? caught : any) ? 1 : 0];
  }
  const auto matrix = [](const std::uint64_t(&counts)[2][2]) {
    return json::object({{"true_positive", counts[1][1]},
                         {"false_negative", counts[1][0]},
                         {"false_positive", counts[0][1]},
                         {"true_negative", counts[0][0]}});
  };
  return json::object({{"readings", matrix(reading)}, {"sessions", matrix(session)}});
}

json::Value type_json(const std::string& name, const DeviceType& type) {
  const auto peak = std::max_element(type.by_tenth.begin(), type.by_tenth.end());
  const double middle = (static_cast<double>(peak - type.by_tenth.begin()) + 0.5) / tenths * type.longest_s;
  json::Array by_tenth(type.by_tenth.begin(), type.by_tenth.end());
  return json::object({{"device_type", name},
                       {"sessions", type.sessions},
                       {"kills", type.kills},
                       {"longest_s", type.longest_s},
                       {"kills_by_tenth", std::move(by_tenth)},
                       {"peak_s", type.kills > 0 ? json::Value(middle) : json::Value()},
                       {"early_like_crashes", type.early_like_crashes}});
}

json::Value kill_json(const Kill& kill) {
  const Trace& trace = *kill.said->trace;
  return json::object({{"session", trace.session},
                       {"device_type", trace.key.type},
                       {"kill_s", trace.kill_s},
                       {"share_of_limit", kill.share},
                       {"own_grown_bytes", number_or_null(kill.own_grown)},
                       {"outside_grown_bytes", number_or_null(kill.outside_grown)},
                       {"whose", kill.whose},
                       {"early", kill.early},
                       {"looks_like_crash", kill.looks_like_crash}});
}

json::Value outside_json(const std::vector<Kill>& kills, const std::map<std::string, bool>& known) {
  std::uint64_t outside = 0, own = 0, told[2][2] = {};  // [neighbour][told outside]
  for (const Kill& kill : kills) {
    outside += kill.whose == "outside" ? 1 : 0;
    own += kill.whose == "own" ? 1 : 0;
    const auto found = known.find(kill.said->trace->session);
    if (found != known.end() && kill.whose != "unknown") ++told[found->second ? 1 : 0][kill.whose == "outside" ? 1 : 0];
  }
  json::Object object = {{"outside", outside}, {"own", own}, {"unknown", kills.size() - outside - own}};
  if (!known.empty()) {
    object.emplace_back("agreement", json::object({{"neighbour", told[1][0] + told[1][1]},
                                                   {"neighbour_told_outside", told[1][1]},
                                                   {"alone", told[0][0] + told[0][1]},
                                                   {"alone_told_outside", told[0][1]}}));
  }
  return object;
}

}  // namespace

std::string analyse_forecast(const std::filesystem::path& csv, const std::filesystem::path& sessions,
                             const DeviceTable& devices, const ForecastTraining& training,
                             const ForecastEvaluation& options) {
  const std::map<std::string, bool> known = neighbours(sessions);
  const std::vector<Trace> traces = read_traces(csv);
  const std::vector<Contest> methods = contest(traces, devices, training, options.folds, options.folds_played);
  const std::vector<Said>& said = methods.front().said;
  std::vector<const Trace*> all;
  std::map<std::string, DeviceType> types;
  for (const Trace& trace : traces) {
    all.push_back(&trace);
    DeviceType& type = types[trace.key.type];
    ++type.sessions;
    if (!trace.readings.empty()) type.longest_s = std::max(type.longest_s, trace.readings.back().time_s);
  }
  const LearnedLimits limits(all, devices);
  std::vector<Kill> kills;
  for (const Said& one : said) {
    if (!one.trace->killed) continue;
    Kill kill;
    kill.said = &one;
    attribute(kill);
    DeviceType& type = types[one.trace->key.type];
    ++type.kills;
    ++type.by_tenth[type.tenth(one.trace->kill_s)];
    kill.share = share_before(*one.trace, limits, devices);
    kill.early = one.trace->kill_s <= early_share * type.longest_s;
    const bool foretold = std::find(one.alert.begin(), one.alert.end(), 1) != one.alert.end();
    kill.looks_like_crash = kill.early && !foretold && !(kill.share >= far_from_limit);
    type.early_like_crashes += kill.looks_like_crash ? 1 : 0;
    kills.push_back(std::move(kill));
  }
  json::Array by_type, told;
  for (const auto& [name, type] : types) by_type.push_back(type_json(name, type));
  for (const Kill& kill : kills) told.push_back(kill_json(kill));
  return json::write(json::object({{"schema", "jobmedic.forecast_analysis/1"},
                                   {"sessions", std::uint64_t{traces.size()}},
                                   {"kills", std::uint64_t{kills.size()}},
                                   {"alert_budget", training.alert_budget},
                                   {"device_types", std::move(by_type)},
                                   {"kills_told", std::move(told)},
                                   {"outside", outside_json(kills, known)},
                                   {"confusion", confusion(said)}}));
}

}  // namespace jobmedic::forecast
