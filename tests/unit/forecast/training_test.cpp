#include "forecast/training.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <iostream>
#include <map>

#include "core/random.hpp"
#include "forecast/csv.hpp"
#include "forecast/evaluation.hpp"
#include "forecast/measures.hpp"
#include "jobmedic/error.hpp"
#include "jobmedic/model.hpp"
#include "recommend/model/committee.hpp"
#include "recommend/model/module.hpp"
#include "recommend/model/safetensors.hpp"
#include "scratch.hpp"
#include "test_data.hpp"

using namespace jobmedic;
using namespace jobmedic::forecast;

namespace {

constexpr double mib = 1024 * 1024;

// Sessions of which some leak into their limit, which is nine tenths of what is promised, and are killed there.
std::vector<Trace> sessions(int count) {
  Random random(11);
  std::vector<Trace> traces;
  for (int s = 0; s < count; ++s) {
    Trace trace{std::to_string(s), {"DT01", "6.0"}, s % 5 == 0, unknown, {}};
    const double begin = 20 + 30 * random.uniform(), slope = trace.killed ? 0.5 + random.uniform() : 0;
    for (int i = 0; i < 120; ++i) {
      Reading r;
      r.time_s = 15.0 * i;
      const double now = (begin + slope * i + 2 * random.uniform()) * mib;
      const bool full = now >= 90 * mib;
      r.usage_bytes = std::min(now, 90 * mib);
      r.cache_bytes = 0;
      r.limit_hits = full ? 1 : 0;
      trace.readings.push_back(r);
      if (full && trace.killed) break;
    }
    if (trace.readings.size() == 120) trace.killed = false;
    if (trace.killed) trace.kill_s = trace.readings.back().time_s + 5;
    traces.push_back(std::move(trace));
  }
  return traces;
}

const DeviceTable& devices() {
  static const DeviceTable table = DeviceTable::parse("device_type,sdk_version,app_budget_mb\nDT01,6.0,100\n");
  return table;
}

std::vector<const Trace*> pointers(const std::vector<Trace>& traces) {
  std::vector<const Trace*> list;
  for (const Trace& trace : traces) list.push_back(&trace);
  return list;
}

bool no_torch() {
  const std::string why = load_torch();
  if (!why.empty()) std::cerr << "skipped: " << why << "\n";
  return !why.empty();
}

}  // namespace

TEST_CASE("sessions are dealt with their kills evenly, and the same however they are ordered") {
  std::vector<Trace> traces = sessions(100);
  const auto parts = deal(pointers(traces), 5, 3);
  std::array<int, 5> kills{}, all{};
  for (std::size_t i = 0; i < traces.size(); ++i) {
    ++all[parts[i]];
    kills[parts[i]] += traces[i].killed ? 1 : 0;
  }
  const auto [fewest, most] = std::minmax_element(kills.begin(), kills.end());
  CHECK(*most - *fewest <= 1);
  for (const int count : all) CHECK(count == 20);
  std::map<std::string, std::uint32_t> part_of;
  for (std::size_t i = 0; i < traces.size(); ++i) part_of[traces[i].session] = parts[i];
  std::reverse(traces.begin(), traces.end());
  const auto again = deal(pointers(traces), 5, 3);
  for (std::size_t i = 0; i < traces.size(); ++i) CHECK(again[i] == part_of[traces[i].session]);
}

TEST_CASE("what a device type really lets an application use is learned from sessions that ran into the limit") {
  const std::vector<Trace> traces = sessions(60);
  const LearnedLimits limits(pointers(traces), devices());
  CHECK(limits.of("DT01", 100 * mib).bytes == Approx(90 * mib).epsilon(0.02));
  CHECK(limits.of("another", 100 * mib).bytes == Approx(90 * mib).epsilon(0.02));
  CHECK(std::isnan(limits.of("another", unknown).bytes));
  const LearnedLimits again = LearnedLimits::from_json(limits.to_json());
  CHECK(again.of("DT01", 100).bytes == limits.of("DT01", 100).bytes);
}

