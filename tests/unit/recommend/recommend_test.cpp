#include "jobmedic/recommend.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <limits>
#include <random>

#include "cliff.hpp"
#include "jobmedic/error.hpp"
#include "jobmedic/patch.hpp"
#include "json/reader.hpp"
#include "recommend/least_cost.hpp"

using namespace jobmedic;
using namespace std::chrono_literals;

namespace {

const Space& spark() {
  static const Space space = Space::shipped("spark");
  return space;
}

double size_in(const std::string& config, const std::string& key, double otherwise) {
  const json::Value document = json::parse(config);
  const json::Value* value = document.find(key);
  if (value == nullptr) return otherwise;
  const auto found = std::find_if(spark().parameters.begin(), spark().parameters.end(),
                                  [&](const Parameter& p) { return p.name == key; });
  const auto index = static_cast<std::size_t>(found - spark().parameters.begin());
  return spark().parse_value(index,
                             value->as<std::string>() != nullptr ? *value->as<std::string>() : json::write(*value));
}

std::string without_time(Recommendation answer) {
  answer.elapsed_s = 0;
  return answer.to_json();
}

// What healing costs at least, against an unchanged retry, on the same grid as below.
double least_cost(const Cliff& cliff, double heap, int cores, const Policy& policy) {
  const Prediction unchanged = cliff.at(heap, cores);
  std::vector<recommender::Judged> judged;
  for (int c = 1; c <= cores; ++c) {
    for (double m = heap; m <= heap * policy.max_growth; m += 64) {
      judged.push_back({{}, cliff.at(m, c), cliff.at(m, c).cost_usd / unchanged.cost_usd});
    }
  }
  return recommender::least_cost(judged, unchanged);
}

// The least objective anywhere in heap and cores, both within the default max_growth: what a perfect search finds.
double least_objective(const Cliff& cliff, double heap, int cores, const Policy& policy) {
  double least = std::numeric_limits<double>::infinity();
  const double unit = cliff.at(heap, cores).cost_usd * least_cost(cliff, heap, cores, policy);
  for (int c = 1; c <= cores; ++c) {
    for (double m = heap; m <= heap * policy.max_growth; m += 64) {
      const Prediction p = cliff.at(m, c);
      if (p.failure_probability > policy.max_failure_probability) continue;
      least = std::min(least, policy.alpha * p.failure_probability + policy.beta * p.cost_usd / unit);
    }
  }
  return least;
}

// Debug and sanitizer builds are slow; only the tests of the deadline have one.
Policy patient() {
  Policy policy;
  policy.deadline = 60s;
  return policy;
}

const auto heap_oom = memory_verdict("SparkExecutorHeapOOM");
const char* const small = R"({"spark.executor.memory":"512m","spark.executor.cores":"1"})";

// By how much the answer misses the least objective: 0.05 is 5 %.
double excess(int heap, double times, int cores, const Policy& policy) {
  Cliff cliff;
  cliff.need_mib = heap * times / cores;
  const auto answer = recommend(spark_attempt(R"({"spark.executor.memory":")" + std::to_string(heap) +
                                              R"(m","spark.executor.cores":)" + std::to_string(cores) + "}"),
                                heap_oom, &cliff, spark(), policy);
  REQUIRE(answer.predicted);
  const double reached =
      policy.alpha * answer.predicted->failure_probability +
      policy.beta * answer.predicted->cost_usd / answer.unchanged->cost_usd / least_cost(cliff, heap, cores, policy);
  return reached / least_objective(cliff, heap, cores, policy) - 1;
}

}  // namespace

TEST_CASE("a memory failure gets the configuration that heals it, and the reason says so") {
  const Cliff cliff;
  Attempt failed = spark_attempt(small);
  failed.duration_s = 100;
  failed.metrics = {{"peak_jvm_heap_bytes", 498.0 * 1024 * 1024}, {"gc_s", 31}};
  const auto answer = recommend(failed, heap_oom, &cliff, spark(), patient());
  CHECK(answer.decision == "retry_with_patch");
  CHECK(answer.method == "model");
  CHECK(answer.model == "cliff.1");
  CHECK(answer.served_by == "builtin");
  CHECK(answer.stopped_by == "exhausted");  // 57 heaps times 11 fractions: judged whole
  CHECK(answer.iterations > 500);
  REQUIRE(answer.predicted);
  REQUIRE(answer.unchanged);
  CHECK(answer.unchanged->failure_probability > 0.99);
  CHECK(answer.predicted->failure_probability < 0.1);
  const double heap = size_in(apply_patch(failed.config, answer.patch), "spark.executor.memory", 0);
  CHECK(heap > 1000);
  CHECK(answer.reason.rfind("the executor heap was too small at 512m (SparkExecutorHeapOOM; it peaked at 498 MiB; "
                            "31 % of the run went into garbage collection): spark.executor.memory 512m -> ",
                            0) == 0);
  CHECK(answer.reason.find(" lowers the predicted failure from over 99 % to ") != std::string::npos);
  CHECK(answer.reason.find("; an unchanged retry would cost $0.0008 and almost surely fail; 684 candidates over "
                           "spark.executor.memory") != std::string::npos);
}

