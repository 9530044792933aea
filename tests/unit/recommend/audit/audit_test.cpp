#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <cmath>
#include <functional>
#include <limits>
#include <memory>
#include <thread>

#include "core/hash.hpp"
#include "json/value.hpp"
#include "recommend/audit/audits.hpp"
#include "recommend/model/fixtures.hpp"

using namespace jobmedic;
using namespace jobmedic::audits;
using Catch::Detail::Approx;

namespace {

// A run a day of each job: executors that die of their heap until they get what the job needs.
std::vector<Attempt> spark_history(std::size_t jobs, std::size_t runs) {
  std::vector<Attempt> history = fixtures::history(jobs, runs);
  std::size_t day = 0;
  for (Attempt& attempt : history) {
    if (attempt.attempt == 1) ++day;
    attempt.config = fmt::format(R"({{"spark.executor.memory":"{}m","spark.executor.cores":"2"}})",
                                 static_cast<int>(*attempt.outcome->cost_usd * 1000));
    if (!attempt.outcome->succeeded) attempt.outcome->rule = "ExecutorHeapOutOfMemory";
    attempt.started_at =
        fmt::format("2026-{:02}-{:02}T{:02}:00:00Z", 1 + day % runs % 12, 1 + day % runs / 12 % 28, attempt.attempt);
  }
  return history;
}

// A training whose held-out judgements are what `says` makes of the truth.
struct Trained {
  Trained(std::vector<Attempt> attempts, const std::function<double(bool)>& says, ServingVersion serving = {},
          Space known = Space::shipped("spark"))
      : space(std::move(known)), history(std::move(attempts)), rivals(std::move(serving), space) {
    const auto whole = [this](const auto& visit) { visit(history); };
    training.data = model::prepare(
        whole, space, {}, [this](const model::ExampleSet& part, std::size_t failed) { rivals.see(part, failed); });
    for (const float fails : training.data.fails) {
      training.held_out.push_back(static_cast<float>(says(fails != 0)));
    }
  }
  Trained(const Trained&) = delete;
  Trained& operator=(const Trained&) = delete;

  Space space;
  std::vector<Attempt> history;
  Rivals rivals;
  model::Training training;
};

double knows(bool fails) {
  return fails ? 0.98 : 0.02;
}
double errs(bool fails) {
  return 1 - knows(fails);
}
double shrugs(bool) {
  return 0.5;
}

// A model that answers with a function of the candidate.
class Says final : public Model {
 public:
  explicit Says(std::function<Prediction(const Point&)> answer) : answer_(std::move(answer)) {}
  std::vector<Prediction> predict(const Attempt&, const Classification&, const Space&, std::span<const Point> points,
                                  std::span<const Attempt>) const override {
    std::vector<Prediction> said;
    for (const Point& point : points) said.push_back(answer_(point));
    return said;
  }
  const std::string& version() const noexcept override { return version_; }
  std::string_view served_by() const noexcept override { return "a test"; }

 private:
  std::function<Prediction(const Point&)> answer_;
  std::string version_ = "fake";
};

// A version in service with two networks of random weights: it guesses.
ServingVersion guessing() {
  return {
      "old", {fixtures::random_weights(1).to_safetensors(), fixtures::random_weights(2).to_safetensors()}, "", false};
}

// The history that those networks know, and a version that is held against them.
std::unique_ptr<Trained> compared(const std::function<double(bool)>& says, std::size_t jobs = 12) {
  return std::make_unique<Trained>(fixtures::history(jobs), says, guessing(), fixtures::space());
}

}  // namespace

TEST_CASE("a version that judges held-out jobs better than the one in service passes, a worse one fails") {
  const auto better = compared(knows);
  const Audit good = better_than_serving(better->training, better->rivals);
  CHECK(good.verdict == "passed");
  CHECK(*good.measured > 0.3);
  CHECK((*good.interval)[0] <= *good.measured);
  CHECK((*good.interval)[1] >= *good.measured);
  const auto worse = compared(errs);
  CHECK(better_than_serving(worse->training, worse->rivals).verdict == "failed");
}

