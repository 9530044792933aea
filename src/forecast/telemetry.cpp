#include "forecast/telemetry.hpp"

#include <fmt/format.h>

#include <cmath>

#include "core/time.hpp"
#include "forecast/csv.hpp"
#include "forecast/labels.hpp"

namespace jobmedic::forecast {
namespace {

constexpr double kib = 1024;

struct Place {
  std::size_t column;
  const ReadingColumn* what;
};

// Columns that a recording lacks stay unknown.
std::vector<Place> places_in(const CsvReader& csv) {
  std::vector<Place> places;
  for (const ReadingColumn& column : reading_columns()) {
    if (const auto found = csv.find(column.column)) places.push_back({*found, &column});
  }
  return places;
}

std::string time_in(const CsvReader& csv, std::size_t column) {
  const std::string& text = csv.row()[column];
  if (text.empty()) return "";
  if (const auto time = parse_time(text)) return format_time(*time);
  csv.fail(fmt::format(R"(column "started_at": expected a time as 2026-11-21T03:12:00Z, found "{}")", text));
}

}  // namespace

const std::vector<ReadingColumn>& reading_columns() {
  static const std::vector<ReadingColumn> columns = {
      {"t_s", "time_s", &Reading::time_s, 1},
      {"nav_level", "navigation_level", &Reading::navigation_level, 1},
      {"rss_kb", "resident_bytes", &Reading::resident_bytes, kib},
      {"pss_anon_kb", "private_bytes", &Reading::private_bytes, kib},
      {"rss_shared_kb", "shared_bytes", &Reading::shared_bytes, kib},
      {"vsz_kb", "virtual_bytes", &Reading::virtual_bytes, kib},
      {"minflt", "minor_faults", &Reading::minor_faults, 1},
      {"majflt", "major_faults", &Reading::major_faults, 1},
      {"cpu_ticks", "cpu_s", &Reading::cpu_s, 0.01},
      {"threads", "threads", &Reading::threads, 1},
      {"cg_usage_kb", "usage_bytes", &Reading::usage_bytes, kib},
      {"cg_cache_kb", "cache_bytes", &Reading::cache_bytes, kib},
      {"cg_anon_kb", "group_bytes", &Reading::group_bytes, kib},
      {"cg_pgmajfault", "group_major_faults", &Reading::group_major_faults, 1},
      {"cg_failcnt", "limit_hits", &Reading::limit_hits, 1}};
  return columns;
}

int Trace::level(std::size_t i) const {
  return killed ? level_before_kill(kill_s - readings[i].time_s) : 0;
}

void each_trace(const std::filesystem::path& path, const std::function<bool(const DeviceKey&)>& wanted,
                const std::function<void(Trace&&)>& visit) {
  CsvReader csv(path);
  const std::size_t session = csv.at("session_id"), type = csv.at("device_type"), sdk = csv.at("sdk_version");
  const auto killed = csv.find("killed"), kill_time = csv.find("kill_t_s"), started = csv.find("started_at");
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
      if (keep && started) trace.started_at = time_in(csv, *started);
      if (keep && kill_time) trace.kill_s = csv.number(*kill_time);
      if (trace.killed && std::isnan(trace.kill_s)) csv.fail("the session was killed, but kill_t_s does not say when");
    }
    if (!keep) continue;
    Reading reading;
    for (const Place& place : places) reading.*(place.what->place) = csv.number(place.column) * place.what->unit;
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