TEST_CASE("of a small space the best is found, of a large one what is within 1 % of it") {
  Policy dearer = patient();
  dearer.beta *= 4;
  for (const double times : {1.2, 2.0, 4.0, 7.0}) {
    for (const int cores : {1, 2, 4}) {
      INFO(times << " times the heap, cores " << cores);
      CHECK(excess(512, times, cores, patient()) <= 1e-9);
      CHECK(excess(512, times, cores, dearer) <= 1e-9);
      CHECK(excess(4096, times, cores, patient()) <= 0.01);
      CHECK(excess(4096, times, cores, dearer) <= 0.01);
    }
  }
}

TEST_CASE("a higher alpha never raises the predicted failure of the answer") {
  for (const double need : {900.0, 2600.0}) {
    for (const double beta : {0.02, 0.2, 2.0}) {
      Cliff cliff;
      cliff.need_mib = need;
      cliff.steepness = 3;
      double before = 1;
      for (const double alpha : {0.0, 0.1, 0.5, 1.0, 2.0, 10.0, 1000.0}) {
        Policy policy = patient();
        policy.alpha = alpha;
        policy.beta = beta;
        INFO("need " << need << ", beta " << beta << ", alpha " << alpha);
        const auto answer = recommend(spark_attempt(small), heap_oom, &cliff, spark(), policy);
        REQUIRE(answer.predicted);
        CHECK(answer.predicted->failure_probability <= before);
        before = answer.predicted->failure_probability;
      }
    }
  }
}

TEST_CASE("for an unclassified failure, too, a higher alpha never raises the predicted failure") {
  for (const double need : {300.0, 450.0, 512.0, 700.0}) {
    Cliff cliff;
    cliff.need_mib = need;
    cliff.steepness = 2;
    double before = 1;
    for (const double alpha : {0.0, 0.1, 0.3, 1.0, 3.0, 10.0, 100.0}) {
      Policy policy = patient();
      policy.alpha = alpha;
      INFO("need " << need << ", alpha " << alpha);
      const auto answer = recommend(spark_attempt(small), Classification{}, &cliff, spark(), policy);
      REQUIRE(answer.predicted);
      CHECK(answer.predicted->failure_probability <= before);
      before = answer.predicted->failure_probability;
    }
  }
}

TEST_CASE("an answer is never likelier to fail than the policy allows") {
  Cliff cliff;
  cliff.steepness = 2;
  for (const double allowed : {0.1, 0.2, 0.5, 0.9}) {
    Policy policy = patient();
    policy.max_failure_probability = allowed;
    policy.beta = 10;  // money pulls towards failing
    const auto answer = recommend(spark_attempt(small), heap_oom, &cliff, spark(), policy);
    REQUIRE(answer.predicted);
    CHECK(answer.predicted->failure_probability <= allowed);
  }
}

TEST_CASE("nothing feasible, but failure is not nearly certain: the safest that was found is tried") {
  Cliff cliff;
  cliff.least_failure = 0.7;
  const auto answer = recommend(spark_attempt(small), heap_oom, &cliff, spark(), patient());
  CHECK(answer.decision == "retry_with_patch");
  REQUIRE(answer.predicted);
  CHECK(answer.predicted->failure_probability == Approx(0.7).margin(0.01));
  CHECK(answer.reason.find("though 50 % is allowed") != std::string::npos);
}

TEST_CASE("nothing feasible: do not retry, and the reason names the safest that was found") {
  Cliff cliff;
  cliff.need_mib = 100'000;
  const auto answer = recommend(spark_attempt(small), heap_oom, &cliff, spark(), patient());
  CHECK(answer.decision == "do_not_retry");
  CHECK(answer.method == "model");
  CHECK(answer.patch == "[]");
  CHECK_FALSE(answer.predicted);
  CHECK(answer.reason.find("the safest configuration found (spark.executor.memory 512m -> 4096m") != std::string::npos);
  CHECK(answer.reason.find("above the 50 % allowed") != std::string::npos);
}