TEST_CASE("few jobs, and a version without networks to compare with, leave the comparison undecided") {
  const auto few = compared(knows, 4);
  CHECK(better_than_serving(few->training, few->rivals).verdict == "undecided");
  CHECK(better_than_serving(few->training, few->rivals).words == "4 jobs can be compared, 5 are needed");
  const Trained first(spark_history(8, 4), knows);
  CHECK(better_than_serving(first.training, first.rivals).words == "no version is in service");
  CHECK(better_than_serving(first.training, first.rivals).verdict == "undecided");
  const Trained alone(spark_history(8, 4), knows, ServingVersion("old", {}, "", false));
  CHECK(better_than_serving(alone.training, alone.rivals).verdict == "undecided");
  const Trained foreign(spark_history(8, 4), knows, guessing());  // it knows none of these parameters
  CHECK(better_than_serving(foreign.training, foreign.rivals).verdict == "undecided");
}

TEST_CASE("what cannot serve is replaced") {
  const Trained trained(spark_history(8, 4), shrugs, ServingVersion("old", {}, "old cannot be read: why", true));
  const Audit audit = better_than_serving(trained.training, trained.rivals);
  CHECK(audit.verdict == "passed");
  CHECK(audit.words == "old cannot be read: why");
}

TEST_CASE("the version in service is asked by the network that never saw the job") {
  const std::vector<Attempt> history = fixtures::history(2, 2);
  model::TrainedWeights saw_none = fixtures::random_weights(1), other = fixtures::random_weights(2);
  other.held_out = {hash64("job1")};
  const ServingVersion serving("old", {saw_none.to_safetensors(), other.to_safetensors()}, "", false);
  const Space space = fixtures::space();
  const std::vector<Point> points = {{1024, 1, 0.6, 0}};
  const auto by = [&](const model::TrainedWeights& weights, const Attempt& failed) {
    return Model::parse(weights.to_safetensors())->predict(failed, {}, space, points, {})[0].failure_probability;
  };
  for (const char* job : {"job0", "job1", "job of tomorrow"}) {
    Sample sample{history.front(), {}, {}};
    sample.failed.job = job;
    const double said = serving.predict(sample, space, points).at(0).failure_probability;
    CHECK(said == by(std::string(job) == "job1" ? other : saw_none, sample.failed));
  }
}

TEST_CASE("a model must know more than whether the retry got what the fallback policy would give") {
  const Trained good(spark_history(12, 6), knows);
  const Audit passed = better_than_fallback(good.training, good.rivals);
  INFO(passed.words);
  CHECK(passed.verdict == "passed");
  const Trained useless(spark_history(12, 6), shrugs);
  CHECK(better_than_fallback(useless.training, useless.rivals).verdict != "passed");
  const Trained bad(spark_history(12, 6), errs);
  CHECK(better_than_fallback(bad.training, bad.rivals).verdict == "failed");
  const Trained few(spark_history(3, 6), knows);
  CHECK(better_than_fallback(few.training, few.rivals).verdict == "undecided");
}

TEST_CASE("the fallback policy's view of a retry is whether it got what the policy would have given") {
  const Trained trained(spark_history(12, 6), shrugs);
  std::size_t enough = 0, too_little = 0, healed = 0;
  for (std::size_t row = 0; row < trained.training.data.rows(); ++row) {
    const FallbackView view = trained.rivals.fallback()[row];
    if (view == FallbackView::too_little) ++too_little;
    if (view != FallbackView::enough) continue;
    ++enough;
    if (trained.training.data.fails[row] == 0) ++healed;
  }
  CHECK(enough > 0);
  CHECK(too_little > 0);
  CHECK(2 * healed > enough);
}

TEST_CASE("calibration is decided by a thousand examples, by job") {
  const Trained few(spark_history(12, 6), knows);
  CHECK(calibration(few.training, few.rivals).verdict == "undecided");
  const Trained sure(spark_history(30, 30), errs);
  REQUIRE(sure.training.data.rows() > 1000);
  CHECK(calibration(sure.training, sure.rivals).verdict == "failed");
  const Trained exact(spark_history(30, 30), [](bool fails) { return fails ? 1.0 : 0.0; });
  CHECK(calibration(exact.training, exact.rivals).verdict == "passed");
}