TEST_CASE("measures count a kill once, and survivors by session") {
  Trace killed{"1", {}, true, 100, {}}, alive{"2", {}, false, unknown, {}};
  for (int i = 0; i < 4; ++i) {
    Reading r;
    r.time_s = i * 25.0;
    killed.readings.push_back(r);
    alive.readings.push_back(r);
  }
  const std::vector<Said> said = {{&killed, {1, 4, 3, 2}, {0, 1, 1, 0}, 0}, {&alive, {0, 0, 0, 5}, {0, 0, 0, 1}, 0}};
  const Measures m = measure(said);
  CHECK(m.kills_caught == 1);
  CHECK(m.caught_in_time == 1);  // the reading 75 s before
  CHECK(m.readings_caught == 0.5);
  CHECK(m.survivors_alerted == 1);
  CHECK(m.alerts == Approx(3.0 / 8));
  CHECK(m.average_precision == Approx((1.0 / 2 + 2.0 / 3 + 3.0 / 4 + 4.0 / 5) / 4));
  const std::vector<std::uint32_t> twice = {2, 0};
  CHECK(measure(said, twice).average_precision == Approx(1));
  const Better same = paired_bootstrap(said, said, 100, 1);
  CHECK(same.kills_caught == 0.5);
  CHECK(same.average_precision == 0.5);
}

TEST_CASE("levels told are counted beside the true ones, and a method that tells none counts nothing") {
  Trace killed{"1", {}, true, 400, {}}, alive{"2", {}, false, unknown, {}};
  for (int i = 0; i < 4; ++i) {
    Reading r;
    r.time_s = i * 100.0;  // 400, 300, 200 and 100 seconds before
    killed.readings.push_back(r);
    alive.readings.push_back(r);
  }
  std::vector<Said> said = {{&killed, {}, {}, 0, {0, 2, 2, 4}}, {&alive, {}, {}, 0, {0, 0, 3, 0}}};
  const LevelMatrix matrix = levels_told(said);
  CHECK(matrix[0] == std::array<std::uint64_t, 5>{4, 0, 0, 1, 0});
  CHECK(matrix[1] == std::array<std::uint64_t, 5>{0, 0, 1, 0, 0});
  CHECK(matrix[2] == std::array<std::uint64_t, 5>{0, 0, 1, 0, 0});
  CHECK(matrix[4] == std::array<std::uint64_t, 5>{0, 0, 0, 0, 1});
  for (Said& one : said) one.level.clear();
  CHECK(levels_told(said) == LevelMatrix{});
}

TEST_CASE("levels told agree with the true ones by their distance, beyond what chance gives") {
  LevelMatrix perfect = {};
  for (std::size_t level = 0; level < 5; ++level) perfect[level][level] = 10;
  CHECK(agreement(perfect).mean_absolute_error == 0);
  CHECK(agreement(perfect).kappa == Approx(1));
  LevelMatrix matrix = {};
  matrix[0] = {90, 0, 0, 0, 4};
  matrix[3] = {2, 1, 0, 2, 0};
  matrix[4] = {0, 0, 0, 1, 3};
  CHECK(agreement(matrix).mean_absolute_error == Approx((4 * 4 + 2 * 3 + 2 + 1) / 103.0));
  const LevelMatrix caught = caught_only(matrix);
  CHECK(caught[0] == std::array<std::uint64_t, 5>{});
  CHECK(agreement(caught).mean_absolute_error == Approx(3 / 7.0));
  CHECK(agreement(caught).kappa == Approx(1 - 5 / (69 / 7.0)));
  CHECK(always_gravest(matrix)[3] == std::array<std::uint64_t, 5>{2, 0, 0, 0, 3});
  CHECK(agreement(caught_only(always_gravest(matrix))).kappa == Approx(0).margin(1e-12));  // one answer for all
  CHECK(agreement(LevelMatrix{}).mean_absolute_error == 0);
}

TEST_CASE("each level is told as often as it was true of what was foretold, and the sooner the graver") {
  std::vector<Foretold> foretold;
  for (int i = 0; i < 100; ++i) {  // predictions that all claim less than two minutes
    foretold.push_back({20.0 + i, i < 40 ? 4 : i < 70 ? 3 : i < 90 ? 2 : 1});
  }
  const LevelCuts cuts = level_cuts_for(foretold);
  std::array<int, 5> told{};
  for (const Foretold& one : foretold) ++told[static_cast<std::size_t>(level_told(true, one.seconds, cuts))];
  CHECK(told == std::array<int, 5>{0, 10, 20, 30, 40});
  CHECK(std::is_sorted(cuts.seconds.begin(), cuts.seconds.end()));
  CHECK(level_told(false, 1, cuts) == 0);
  CHECK(level_told(true, 1e9, cuts) == 1);
  for (Foretold& one : foretold) one.level = 2;
  CHECK(level_told(true, 1, level_cuts_for(foretold)) == 2);
}