TEST_CASE("a deadline that is over at once is answered by the fixed policy") {
  const Cliff cliff;
  Policy policy;
  policy.deadline = 0ms;
  const auto answer = recommend(spark_attempt(small), heap_oom, &cliff, spark(), policy);
  CHECK(answer.decision == "retry_with_patch");
  CHECK(answer.method == "fallback");
  CHECK(answer.stopped_by == "deadline");
  CHECK(answer.iterations == 0);
  CHECK(answer.patch == R"([{"op":"add","path":"/spark.executor.memory","value":"2560m"}])");
  const auto unknown = recommend(spark_attempt(small), Classification{}, &cliff, spark(), policy);
  CHECK(unknown.decision == "retry_unchanged");
  CHECK(unknown.stopped_by == "deadline");
}

TEST_CASE("past the deadline the best so far is the answer") {
  Cliff cliff;
  cliff.delay = 40ms;
  Policy policy;
  policy.deadline = 100ms;
  const auto answer = recommend(spark_attempt(small), heap_oom, &cliff, spark(), policy);
  CHECK(answer.decision == "retry_with_patch");
  CHECK(answer.method == "model");
  CHECK(answer.stopped_by == "deadline");
  CHECK(answer.iterations > 0);
  CHECK(answer.iterations < 300);
  CHECK(answer.predicted->failure_probability < 0.5);
}

TEST_CASE("equal input, model, policy and seed give an equal answer") {
  const Cliff cliff;
  for (const std::uint64_t seed : {0U, 1U, 77U}) {
    Policy policy = patient();
    policy.seed = seed;
    const auto once = recommend(spark_attempt(small), heap_oom, &cliff, spark(), policy);
    const auto again = recommend(spark_attempt(small), heap_oom, &cliff, spark(), policy);
    CHECK(without_time(once) == without_time(again));
  }
}

TEST_CASE(
    "an unclassified failure is retried as it is unless failing again is nearly certain or a patch clearly better") {
  const Attempt failed = spark_attempt(small);
  SECTION("an unchanged retry likely succeeds") {
    Cliff cliff;
    cliff.need_mib = 300;
    const auto answer = recommend(failed, Classification{}, &cliff, spark(), patient());
    CHECK(answer.decision == "retry_unchanged");
    CHECK(answer.method == "model");
    CHECK(answer.predicted->failure_probability == answer.unchanged->failure_probability);
  }
  SECTION("it likely fails and nothing helps, but that is not certain enough") {
    Cliff cliff;
    cliff.need_mib = 0.001;
    cliff.least_failure = 0.85;
    CHECK(recommend(failed, Classification{}, &cliff, spark(), patient()).decision == "retry_unchanged");
  }
  SECTION("it almost surely fails and nothing helps") {
    Cliff cliff;
    cliff.need_mib = 0.001;
    cliff.least_failure = 0.95;
    const auto answer = recommend(failed, Classification{}, &cliff, spark(), patient());
    CHECK(answer.decision == "do_not_retry");
    CHECK(answer.reason.find("above the 90 % from which retries are disabled") != std::string::npos);
  }
  SECTION("memory heals it") {
    const Cliff cliff;
    const auto answer = recommend(failed, Classification{}, &cliff, spark(), patient());
    CHECK(answer.decision == "retry_with_patch");
    CHECK(answer.reason.rfind("no rule explains the failure: spark.executor.memory 512m -> ", 0) == 0);
  }
  SECTION("a space of which the job sets nothing leaves only the unchanged retry to judge") {
    Cliff cliff;
    cliff.heap = "memory_mib";
    cliff.need_mib = 1;
    const auto answer = recommend(failed, Classification{}, &cliff, Space::shipped("generic"), patient());
    CHECK(answer.decision == "retry_unchanged");
    CHECK(answer.iterations == 0);
  }
}

TEST_CASE("a model that knows no parameter judges an unknown failure by what it learned of retries, or not at all") {
  Cliff model;
  model.only_learned = "retry_odds";
  model.need_mib = 0.001;
  model.least_failure = 0.95;
  const auto hopeless = recommend(spark_attempt(small), Classification{}, &model, spark(), patient());
  CHECK(hopeless.decision == "do_not_retry");
  CHECK(hopeless.method == "model");
  CHECK(recommend(spark_attempt(small), heap_oom, &model, spark(), patient()).method == "fallback");
  model.least_failure = 0.5;
  CHECK(recommend(spark_attempt(small), Classification{}, &model, spark(), patient()).decision == "retry_unchanged");
  model.least_failure = 0.95;
  model.only_learned = "nothing";
  const auto unjudged = recommend(spark_attempt(small), Classification{}, &model, spark(), patient());
  CHECK(unjudged.decision == "retry_unchanged");
  CHECK(unjudged.method == "fallback");
}

