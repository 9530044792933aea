#include "remediate/model_in_service.hpp"

#include <atomic>
#include <catch2/catch.hpp>
#include <map>
#include <thread>

#include "engines.hpp"
#include "jobmedic/event.hpp"
#include "process.hpp"
#include "recommend/model/fixtures.hpp"

using namespace jobmedic;

namespace {

void serve(Store& store, const std::string& name, const std::string& weights) {
  ModelVersion version;
  version.version = name;
  store.put_model(version, weights);
  store.promote({name, "", "promoted", "", ""});
}

constexpr const char* heap = "java.lang.OutOfMemoryError: Java heap space\n";

// A version whose answers no other version gives.
std::string weights_named(const std::string& name, std::uint64_t seed) {
  model::TrainedWeights weights = fixtures::random_weights(seed);
  weights.version = name;
  return weights.to_safetensors();
}

std::string with_fixture_space(const std::string& url) {
  return engine_config(url, R"(,"policy":{"iterations":1},"space":{"schema":"jobmedic.space/1","parameters":[
      {"name":"memory","type":"integer","min":256,"max":65536,"scale":"log","step":64,"unit":"MiB"},
      {"name":"cores","type":"integer","min":1,"max":16,"absent":"1"}]})");
}

// An unclassified failure: the model is asked, and its judgement of the unchanged retry comes back.
Attempt unknown_failure() {
  return fixtures::attempt("job1", "r", 1, 2048, false);
}

}  // namespace

TEST_CASE("a store without a model serves none") {
  const Scratch scratch;
  CHECK(ModelInService().follow(*Store::open(scratch.url())) == nullptr);
}

TEST_CASE("a damaged model is an error for who asks for it, again and again, until another is in service") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  serve(*store, "broken", "not safetensors");
  ModelInService in_service;
  const std::string first = message_of([&] { return in_service.follow(*store); });
  CHECK(first.find("store " + scratch.url() + ": model \"broken\": ") == 0);
  CHECK(message_of([&] { return in_service.follow(*store); }) == first);
  CHECK(in_service.last_good() == nullptr);
  serve(*store, "worse", "neither");
  CHECK(message_of([&] { return in_service.follow(*store); }).find("\"worse\"") != std::string::npos);
  serve(*store, "good", weights_named("good", 1));
  CHECK(in_service.follow(*store)->version() == "good");
  store->promote({"broken", "", "forced", "", ""});
  CHECK_FALSE(message_of([&] { return in_service.follow(*store); }).empty());
  CHECK(in_service.last_good()->version() == "good");
  store->rollback({});
  CHECK(in_service.follow(*store)->version() == "good");
}

TEST_CASE("a failed job is remediated without the model that cannot be read, and the log says so") {
  const Scratch scratch;
  serve(*Store::open(scratch.url()), "broken", "not safetensors");
  Engine engine(engine_config(scratch.url()));
  std::string told;
  engine.set_log([&](int, std::string_view message) { told += message; });
  const std::string document = remediate(engine, failed_attempt("j"), heap);
  CHECK(member(document, "recommendation", "method") == "\"fallback\"");
  CHECK(told.find("model \"broken\"") != std::string::npos);
  Classification verdict;
  CHECK_FALSE(message_of([&] { return engine.recommend(failed_attempt("j"), verdict); }).empty());
  CHECK_FALSE(message_of([&] {
                engine.reload();
                return 0;
              }).empty());
  CHECK(engine.get_config(failed_attempt("j")).applied.size() == 1);
}

TEST_CASE("a blob damaged behind the store's back is refused by size and hash, and the fallback answers") {
  const Scratch scratch;
  serve(*Store::open(scratch.url()), "1", weights_named("1", 1));
  scratch.sql("UPDATE models SET weights = substr(weights, 1, 1000) || " + scratch.bytes("FF") +
              " || substr(weights, 1002)");
  Engine engine(engine_config(scratch.url()));
  std::string told;
  engine.set_log([&](int, std::string_view message) { told += message; });
  CHECK(member(remediate(engine, failed_attempt("j"), heap), "recommendation", "method") == "\"fallback\"");
  CHECK(told.find("model \"1\" is damaged: its size or hash is not what was saved") != std::string::npos);
}

TEST_CASE("eight threads of an open engine follow what another process promotes, each answer of one version wholly") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  const std::vector<std::string> names = {"red", "blue"};
  std::map<std::string, double> expected;
  Engine engine(with_fixture_space(scratch.url()));
  for (std::size_t i = 0; i < names.size(); ++i) {
    serve(*store, names[i], weights_named(names[i], i));
    const Recommendation alone = engine.recommend(unknown_failure(), {});
    REQUIRE(alone.model == names[i]);
    REQUIRE(alone.unchanged);
    expected[names[i]] = alone.unchanged->failure_probability;
  }
  REQUIRE(std::abs(expected["red"] - expected["blue"]) > 1e-3);

  std::atomic<bool> stop = false;
  std::atomic<int> mixed = 0;
  std::map<std::string, std::atomic<int>> answers;
  for (const std::string& name : names) answers[name] = 0;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 8; ++thread) {
    threads.emplace_back([&] {
      while (!stop) {
        const Recommendation answer = engine.recommend(unknown_failure(), {});
        const auto known = expected.find(answer.model);
        const bool whole =
            known != expected.end() && answer.unchanged && answer.unchanged->failure_probability == known->second;
        if (!whole) ++mixed;
        if (whole) ++answers.at(answer.model);
      }
    });
  }
  // Each promotion of the other process must be seen, or this waits until the test's time is over.
  Process other({engine_config(scratch.url()), "promote", "red", "blue", "20"});
  while (!other.line().empty()) {
    const std::string name = store->serving_version();
    const int before = answers.at(name);
    while (answers.at(name) == before && store->serving_version() == name) std::this_thread::yield();
  }
  stop = true;
  for (std::thread& thread : threads) thread.join();
  CHECK(mixed == 0);
  CHECK(answers["red"] > 0);
  CHECK(answers["blue"] > 0);
  CHECK(store->promotions().size() == 2 + 40);
  CHECK(engine.recommend(unknown_failure(), {}).model == store->serving_version());
}

TEST_CASE("a version picked up is told, once") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  serve(*store, "first", weights_named("first", 1));
  std::vector<std::string> told;
  Engine engine(with_fixture_space(scratch.url()));
  engine.set_events([&](const Event& event) { told.push_back(event.to_json()); });
  static_cast<void>(engine.recommend(unknown_failure(), {}));
  static_cast<void>(engine.recommend(unknown_failure(), {}));
  serve(*store, "second", weights_named("second", 2));
  static_cast<void>(engine.recommend(unknown_failure(), {}));
  REQUIRE(told.size() == 2);
  for (const std::string& event : told) CHECK(member(event, "event") == "\"model_picked_up\"");
  CHECK(member(told[0], "model") == "\"first\"");
  CHECK(member(told[1], "model") == "\"second\"");
}
