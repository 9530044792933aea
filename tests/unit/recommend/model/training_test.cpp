// What needs libjobmedic_torch.so. Without it (JOBMEDIC_TORCH=OFF) this file is not built.
#include <catch2/catch.hpp>
#include <fstream>
#include <functional>

#include "fixtures.hpp"
#include "jobmedic/error.hpp"
#include "json/value.hpp"
#include "recommend/model/forward.hpp"
#include "recommend/model/module.hpp"
#include "test_data.hpp"

using namespace jobmedic;
using Catch::Detail::Approx;

namespace {

TrainedModel train_quickly(const std::vector<Attempt>& history, std::uint64_t seed = 1) {
  return train(history, fixtures::space(), {"test", seed, 40, {}});
}

std::string refusal(const std::function<void()>& call, Status expected = Status::model) {
  try {
    call();
  } catch (const Error& error) {
    CHECK(error.status() == expected);
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("a trained model tells retries that heal from those that do not, on jobs it never saw") {
  const TrainedModel trained = train_quickly(fixtures::history(24));
  const json::Value report = json::parse(trained.report);
  CHECK(*report.find("held_out")->find("auc")->as<double>() > 0.8);
  const auto model = Model::parse(trained.safetensors);
  CHECK(model->version() == "test");
  Attempt failed = fixtures::attempt("new", "r", 1, 1024, false);
  failed.metrics = {{"input_bytes", 2000 * 3e5}, {"peak_rss_bytes", 1024 * 1048576.0}};
  const auto predictions = model->predict(failed, fixtures::memory_failure(), fixtures::space(),
                                          std::vector<Point>{{1024, 1, 0.6, 0}, {4096, 1, 0.6, 0}}, {});
  CHECK(predictions[0].failure_probability > 0.6);
  CHECK(predictions[1].failure_probability < 0.3);
  CHECK(predictions[1].cost_usd > predictions[0].cost_usd);
}

TEST_CASE("the same history and seed give the same model, byte for byte") {
  const std::vector<Attempt> history = fixtures::history(6, 4);
  const TrainedModel first = train_quickly(history);
  CHECK(first.safetensors == train_quickly(history).safetensors);
  CHECK(first.safetensors != train_quickly(history, 2).safetensors);
}

TEST_CASE("libtorch and the built-in forward pass agree within 1e-5") {
  REQUIRE(load_torch().empty());
  const auto* torch = model::torch_module();
  REQUIRE(torch != nullptr);
  const Space space = fixtures::space();
  const Classification verdict = fixtures::memory_failure();
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const model::TrainedWeights weights = fixtures::random_weights(seed);
    const auto served = Model::parse(weights.to_safetensors());
    REQUIRE(served->served_by() == "libtorch");
    for (const Attempt& failed : fixtures::history(3, 2)) {
      std::vector<Point> candidates;
      for (int i = 0; i < 20; ++i) candidates.push_back({300.0 * (i + 1), 1.0 + i % 8, 0.5, double(i % 2)});
      const std::vector<Prediction> by_torch = served->predict(failed, verdict, space, candidates, {});
      const model::FailedAttempt known(failed, verdict, space);
      const model::Encoder encoder(weights.schema, known);
      model::ForwardPass forward(weights.shape, weights.values, encoder.context());
      model::Candidate candidate;
      for (std::size_t i = 0; i < candidates.size(); ++i) {
        encoder.encode(candidates[i], candidate);
        const model::RawOutput built_in = forward(candidate);
        CHECK(std::abs(by_torch[i].failure_probability - weights.calibration.probability(built_in.logit)) < 1e-5);
        const double cost = std::exp(built_in.log_cost + std::log(*failed.outcome->cost_usd));
        CHECK(by_torch[i].cost_usd / cost == Approx(1).epsilon(1e-5));
      }
    }
  }
}

TEST_CASE("categorical choices reach the network, through libtorch as well") {
  REQUIRE(load_torch().empty());
  std::vector<Attempt> history = fixtures::history();
  for (std::size_t i = 0; i < history.size(); i += 2) history[i].config.insert(1, R"("codec": "zstd", )");
  const auto model = Model::parse(train_quickly(history).safetensors);
  REQUIRE(model->learned("codec"));
  const auto predictions = model->predict(history[0], fixtures::memory_failure(), fixtures::space(),
                                          std::vector<Point>{{1024, 1, 0.6, 0}, {1024, 1, 0.6, 1}}, {});
  CHECK(predictions[0].cost_usd != predictions[1].cost_usd);
}

TEST_CASE("training says why there is nothing to learn from") {
  CHECK(refusal([] { train_quickly({}); }) == "nothing to learn from: the history is empty");
  const std::vector<Attempt> good = {fixtures::attempt("a", "1", 1, 512, true)};
  CHECK(refusal([&] { train_quickly(good); }) == "nothing to learn from: none of 1 attempts failed");
  const std::vector<Attempt> alone = {fixtures::attempt("a", "1", 1, 512, false)};
  CHECK(refusal([&] {
          train_quickly(alone);
        }).find("nothing to learn from: none of 1 failed attempts has a later try") == 0);
  const std::vector<Attempt> healed = {fixtures::attempt("a", "1", 1, 512, false),
                                       fixtures::attempt("a", "1", 2, 1024, true)};
  CHECK(refusal([&] { train_quickly(healed); }) == "nothing to learn from: all 1 retries succeeded");
  const std::vector<Attempt> hopeless = {fixtures::attempt("a", "1", 1, 512, false),
                                         fixtures::attempt("a", "1", 2, 1024, false)};
  CHECK(refusal([&] { train_quickly(hopeless); }) == "nothing to learn from: all 1 retries failed");
}

TEST_CASE("two jobs are enough to train on, and one") {
  for (const std::size_t jobs : {1U, 2U}) {
    const TrainedModel trained = train_quickly(fixtures::history(jobs));
    CHECK(Model::parse(trained.safetensors)->learned("memory"));
  }
}

TEST_CASE("progress rises to 1, and an exception from it ends the training") {
  double last = 0;
  bool rises = true;
  TrainingOptions options{"test", 1, 20, [&](double done, std::string_view what) {
                            rises = rises && done >= last && !what.empty();
                            last = done;
                          }};
  static_cast<void>(train(fixtures::history(6, 4), fixtures::space(), options));
  CHECK(rises);
  CHECK(last == Approx(1));
  options.progress = [](double, std::string_view) { throw std::runtime_error("enough"); };
  CHECK_THROWS_WITH(train(fixtures::history(6, 4), fixtures::space(), options), "enough");
}

TEST_CASE("the module says which BLAS it computes with") {
  REQUIRE(load_torch().empty());
  CHECK(std::string(model::torch_module()->description).find("OpenBLAS") != std::string::npos);
}

TEST_CASE("on held-out jobs of the recorded Spark runs the model beats guessing by far") {
  REQUIRE_TEST_DATA("spark-retries/attempts.jsonl");
  std::ifstream lines(test_data("spark-retries/attempts.jsonl"));
  std::vector<Attempt> history;
  for (std::string line; std::getline(lines, line);) history.push_back(Attempt::parse(line));
  const TrainedModel trained = train(history, Space::shipped("spark"), {"spark", 1, 300, {}});
  const json::Value report = json::parse(trained.report);
  INFO(trained.report);
  CHECK(*report.find("held_out")->find("auc")->as<double>() > 0.8);
  CHECK(*report.find("held_out")->find("brier")->as<double>() < 0.19);  // guessing: 0.25
  CHECK(*report.find("held_out")->find("calibration")->find("expected_error")->as<double>() < 0.1);
}
