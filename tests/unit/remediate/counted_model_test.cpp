#include "remediate/counted_model.hpp"

#include <catch2/catch.hpp>

#include "engines.hpp"

using namespace jobmedic;

namespace {

class Certain final : public Model {
 public:
  [[nodiscard]] std::vector<Prediction> predict(const Attempt& /*failed*/, const Classification& /*verdict*/,
                                                const Space& /*space*/, std::span<const Point> candidates,
                                                std::span<const Attempt> /*past*/) const override {
    return std::vector<Prediction>(candidates.size(), {0.25, 1});
  }
  [[nodiscard]] bool learned(std::string_view parameter) const override { return parameter == "one"; }
  [[nodiscard]] const std::string& version() const noexcept override { return version_; }
  [[nodiscard]] std::string_view served_by() const noexcept override { return "builtin"; }

 private:
  std::string version_ = "certain.1";
};

}  // namespace

TEST_CASE("a counted model answers as the one within, and counts how often it was asked") {
  std::atomic<std::uint64_t> asked{0};
  const CountedModel model(std::make_shared<Certain>(), asked);
  CHECK(model.version() == "certain.1");
  CHECK(model.served_by() == "builtin");
  CHECK(model.learned("one"));
  CHECK_FALSE(model.learned("other"));
  CHECK(asked == 0);
  const std::vector<Point> two(2);
  CHECK(model.predict(failed_attempt("j"), {}, Space::shipped("spark"), two, {}).size() == 2);
  CHECK(asked == 1);
}

TEST_CASE("an engine tells how often its model was asked") {
  const Engine engine(engine_config());
  CHECK(member(engine.info(), "model_calls") == "0");
}