TEST_CASE("a model's file carries its level cuts; one that was written without them takes seconds at their word") {
  TrainedForecast trained;
  trained.version = "x";
  for (std::size_t f = 0; f < 5; ++f) trained.inputs.push_back({f, false, 0, 1});
  trained.shape = {5, 0, 0, 1, 1, 4, 2};
  trained.networks = {model::initial_weights(trained.shape, 1)};
  trained.level_cuts.seconds = {31, 40.5, 77};
  const std::string file = trained.to_safetensors();
  CHECK(TrainedForecast::parse(file).level_cuts.seconds == trained.level_cuts.seconds);
  model::Safetensors older = model::Safetensors::parse(file);
  older.metadata["alerts"] = R"({"budget": 0.02, "threshold_logit": 1})";
  CHECK(TrainedForecast::parse(older.to_bytes()).level_cuts.seconds == std::array<double, 3>{120, 180, 240});
  older.metadata["alerts"] = R"({"budget": 0.02, "threshold_logit": 1, "level_seconds": [3, 2, 4]})";
  CHECK_THROWS_WITH(TrainedForecast::parse(older.to_bytes()), Catch::Contains("/level_seconds/1"));
}

TEST_CASE("at most the budget of the scores is above the threshold") {
  std::vector<double> scores;
  for (int i = 0; i < 1000; ++i) scores.push_back(i % 500);
  const double threshold = threshold_for(scores, 0.02);
  CHECK(std::count_if(scores.begin(), scores.end(), [&](double s) { return s > threshold; }) <= 20);
  CHECK(std::count_if(scores.begin(), scores.end(), [&](double s) { return s >= threshold; }) > 18);
}

TEST_CASE("a committee learns to foretell leaks, within the budget, and the online answers are the offline ones") {
  if (no_torch()) return;
  const std::vector<Trace> traces = sessions(150);
  ForecastTraining options;
  options.version = "test";
  options.epochs = 6;
  options.alert_budget = 0.05;
  const Committee committee = train_committee(pointers(traces), devices(), options);
  std::vector<Said> said;
  for (std::size_t t = 0; t < traces.size(); ++t) {
    Said one{&traces[t], {}, {}, 0};
    for (const Score& score : committee.held_out[t]) {
      one.score.push_back(score.logit);
      one.alert.push_back(score.logit > committee.trained.threshold_logit ? 1 : 0);
    }
    said.push_back(std::move(one));
  }
  const Measures m = measure(said);
  CHECK(m.kills_caught > 0.9);
  CHECK(m.average_precision > 0.6);
  CHECK(m.alerts <= 0.05);

  // The file, read again, one reading at a time.
  const std::string file = committee.trained.to_safetensors();
  const auto forecaster = Forecaster::parse(file);
  CHECK(forecaster->version() == "test");
  const Scorer scorer(committee.trained);
  for (const Trace& trace : traces) {
    const std::vector<Score> offline = scores_of(trace, committee.trained, devices(), scorer);
    Session session = forecaster->begin({trace.key});
    for (std::size_t i = 0; i < trace.readings.size(); ++i) {
      const Forecast answer = forecaster->update(session, trace.readings[i]);
      CHECK(answer.probability == committee.trained.calibration.probability(offline[i].logit));
      CHECK(answer.alert == (offline[i].logit > committee.trained.threshold_logit));
      CHECK((answer.level > 0) == answer.alert);
    }
  }
  CHECK(train_committee(pointers(traces), devices(), options).trained.to_safetensors() == file);
}

