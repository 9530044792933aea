#include "jobmedic/model.hpp"

#include <catch2/catch.hpp>

#include "fixtures.hpp"
#include "jobmedic/error.hpp"

using namespace jobmedic;
using Catch::Detail::Approx;

namespace {
std::vector<Prediction> predict(const Model& model, const std::vector<Point>& candidates) {
  return model.predict(fixtures::attempt("job1", "r", 1, 512, false), fixtures::memory_failure(), fixtures::space(),
                       candidates, {});
}
}  // namespace

TEST_CASE("whatever the weights, more memory never raises the probability of failing") {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const auto model = Model::parse(fixtures::random_weights(seed).to_safetensors());
    std::vector<Point> candidates;
    for (double memory = 256; memory <= 65536; memory *= 1.1) candidates.push_back({memory, 2, 0.6, 0});
    const std::vector<Prediction> predictions = predict(*model, candidates);
    for (std::size_t i = 1; i < predictions.size(); ++i) {
      CHECK(predictions[i].failure_probability <= predictions[i - 1].failure_probability + 1e-6);
    }
  }
}

TEST_CASE("predictions do not depend on the other candidates of the call") {
  const auto model = Model::parse(fixtures::random_weights(4).to_safetensors());
  const std::vector<Prediction> together = predict(*model, {{512, 1, 0.6, 0}, {4096, 4, 0.6, 1}});
  CHECK(together[1].failure_probability == Approx(predict(*model, {{4096, 4, 0.6, 1}})[0].failure_probability));
  CHECK(predict(*model, {}).empty());
}

TEST_CASE("a model says which parameters it has learned") {
  const auto model = Model::parse(fixtures::random_weights(4).to_safetensors());
  CHECK(model->version() == "random");
  CHECK(model->learned("memory"));
  CHECK_FALSE(model->learned("codec"));
}

TEST_CASE("a space without any parameter the model knows is refused") {
  const auto model = Model::parse(fixtures::random_weights(4).to_safetensors());
  Space other = fixtures::space();
  other.parameters = {other.parameters[3]};
  try {
    static_cast<void>(
        model->predict(fixtures::attempt("j", "r", 1, 512, false), {}, other, std::vector<Point>{{0}}, {}));
    FAIL("accepted");
  } catch (const Error& error) {
    CHECK(error.status() == Status::model);
    CHECK(std::string(error.what()) == "model random knows memory, cores; none of them is in the space");
  }
}

TEST_CASE("a candidate of the wrong size is refused") {
  const auto model = Model::parse(fixtures::random_weights(4).to_safetensors());
  CHECK_THROWS_WITH(predict(*model, {{512, 1}}), "a candidate has 2 values, the space has 4 parameters");
}