TEST_CASE("a verdict that is not about memory decides by itself") {
  const Cliff cliff;
  Classification verdict = memory_verdict("NetworkTimeout");
  verdict.category = "transient_infra";
  verdict.restartable = true;
  auto answer = recommend(spark_attempt(small), verdict, &cliff, spark(), patient());
  CHECK(answer.decision == "retry_unchanged");
  CHECK(answer.method == "rule");
  CHECK(answer.iterations == 0);
  verdict.category = "user_code";
  verdict.restartable = false;
  answer = recommend(spark_attempt("not even JSON"), verdict, nullptr, spark());
  CHECK(answer.decision == "do_not_retry");
  CHECK(answer.method == "rule");
}

TEST_CASE("a rule's override skips the model") {
  const Cliff cliff;
  Classification verdict = heap_oom;
  verdict.retry = "always";
  auto answer = recommend(spark_attempt(small), verdict, &cliff, spark(), patient());
  CHECK(answer.decision == "retry_unchanged");
  CHECK(answer.method == "rule");
  CHECK(answer.model.empty());
  verdict.retry = "never";
  verdict.restartable = true;
  CHECK(recommend(spark_attempt(small), verdict, &cliff, spark(), patient()).decision == "do_not_retry");
}

TEST_CASE("what the model has not learned is left to the fixed policy") {
  Cliff cliff;
  cliff.not_learned = "spark.executor.memoryOverhead";
  const auto answer =
      recommend(spark_attempt(small), memory_verdict("ContainerOverMemoryLimit"), &cliff, spark(), patient());
  CHECK(answer.decision == "retry_with_patch");
  CHECK(answer.method == "fallback");
  CHECK(answer.reason.find("the model has not learned what this failure needs") != std::string::npos);
}

TEST_CASE("iterations bound what is proposed to the model in a large space, and a small one is judged whole") {
  const Cliff cliff;
  Policy policy = patient();
  policy.max_growth = 100;  // 64 GiB times 11 fractions
  for (const int iterations : {1, 2, 7, 40}) {
    policy.iterations = iterations;
    const auto answer = recommend(spark_attempt(small), heap_oom, &cliff, spark(), policy);
    CHECK(answer.iterations == iterations);
    CHECK(answer.stopped_by == "iterations");
  }
  const Space tiny = Space::parse(R"({"schema":"jobmedic.space/1","parameters":[
      {"name":"spark.executor.memory","type":"integer","min":512,"max":2048,"step":512,"unit":"MiB"}]})");
  const auto answer = recommend(spark_attempt(small), heap_oom, &cliff, tiny, policy);
  CHECK(answer.stopped_by == "exhausted");
  CHECK(answer.iterations <= 4);
  CHECK(answer.decision == "retry_with_patch");
}