TEST_CASE("the built-in pass and libtorch say the same of a reading, a committee the mean of its networks") {
  if (no_torch()) return;
  const jobmedic_torch_api& torch = *model::torch_module();
  const model::Shape shape = {20, 0, 0, 1, 1, 16, 8};
  Random random(3);
  constexpr std::size_t rows = 64;
  std::vector<float> numbers(rows * shape.context);
  for (float& number : numbers) number = static_cast<float>(random.normal());
  std::vector<std::uint64_t> none(rows + 1);
  std::vector<std::uint32_t> own(rows);
  for (std::size_t i = 0; i < rows; ++i) own[i] = static_cast<std::uint32_t>(i);
  const jobmedic_torch_batch batch = {rows,       numbers.data(), none.data(), nullptr,     nullptr, rows,
                                      own.data(), nullptr,        nullptr,     none.data(), nullptr};
  std::vector<std::vector<float>> networks;
  std::vector<double> logit(rows), log_cost(rows);
  constexpr int count = 3;
  for (int n = 0; n < count; ++n) {
    std::vector<float>& weights = networks.emplace_back(model::initial_weights(shape, 5 + n));
    for (float& weight : weights) weight += static_cast<float>(0.1 * random.normal());
    weights[0] = 0;  // the embedding that no token asks for
    void* network = nullptr;
    jobmedic_torch_error error = {};
    REQUIRE(torch.create(&shape, weights.data(), weights.size(), &network, &error) == 0);
    INFO(error.message);
    std::vector<float> one_logit(rows), one_cost(rows);
    REQUIRE(torch.forward(network, &batch, one_logit.data(), one_cost.data(), &error) == 0);
    torch.free(network);
    for (std::size_t row = 0; row < rows; ++row) {
      logit[row] += double{one_logit[row]} / count;
      log_cost[row] += double{one_cost[row]} / count;
    }
  }
  const model::CommitteePass pass(shape, networks);
  for (std::size_t row = 0; row < rows; ++row) {
    const model::RawOutput said = pass({numbers.data() + row * shape.context, shape.context});
    CHECK(said.logit == Approx(logit[row]).margin(1e-5));
    CHECK(said.log_cost == Approx(log_cost[row]).margin(1e-5));
  }
}

TEST_CASE("recorded kills are foretold better than by the working set alone, by a model that never saw the session") {
  REQUIRE_TEST_DATA("oom-kills");
  if (no_torch()) return;
  CurationInput lake;
  lake.raw = test_data("oom-kills/device_characteristics_raw.csv");
  lake.secondary = test_data("oom-kills/device_buffers_secondary.csv");
  lake.keys = test_data("oom-kills/sessions.csv");
  const bool whole = std::getenv("JOBMEDIC_ALL_RUNS") != nullptr;
  const std::vector<Trace> traces = read_traces(test_data("oom-kills/traces.csv.gz"));
  CHECK(traces.size() == 816);
  const std::vector<Contest> methods = contest(traces, DeviceTable::parse(curate(lake).table), {}, 5, whole ? 5 : 1);
  const Measures model = measure(methods[0].said), simple = measure(methods[1].said), random = measure(methods[3].said);
  INFO(json::write(model.to_json()) << json::write(simple.to_json()));
  CHECK(model.alerts < 0.04);
  CHECK(model.kills_caught > random.kills_caught + 0.2);
  CHECK(model.average_precision > 5 * random.average_precision);
  if (!whole) return;
  CHECK(model.alerts < 0.021);
  CHECK(model.kills_caught >= 0.84);
  CHECK(model.caught_in_time > 0.58);
  CHECK(model.average_precision > simple.average_precision);
  CHECK(model.average_precision > 0.2);
  CHECK(model.survivors_alerted < 0.12);
}

TEST_CASE("sessions without a kill teach nothing, and say so") {
  if (no_torch()) return;
  std::vector<Trace> traces = sessions(20);
  for (Trace& trace : traces) trace.killed = false;
  CHECK_THROWS_WITH(train_committee(pointers(traces), devices(), {}), Catch::Contains("nothing to learn from"));
}

TEST_CASE("a model's file that was damaged is refused, wherever it was") {
  const std::string file = [] {
    TrainedForecast trained;
    trained.version = "x";
    for (std::size_t f = 0; f < 5; ++f) trained.inputs.push_back({f, false, 0, 1});
    trained.shape = {5, 0, 0, 1, 1, 4, 2};
    trained.networks = {model::initial_weights(trained.shape, 1), model::initial_weights(trained.shape, 2)};
    return trained.to_safetensors();
  }();
  CHECK_NOTHROW(Forecaster::parse(file));
  Random random(5);
  for (int i = 0; i < 500; ++i) {
    std::string damaged = file;
    damaged[random.below(damaged.size())] = static_cast<char>(random.below(256));
    if (i % 3 == 0) damaged.resize(random.below(damaged.size()));
    try {
      static_cast<void>(Forecaster::parse(damaged));
    } catch (const Error& error) {
      CHECK(error.status() == Status::model);
    }
  }
}

