// What needs libjobmedic_torch.so. Without it (JOBMEDIC_TORCH=OFF) this file is not built.
#include "jobmedic/train.hpp"

#include <catch2/catch.hpp>

#include "core/time.hpp"
#include "json/value.hpp"
#include "recommend/model/fixtures.hpp"
#include "scratch.hpp"

using namespace jobmedic;

namespace {

TrainingOptions quick(const std::string& version = "") {
  TrainingOptions options;
  options.version = version;
  options.max_epochs = 20;
  return options;
}

std::unique_ptr<Store> store_with(const Scratch& scratch, std::size_t jobs) {
  auto store = Store::open(scratch.url());
  store->record_all(fixtures::history(jobs));
  return store;
}

std::string verdict(const TrainedVersion& made, const std::string& name) {
  const json::Value report = json::parse(made.version.report);
  for (const json::Value& audit : *report.find("audits")->as<json::Array>()) {
    if (*audit.find("name")->as<std::string>() == name) return *audit.find("verdict")->as<std::string>();
  }
  return "";
}

}  // namespace

TEST_CASE("versions are named after their day, and the first of a small history is served") {
  const Scratch scratch;
  const auto store = store_with(scratch, 2);
  const std::string before = format_time(now()).substr(0, 10);
  const TrainedVersion first = train_version(*store, fixtures::space(), quick());
  INFO(first.version.report);
  CHECK(first.promoted);
  CHECK(first.blocked_by.empty());
  CHECK(store->serving_version() == first.version.version);
  CHECK(store->serving_model()->safetensors.size() == first.version.bytes);
  const TrainedVersion second = train_version(*store, fixtures::space(), quick());
  if (format_time(now()).substr(0, 10) == before) {  // not at midnight
    CHECK(first.version.version == before + ".1");
    CHECK(second.version.version == before + ".2");
  }
  CHECK(store->models().size() == 2);
  CHECK(train_version(*store, fixtures::space(), quick("mine")).version.version == "mine");
}

TEST_CASE("a version is saved with its range, its audits and the networks of its folds") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  std::vector<Attempt> history = fixtures::history(6);
  history.front().started_at = "2026-11-01T00:00:00Z";
  history.back().started_at = "2026-11-21T03:04:05Z";
  store->record_all(history);
  const TrainedVersion made = train_version(*store, fixtures::space(), quick("1"), {true, "ada"});
  const json::Value report = json::parse(store->models().at(0).report);
  CHECK(*report.find("from") == json::Value("2026-11-01T00:00:00Z"));
  CHECK(*report.find("to") == json::Value("2026-11-21T03:04:05Z"));
  CHECK(report.find("audits")->as<json::Array>()->size() == 7);
  CHECK(report.find("held_out")->find("log_loss") != nullptr);
  for (const char* name : {"monotonicity", "edge_inputs"}) CHECK(verdict(made, name) == "passed");
  REQUIRE(store->fold_models("1").size() == 5);
  std::size_t held_out = 0;
  for (const std::string& fold : store->fold_models("1"))
    held_out += model::TrainedWeights::parse(fold).held_out.size();
  CHECK(held_out == 6);
  CHECK(store->promotions().at(0).by == "ada");
  CHECK(store->promotions().at(0).kind == "trained");
}

TEST_CASE("trained from a store as from a list, the same history and seed give the same weights") {
  const Scratch scratch;
  const auto store = store_with(scratch, 6);
  const TrainedVersion made = train_version(*store, fixtures::space(), quick("1"));
  const std::string first = *store->model("1");
  store->put_model({"other", "", "", false, 0}, "something else");
  CHECK(train_version(*store, fixtures::space(), quick("1")).version.bytes == made.version.bytes);  // else refused
  CHECK(*store->model("1") == first);
}

TEST_CASE("a version that is worse than the one in service stays out, and the report says why") {
  const Scratch scratch;
  const auto store = store_with(scratch, 16);
  TrainingOptions good = quick("good");
  good.max_epochs = 60;
  REQUIRE(train_version(*store, fixtures::space(), good).promoted);
  TrainingOptions hasty = quick("hasty");
  hasty.max_epochs = 1;
  const TrainedVersion made = train_version(*store, fixtures::space(), hasty);
  INFO(made.version.report);
  CHECK(verdict(made, "better_than_serving") == "failed");
  CHECK_FALSE(made.promoted);
  CHECK(std::find(made.blocked_by.begin(), made.blocked_by.end(), "better_than_serving") != made.blocked_by.end());
  CHECK(store->serving_version() == "good");
  CHECK(store->models().size() == 2);

  CHECK(message_of([&] {
          promote_version(*store, {"hasty", "", "", "ada", "I like it"});
          return 0;
        }).find("model \"hasty\" is kept out of service by ") == 0);
  CHECK(message_of([&] {
          promote_version(*store, {"hasty", "", "", "ada", ""}, true);
          return 0;
        }) == "a version is promoted against its audits for a reason: say it");
  CHECK(store->serving_version() == "good");
  promote_version(*store, {"hasty", "", "", "ada", "I like it"}, true);
  CHECK(store->serving_version() == "hasty");
  CHECK(store->promotions().back().kind == "forced");
  promote_version(*store, {"good", "", "", "ada", ""});
  CHECK(store->promotions().back().kind == "promoted");
}

TEST_CASE("a version as good as the one in service replaces it; asked not to, it waits") {
  const Scratch scratch;
  const auto store = store_with(scratch, 12);
  REQUIRE(train_version(*store, fixtures::space(), quick("1")).promoted);
  const TrainedVersion waits = train_version(*store, fixtures::space(), quick("2"), {false, "ada"});
  INFO(waits.version.report);
  CHECK(waits.blocked_by.empty());
  CHECK_FALSE(waits.promoted);
  CHECK(store->serving_version() == "1");
  CHECK(train_version(*store, fixtures::space(), quick("3")).promoted);
}

TEST_CASE("a version in service that cannot be read is replaced") {
  const Scratch scratch;
  const auto store = store_with(scratch, 6);
  store->put_model({"broken", "", "", false, 0}, "no model at all");
  store->promote({"broken", "", "", "", ""});
  const TrainedVersion made = train_version(*store, fixtures::space(), quick("new"));
  CHECK(verdict(made, "better_than_serving") == "passed");
  CHECK(made.promoted);
  CHECK(message_of([&] {
          promote_version(*store, {"broken", "", "", "ada", "why not"}, true);
          return 0;
        }).find("store " + scratch.url() + ": model \"broken\": model file: ") == 0);
}

TEST_CASE("a training that is cancelled saves nothing, however late") {
  const Scratch scratch;
  const auto store = store_with(scratch, 3);
  for (const double when : {0.0, 0.5, 0.95, 1.0}) {
    TrainingOptions options = quick();
    options.progress = [&](double done, std::string_view) {
      if (done >= when) throw std::runtime_error("enough");
    };
    CHECK_THROWS_WITH(train_version(*store, fixtures::space(), options), "enough");
    CHECK(store->models().empty());
  }
}
