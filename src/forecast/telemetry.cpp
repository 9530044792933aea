#include "forecast/telemetry.hpp"

#include <cmath>

#include "forecast/csv.hpp"
#include "forecast/keys.hpp"
#include "forecast/labels.hpp"

namespace jobmedic::forecast {
namespace {

constexpr double kib = 1024;

struct Column {
  const char* name;
  double Reading::*member;
  double unit;
};
constexpr Column columns[] = {{"t_s", &Reading::time_s, 1},
                              {"nav_level", &Reading::navigation_level, 1},
                              {"rss_kb", &Reading::resident_bytes, kib},
                              {"pss_anon_kb", &Reading::private_bytes, kib},
                              {"rss_shared_kb", &Reading::shared_bytes, kib},
                              {"vsz_kb", &Reading::virtual_bytes, kib},
                              {"minflt", &Reading::minor_faults, 1},
                              {"majflt", &Reading::major_faults, 1},
                              {"cpu_ticks", &Reading::cpu_s, 0.01},
                              {"threads", &Reading::threads, 1},
                              {"cg_usage_kb", &Reading::usage_bytes, kib},
                              {"cg_cache_kb", &Reading::cache_bytes, kib},
                              {"cg_anon_kb", &Reading::group_bytes, kib},
                              {"cg_pgmajfault", &Reading::group_major_faults, 1},
                              {"cg_failcnt", &Reading::limit_hits, 1}};

struct Place {
  std::size_t column;
  const Column* what;
};

// Columns that a recording lacks stay unknown.
std::vector<Place> places_in(const CsvReader& csv) {
  std::vector<Place> places;
  for (const Column& column : columns) {
    if (const auto found = csv.find(column.name)) places.push_back({*found, &column});
  }
  return places;
}

}  // namespace

int Trace::level(std::size_t i) const {
  return killed ? level_before_kill(kill_s - readings[i].time_s) : 0;
}

void each_trace(const std::filesystem::path& path, const std::function<bool(const DeviceKey&)>& wanted,
                const std::function<void(Trace&&)>& visit) {
  CsvReader csv(path);
  const std::size_t session = csv.at("session_id"), type = csv.at("device_type"), sdk = csv.at("sdk_version");
  const auto killed = csv.find("killed"), kill_time = csv.find("kill_t_s");
  const std::vector<Place> places = places_in(csv);
  Trace trace;
  bool keep = false;
  const auto finish = [&] {
    if (keep && !trace.session.empty()) visit(std::move(trace));
  };
  while (csv.next()) {
    if (csv.row()[session] != trace.session) {
      finish();
      trace = {csv.row()[session], normalised({csv.row()[type], csv.row()[sdk]}), false, unknown, {}};
      keep = wanted(trace.key);
      if (keep && killed) trace.killed = csv.number(*killed) == 1;
      if (keep && kill_time) trace.kill_s = csv.number(*kill_time);
      if (trace.killed && std::isnan(trace.kill_s)) csv.fail("the session was killed, but kill_t_s does not say when");
    }
    if (!keep) continue;
    Reading reading;
    for (const Place& place : places) reading.*(place.what->member) = csv.number(place.column) * place.what->unit;
    trace.readings.push_back(reading);
  }
  finish();
}

std::vector<Trace> read_traces(const std::filesystem::path& csv) {
  std::vector<Trace> traces;
  each_trace(
      csv, [](const DeviceKey&) { return true; }, [&](Trace&& trace) { traces.push_back(std::move(trace)); });
  return traces;
}

}  // namespace jobmedic::forecast
