// What needs libjobmedic_torch.so. Without it (JOBMEDIC_TORCH=OFF) this file is not built.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <fstream>

#include "core/random.hpp"
#include "jobmedic/forecast_versions.hpp"
#include "json/value.hpp"
#include "scratch.hpp"

using namespace jobmedic;
using namespace jobmedic::forecast;

namespace {

const DeviceTable& devices() {
  static const DeviceTable table = DeviceTable::parse("device_type,sdk_version,app_budget_mb\nDT01,6.0,100\n");
  return table;
}

// Sessions of which every fourth leaks into its limit and is killed there; as many stay just below it.
std::string record(const Scratch& scratch, int sessions) {
  Random random(11);
  const std::string path = scratch.path("traces.csv").string();
  std::ofstream csv(path);
  csv << "session_id,device_type,sdk_version,t_s,cg_usage_kb,cg_cache_kb,cg_failcnt,killed,kill_t_s,started_at\n";
  for (int s = 0; s < sessions; ++s) {
    const bool leaks = s % 4 == 0;
    const int end = leaks ? 60 + s % 20 : 100;
    for (int i = 0; i < end; ++i) {
      const double used =
          leaks ? 92160.0 - 900.0 * (end - 1 - i) : (s % 4 == 1 ? 88000 : 30000) + 1500 * random.uniform();
      csv << fmt::format("{},DT01,6.0,{},{:.0f},0,{},{},{},2026-11-{:02}T00:00:00Z\n", s, 15 * i, used,
                         used >= 92160 ? 1 : 0, leaks ? 1 : 0, leaks ? fmt::format("{}", 15 * end) : "", 1 + s % 28);
    }
  }
  return path;
}

ForecastTraining quick(const std::string& version, std::uint64_t seed = 0) {
  ForecastTraining options;
  options.version = version;
  options.seed = seed;
  options.epochs = 3;
  options.alert_budget = 0.06;
  return options;
}

const json::Value* audit(const json::Value& report, std::string_view name) {
  for (const json::Value& one : *report.find("audits")->as<json::Array>()) {
    if (*one.find("name")->as<std::string>() == name) return &one;
  }
  return nullptr;
}

std::string verdict(const TrainedVersion& made, std::string_view name) {
  const json::Value report = json::parse(made.version.report);
  const json::Value* found = audit(report, name);
  return found == nullptr ? "absent" : *found->find("verdict")->as<std::string>();
}

ServeOptions unpromoted() {
  return {false, "ada"};
}

}  // namespace

TEST_CASE("a forecast version is saved with its range, its figures and its audits, and served where they let it") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  const TrainedVersion made = train_forecast_version(*store, record(scratch, 60), devices(), quick("one"));
  INFO(made.version.report);
  CHECK(made.blocked_by.empty());
  REQUIRE(made.promoted);
  CHECK(store->serving_version(ModelKind::forecast) == "one");
  CHECK(store->serving_version().empty());
  const ModelVersion kept = store->models().at(0);
  CHECK(kept.kind == ModelKind::forecast);
  const json::Value report = json::parse(kept.report);
  CHECK(*report.find("from")->as<std::string>() == "2026-11-01T00:00:00Z");
  CHECK(*report.find("to")->as<std::string>() == "2026-11-28T00:00:00Z");
  CHECK(*report.find("sessions")->as<std::int64_t>() == 60);
  CHECK(*report.find("kills")->as<std::int64_t>() == 15);
  CHECK(report.find("held_out")->find("average_precision")->is_number());
  CHECK(report.find("compared_with")->is_null());
  for (const char* name : {"better_than_working_set", "calibration", "alert_budget", "latency", "edge_inputs"}) {
    CHECK(audit(report, name) != nullptr);
  }
  CHECK(verdict(made, "better_than_serving") == "undecided");
  CHECK(store->fold_models("one").size() == 5);
  CHECK(store->promotions().at(0).by == "jobmedic train");

  // The version in service answers as it was trained.
  const auto forecaster = forecaster_in_service(*store);
  REQUIRE(forecaster);
  CHECK(forecaster->version() == "one");
  const auto serving = store->serving_model(ModelKind::forecast);
  REQUIRE(serving);
  CHECK(store->model("one") == serving->safetensors);
}