TEST_CASE("the nearer a leak is to its limit, the sooner the kill is told, and the graver the level") {
  const auto forecaster = Forecaster::shipped();
  constexpr double mib = 1 << 20;
  Session session = forecaster->begin({{}, 100 * mib, unknown});
  double before = 1e9;
  Forecast said;
  for (int i = 0; i < 50; ++i) {
    Reading reading;
    reading.time_s = 15.0 * i;
    reading.usage_bytes = (2.0 * i + 1) * mib;
    said = forecaster->update(session, reading);
    if (i < 40) continue;  // two minutes and a half before the end
    CHECK(said.seconds <= before);
    before = said.seconds;
  }
  CHECK(said.alert);
  CHECK(said.level == 4);
  CHECK(said.seconds < 30);
}

TEST_CASE("a recording's features are those of its sessions, to the last bit") {
  const Scratch scratch;
  const auto traces = scratch.path("traces.csv"), output = scratch.path("features.csv");
  std::ofstream(traces) << "session_id,device_type,sdk_version,t_s,cg_usage_kb,cg_cache_kb\n"
                           "a,dt07,6.2.0,0,20000,1000\na,DT07,6.2,15.1,21000,\na,DT07,6.2,15.1,99000,\n"
                           "a,DT07,6.2,31,22222,999\nb,DT07,6.2,0,20000.5,\n";
  const auto forecaster = Forecaster::shipped();
  CHECK(write_features(traces, *forecaster, output) == 5);
  CsvReader csv(output);
  CHECK(csv.header().size() == 4 + feature_names().size());
  std::vector<float> features(feature_names().size());
  Session session{};
  for (int row = 0; csv.next(); ++row) {
    if (row == 0 || row == 4) session = forecaster->begin({{"DT07", "6.2"}});
    constexpr double kib = 1024;
    const std::array<Reading, 5> readings = [] {
      std::array<Reading, 5> list;
      const std::array<double, 5> times = {0, 15.1, 15.1, 31, 0}, usage = {20000, 21000, 99000, 22222, 20000.5},
                                  cache = {1000, unknown, unknown, 999, unknown};
      for (std::size_t i = 0; i < list.size(); ++i) {
        list[i].time_s = times[i];
        list[i].usage_bytes = usage[i] * kib;
        list[i].cache_bytes = cache[i] * kib;
      }
      return list;
    }();
    const auto place = static_cast<std::size_t>(row);
    const bool accepted = forecaster->update(session, readings[place]).accepted;
    CHECK(csv.row()[3] == (accepted ? "1" : "0"));
    CHECK(accepted == (row != 2));
    forecaster->features(session, features);
    for (std::size_t f = 0; f < features.size(); ++f) {
      const std::string& told = csv.row()[4 + f];
      if (std::isnan(features[f])) CHECK(told.empty());
      if (!std::isnan(features[f])) CHECK(std::strtof(told.c_str(), nullptr) == features[f]);
    }
  }
  CHECK_THROWS_AS(forecaster->features(session, std::span(features).first(3)), Error);
}

TEST_CASE("bytes that are no session are answered, whatever they hold") {
  const auto forecaster = Forecaster::shipped();
  Session session;
  for (std::size_t i = 0; i < session.bytes.size(); ++i) session.bytes[i] = static_cast<unsigned char>(37 * i + 251);
  Reading reading;
  for (int i = 0; i < 40; ++i) {
    reading.time_s = 15.0 * i;
    reading.usage_bytes = 1e6 * i;
    const Forecast said = forecaster->update(session, reading);
    CHECK((said.level >= -2147483647 && !(said.probability > 1)));
  }
}

TEST_CASE("the shipped model foretells a leak under a known limit, and is silent far below it") {
  const auto forecaster = Forecaster::shipped();
  for (const bool leaks : {false, true}) {
    Session session = forecaster->begin({{}, 100 * mib, unknown});
    int alerts = 0, first = -1;
    for (int i = 0; i < 50; ++i) {
      Reading r;
      r.time_s = 15.0 * i;
      r.usage_bytes = (leaks ? 2.0 * i + 1 : 30 + i % 3) * mib;
      r.cache_bytes = 0;
      const Forecast answer = forecaster->update(session, r);
      if (answer.alert && first < 0) first = i;
      alerts += answer.alert ? 1 : 0;
    }
    CHECK((alerts > 0) == leaks);
    if (leaks) {
      CHECK(first > 20);
      CHECK(first < 48);
      CHECK_FALSE(forecaster->reasons(session).empty());
    }
  }
}