TEST_CASE("a model that fears more memory fails, one with the built-in order passes whatever its weights") {
  const Trained trained(spark_history(6, 4), shrugs);
  const auto& samples = trained.rivals.samples();
  REQUIRE_FALSE(samples.empty());
  const Says afraid([](const Point& point) { return Prediction{point[0] > 4096 ? 0.9 : 0.1, 1}; });
  const Audit audit = monotonicity(afraid, trained.space, samples);
  CHECK(audit.verdict == "failed");
  CHECK(*audit.measured == Approx(0.8));
  CHECK(audit.words.find("job0") != std::string::npos);
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    const auto random = Model::parse(fixtures::random_weights(seed).to_safetensors());
    CHECK(monotonicity(*random, fixtures::space(), {{fixtures::history(1, 1)[0], {}, {}}}).verdict == "passed");
  }
}

TEST_CASE("answers that are no predictions fail the audit of odd inputs, any network passes it") {
  const Space space = fixtures::space();
  const std::vector<Sample> samples = {{fixtures::history(1, 1)[0], fixtures::memory_failure(), {}}};
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    const auto random = Model::parse(fixtures::random_weights(seed).to_safetensors());
    const Audit audit = edge_inputs(*random, space, samples);
    INFO(audit.words);
    CHECK(audit.verdict == "passed");
  }
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const Prediction bad : {Prediction{nan, 1}, Prediction{1.5, 1}, Prediction{0.5, 0}, Prediction{0.5, -1},
                               Prediction{0.5, std::numeric_limits<double>::infinity()}}) {
    CHECK(edge_inputs(Says([&](const Point&) { return bad; }), space, samples).verdict == "failed");
  }
}

TEST_CASE("a model that takes longer than recommend() may fails") {
  const Says slow([](const Point&) {
    std::this_thread::sleep_for(std::chrono::microseconds(200));  // thirty candidates: at least 6 ms
    return Prediction{0.5, 1};
  });
  CHECK(latency(slow, fixtures::space(), {}).verdict == "failed");
}

TEST_CASE("the newest failures are held against the older ones of the same job") {
  const auto shift = [](double factor) {
    std::vector<Attempt> history = spark_history(12, 120);
    std::vector<std::string> times;
    for (const Attempt& attempt : history) times.push_back(attempt.started_at);
    std::nth_element(times.begin(), times.begin() + static_cast<std::ptrdiff_t>(times.size() * 9 / 10), times.end());
    const std::string from = times[times.size() * 9 / 10];
    for (Attempt& attempt : history) {
      if (attempt.started_at >= from) attempt.metrics["input_bytes"] *= factor;
    }
    return feature_shift(Trained(std::move(history), shrugs).training.data);
  };
  const Audit still = shift(1);
  INFO(still.words);
  CHECK(still.verdict == "passed");
  const Audit moved = shift(1.0 / 1048576);  // bytes became MiB
  CHECK(moved.verdict == "failed");
  CHECK(moved.words.find("input_bytes") == 0);
}

TEST_CASE("without times, or with few jobs, a shift cannot be seen") {
  std::vector<Attempt> history = spark_history(12, 6);
  for (Attempt& attempt : history) attempt.started_at.clear();
  CHECK(feature_shift(Trained(history, shrugs).training.data).verdict == "undecided");
  CHECK(feature_shift(Trained(spark_history(3, 20), shrugs).training.data).verdict == "undecided");
}

TEST_CASE("an audit is a document") {
  const Audit audit{"calibration", "failed", 0.1, 0.05, {{0.08, 0.12}}, "why"};
  CHECK(json::parse(audit.to_json()) == json::parse(R"({"name":"calibration","verdict":"failed","measured":0.1,
      "bound":0.05,"interval":[0.08,0.12],"words":"why"})"));
  CHECK(Audit{"latency", "undecided", {}, 1, {}, ""}.to_json() ==
        R"({"name":"latency","verdict":"undecided","measured":null,"bound":1.0,"interval":null,"words":""})");
}