TEST_CASE("a new version is compared with the one in service on sessions that neither's networks saw") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  const std::string traces = record(scratch, 60);
  train_forecast_version(*store, traces, devices(), quick("one"));
  const TrainedVersion same = train_forecast_version(*store, traces, devices(), quick("two"), unpromoted());
  const json::Value report = json::parse(same.version.report);
  const json::Value* compared = audit(report, "better_than_serving");
  REQUIRE(compared != nullptr);
  CHECK(*compared->find("measured")->as<double>() == 0);  // the same networks, asked about the same sessions
  CHECK(*compared->find("verdict")->as<std::string>() == "passed");
  CHECK(*report.find("compared_with")->as<std::string>() == "one");
  CHECK(store->serving_version(ModelKind::forecast) == "one");

  promote_version(*store, {"two", "", "", "ada", ""});
  CHECK(store->serving_version(ModelKind::forecast) == "two");
  CHECK(store->rollback({"", "", "", "ada", "warns too late"}, ModelKind::forecast).version == "one");
}

TEST_CASE("a version that is surely worse than the one in service is kept, unpromoted, with the reason") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  const std::string traces = record(scratch, 60);
  train_forecast_version(*store, traces, devices(), quick("good"));
  // Budgets ten times too large: its limits are never seen to be near.
  const DeviceTable wrong = DeviceTable::parse("device_type,sdk_version,app_budget_mb\nDT99,6.0,100\n");
  const TrainedVersion bad = train_forecast_version(*store, traces, wrong, quick("bad"));
  INFO(bad.version.report);
  CHECK_FALSE(bad.promoted);
  CHECK(verdict(bad, "better_than_serving") == "failed");
  CHECK_FALSE(bad.blocked_by.empty());
  CHECK(store->serving_version(ModelKind::forecast) == "good");
  CHECK(store->models().size() == 2);
  CHECK(message_of([&] {
          promote_version(*store, {"bad", "", "", "ada", ""});
          return 0;
        }).find("is kept out of service by better_than_serving") != std::string::npos);
  promote_version(*store, {"bad", "", "", "ada", "a try"}, true);
  CHECK(store->promotions().back().kind == "forced");
}

TEST_CASE("a version in service that cannot be read is no obstacle, and is not served either") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  const std::string traces = record(scratch, 40);
  train_forecast_version(*store, traces, devices(), quick("one"));
  scratch.sql("UPDATE models SET weights = " + scratch.bytes("00") + " || substr(weights, 2)");
  CHECK(message_of([&] { return forecaster_in_service(*store); }).find("model \"one\" is damaged") !=
        std::string::npos);
  const TrainedVersion next = train_forecast_version(*store, traces, devices(), quick("two"));
  INFO(next.version.report);
  CHECK(verdict(next, "better_than_serving") == "passed");
  CHECK(next.promoted);
  CHECK(forecaster_in_service(*store)->version() == "two");
}

TEST_CASE("weights that are no forecast model are neither served nor promoted, whatever the store says of them") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  ModelVersion version;
  version.version = "hostile";
  version.report = R"({"audits":[{"name":"latency","verdict":"passed"}]})";
  version.kind = ModelKind::forecast;
  store->put_model(version, std::string("\x08\0\0\0\0\0\0\0{}      ", 16));
  CHECK(message_of([&] {
          promote_version(*store, {"hostile", "", "", "", ""});
          return 0;
        }).find("model \"hostile\": ") != std::string::npos);
  store->promote({"hostile", "", "promoted", "", ""});  // behind promote_version()'s back
  CHECK(message_of([&] { return forecaster_in_service(*store); }).find("model \"hostile\": ") != std::string::npos);
}

TEST_CASE("a training that is cancelled saves nothing, also at the last moment") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  const std::string traces = record(scratch, 40);
  for (const double moment : {0.2, 1.0}) {
    ForecastTraining options = quick("never");
    options.progress = [&](double done, std::string_view) {
      if (done >= moment) throw Error(Status::cancelled, "no more");
    };
    CHECK(message_of([&] { return train_forecast_version(*store, traces, devices(), options); }) == "no more");
  }
  CHECK(store->models().empty());
}

TEST_CASE("without a forecast model in service the store says how to get one") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  CHECK(message_of([&] { return forecaster_in_service(*store); }) ==
        "store " + scratch.url() + " has no forecast model in service: jobmedic forecast train --store makes one");
}

TEST_CASE("versions are named after their day") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  const std::string traces = record(scratch, 40);
  const auto name = [&] {
    return train_forecast_version(*store, traces, devices(), quick(""), unpromoted()).version.version;
  };
  const std::string first = name(), second = name();
  CHECK(first.starts_with("forecast-20"));
  CHECK(first.ends_with(".1"));
  CHECK(second != first);
}