TEST_CASE("a configuration that cannot be read is refused with its pointer") {
  const auto refusal = [](std::string config) -> std::string {
    try {
      static_cast<void>(recommend(spark_attempt(std::move(config)), heap_oom, nullptr, spark()));
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  CHECK(refusal(R"({"spark.executor.memory":"two gigs"})") ==
        R"(/config/spark.executor.memory: expected a size such as "2048m", found "two gigs")");
  CHECK(refusal(R"({"spark.executor.memory":true})") ==
        R"(/config/spark.executor.memory: expected a size such as "2048m", found true)");
  CHECK(refusal(R"({"spark.executor.memory":["2g"]})").rfind("/config/spark.executor.memory: ", 0) == 0);
  CHECK(refusal(R"({"spark.executor.memory":"-2g"})").rfind("/config/spark.executor.memory: ", 0) == 0);
  CHECK(refusal(R"({"spark.executor.memory":"99999999999999999999g"})").rfind("/config/spark.executor.memory: ", 0) ==
        0);
  CHECK(refusal(R"({"spark.executor.cores":1e300})").rfind("/config/spark.executor.cores: ", 0) == 0);
  CHECK(refusal(R"({"spark.memory.fraction":"half"})") ==
        R"(/config/spark.memory.fraction: expected a number, found "half")");
  CHECK(refusal("[1]") == "/config: expected an object");
  CHECK_FALSE(refusal("{").empty());
}

TEST_CASE("an absurd policy, metric or prediction ends in an error or an answer, never in a crash") {
  const Cliff cliff;
  Policy policy = patient();
  policy.alpha = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_AS(recommend(spark_attempt(small), heap_oom, &cliff, spark(), policy), Error);
  Attempt failed = spark_attempt(small);
  failed.duration_s = 1e300;
  failed.metrics = {{"peak_jvm_heap_bytes", std::numeric_limits<double>::infinity()}, {"gc_s", -5}};
  CHECK(recommend(failed, heap_oom, nullptr, spark()).decision == "retry_with_patch");
  Cliff broken;
  broken.least_failure = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_AS(recommend(spark_attempt(small), heap_oom, &broken, spark(), patient()), Error);
  Cliff priceless;
  priceless.scale_cost = 0;
  CHECK(recommend(spark_attempt(small), heap_oom, &priceless, spark(), patient()).decision == "retry_with_patch");
}

TEST_CASE("whatever the configuration, a patch applies, grows what failed and touches only the space") {
  std::mt19937 random(5);
  const auto one_of = [&](std::vector<std::string> values) { return values[random() % values.size()]; };
  const std::vector<std::string> rules = {"ExecutorHeapOutOfMemory", "ContainerOverMemoryLimit", "SparkDriverOOM",
                                          "PythonMemoryError", "MyOwnRule"};
  Policy policy = patient();
  policy.iterations = 8;
  const Cliff cliff;
  for (int round = 0; round < 60; ++round) {
    json::Object config{{"a/b~c", "kept"}};
    const auto maybe = [&](const char* key, std::vector<std::string> values) {
      if (random() % 3 != 0) config.emplace_back(key, one_of(std::move(values)));
    };
    maybe("spark.executor.memory", {"300m", "512m", "1000m", "1g", "7777m", "30g", "64g", "200g"});
    maybe("spark.executor.cores", {"1", "3", "16", "64"});
    maybe("spark.executor.memoryOverhead", {"0", "100", "1g", "40g"});
    maybe("spark.executor.pyspark.memory", {"0", "100m", "2g"});
    maybe("spark.driver.memory", {"1g", "512m", "100g"});
    maybe("spark.memory.fraction", {"0.1", "0.6", "0.62", "0.99"});
    const Attempt failed = spark_attempt(json::write(config));
    const std::string rule = rules[static_cast<std::size_t>(round) % rules.size()];
    const Model* model = round % 2 == 0 ? &cliff : nullptr;
    INFO(rule << " " << failed.config);
    const auto answer = recommend(failed, memory_verdict(rule), model, spark(), policy);
    INFO(answer.to_json());
    CHECK((answer.decision == "retry_with_patch") == (answer.patch != "[]"));
    const std::string after = apply_patch(failed.config, answer.patch);
    const json::Value before_value = json::parse(failed.config);
    const json::Value after_value = json::parse(after);
    for (const auto& member : *after_value.as<json::Object>()) {
      const json::Value* old = before_value.find(member.first);
      const bool in_space = std::any_of(spark().parameters.begin(), spark().parameters.end(),
                                        [&](const Parameter& p) { return p.name == member.first; });
      CHECK((in_space || (old != nullptr && *old == member.second)));
    }
    for (const char* key : {"spark.executor.memory", "spark.driver.memory", "spark.executor.memoryOverhead"}) {
      CHECK(size_in(after, key, 1e9) >= size_in(failed.config, key, 0));
    }
    CHECK(size_in(after, "spark.executor.cores", 1) <=
          std::max(1.0, size_in(failed.config, "spark.executor.cores", 1)));
    const double heap = size_in(failed.config, "spark.executor.memory", 1024);
    CHECK(size_in(after, "spark.executor.memory", 1024) <= std::max(512.0, heap * policy.max_growth));
  }
}

TEST_CASE("a recommendation survives writing and reading") {
  const Cliff cliff;
  const auto answer = recommend(spark_attempt(small), heap_oom, &cliff, spark(), patient());
  CHECK(Recommendation::parse(answer.to_json()).to_json() == answer.to_json());
  CHECK_THROWS_WITH(Recommendation::parse(R"({"schema":"jobmedic.recommendation/1","decision":"perhaps"})"),
                    R"(/decision: expected "retry_with_patch", "retry_unchanged" or "do_not_retry", found "perhaps")");
}
