#include "recommend/model/features.hpp"

#include <catch2/catch.hpp>
#include <limits>

#include "fixtures.hpp"
#include "jobmedic/error.hpp"

using namespace jobmedic;
using namespace jobmedic::model;
using Catch::Detail::Approx;

namespace {

struct Fitted {
  std::vector<Attempt> history = fixtures::history();
  Space space = fixtures::space();
  ExampleSet set = make_examples(history, space);
  FeatureSchema schema = fit_schema(set, history, space);

  [[nodiscard]] Context context(const Attempt& failed) const {
    const Classification verdict = fixtures::memory_failure();
    const FailedAttempt known(failed, verdict, space);
    return Encoder(schema, known).context();
  }
  [[nodiscard]] Candidate candidate(const Attempt& failed, const Point& point) const {
    const Classification verdict = fixtures::memory_failure();
    const FailedAttempt known(failed, verdict, space);
    Candidate candidate;
    Encoder(schema, known).encode(point, candidate);
    return candidate;
  }
  [[nodiscard]] const NumberFeature* find(std::string_view metric, std::string_view parameter = "") const {
    for (const NumberFeature& number : schema.numbers) {
      if (number.metric == metric && number.parameter == parameter) return &number;
    }
    return nullptr;
  }
};

}  // namespace

TEST_CASE("only what varied in training becomes a feature") {
  const Fitted fitted;
  REQUIRE(fitted.schema.parameters.size() == 2);  // fraction and codec never changed
  CHECK(fitted.schema.parameters[0].name == "memory");
  CHECK(fitted.schema.parameters[0].monotone);
  CHECK(fitted.schema.parameters[1].name == "cores");
  CHECK_FALSE(fitted.schema.parameters[1].monotone);
  CHECK(fitted.find("input_bytes") != nullptr);
  CHECK(fitted.find("", "memory") != nullptr);
  CHECK(fitted.find("duration_s") == nullptr);  // always 60
}

TEST_CASE("a metric missing in part of the history has an indicator, one never missing has none") {
  const Fitted fitted;
  REQUIRE(fitted.find("gc_s") != nullptr);
  CHECK(fitted.find("gc_s")->sometimes_missing);
  CHECK_FALSE(fitted.find("input_bytes")->sometimes_missing);
  Attempt with = fitted.set.failed.front().attempt();
  with.metrics["gc_s"] = 3;
  Attempt without = with;
  without.metrics.erase("gc_s");
  CHECK(fitted.context(with).numbers.size() == fitted.context(without).numbers.size());
  CHECK(fitted.context(with).numbers != fitted.context(without).numbers);
}

TEST_CASE("absurd metrics give bounded numbers, and what is not finite counts as missing") {
  const Fitted fitted;
  for (const double absurd :
       {1e300, -1e300, 0.0, -1.0, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()}) {
    Attempt failed = fixtures::attempt("job1", "r", 1, 512, false);
    failed.metrics = {{"input_bytes", absurd}, {"peak_rss_bytes", absurd}, {"gc_s", absurd}, {"unknown", absurd}};
    failed.outcome->cost_usd = absurd;
    for (const float number : fitted.context(failed).numbers) CHECK(std::abs(number) <= 5);
  }
}

TEST_CASE("a candidate is told as octaves over what failed") {
  const Fitted fitted;
  const Attempt failed = fixtures::attempt("job1", "r", 2, 512, false);  // one core
  const Candidate candidate = fitted.candidate(failed, {2048, 4, 0.6, 0});
  REQUIRE(candidate.monotone.size() == fitted.schema.monotone_size());
  CHECK(candidate.monotone[0] == Approx(2));
  CHECK(candidate.monotone[1] == Approx(11 - fitted.schema.parameters[0].center));
  REQUIRE(candidate.numbers.size() == 2);
  CHECK(candidate.numbers[0] == Approx(2));
}

TEST_CASE("a parameter that is NaN stays as it was") {
  const Fitted fitted;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const Attempt failed = fixtures::attempt("job1", "r", 2, 512, false);
  CHECK(fitted.candidate(failed, {nan, nan, nan, nan}).monotone == fitted.candidate(failed, {512, 1, 0.6, 0}).monotone);
  Attempt absent = failed;
  absent.config = "{}";
  CHECK(fitted.candidate(absent, {nan, nan, nan, nan}).monotone[0] == 0);
  CHECK(fitted.candidate(absent, {4096, 1, 0.6, 0}).monotone[0] >
        fitted.candidate(absent, {512, 1, 0.6, 0}).monotone[0]);
}

TEST_CASE("a configuration value that is no size is named with its pointer") {
  const Space space = fixtures::space();
  Attempt failed = fixtures::attempt("job1", "r", 1, 512, false);
  failed.config = R"({"memory": "plenty"})";
  try {
    configured(failed, space);
    FAIL("accepted");
  } catch (const Error& error) {
    CHECK(error.status() == Status::schema);
    CHECK(std::string(error.what()).find("/config/memory: ") == 0);
    CHECK(error.detail() == R"({"pointer":"/config/memory"})");
  }
}

TEST_CASE("a schema travels as JSON without loss, and a wrong one is refused") {
  const Fitted fitted;
  const json::Value written = json::parse(json::write(fitted.schema.to_json()));
  CHECK(FeatureSchema::from_json(written).to_json() == written);
  json::Value wrong = written;
  *wrong.find("buckets") = json::Value(0);
  CHECK_THROWS_AS(FeatureSchema::from_json(wrong), Error);
}

TEST_CASE("labels, rule, job and the plan's words become tokens; running numbers leave no trace") {
  Attempt failed = fixtures::attempt("job1", "r", 1, 512, false);
  const auto buckets = [&](const std::string& plan, const std::string& user, const std::string& rule) {
    failed.plan = plan;
    failed.labels["user"] = user;
    Classification verdict = fixtures::memory_failure();
    verdict.rule = rule;
    return tokens_of(failed, verdict, 1U << 20U).buckets;
  };
  const auto base = buckets("HashAggregate(keys=[id#12])", "ana", "Heap");
  CHECK(base == buckets("HashAggregate(keys=[id#977])", "ana", "Heap"));
  CHECK(base != buckets("SortAggregate(keys=[id#12])", "ana", "Heap"));
  CHECK(base != buckets("HashAggregate(keys=[id#12])", "bob", "Heap"));
  CHECK(base != buckets("HashAggregate(keys=[id#12])", "ana", "Overhead"));
}
