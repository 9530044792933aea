#include "recommend/model/safetensors.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <cstring>
#include <limits>

#include "fixtures.hpp"
#include "jobmedic/error.hpp"

using namespace jobmedic;
using model::Safetensors;

namespace {

std::string file(const std::string& header, const std::string& numbers) {
  const std::uint64_t length = header.size();
  std::string bytes(8, '\0');
  std::memcpy(bytes.data(), &length, 8);
  return bytes + header + numbers;
}

std::string refusal(std::string_view bytes) {
  try {
    Safetensors::parse(bytes);
  } catch (const Error& error) {
    CHECK(error.status() == Status::model);
    return error.what();
  }
  return "";
}

bool parses(std::string_view bytes) {
  try {
    Model::parse(bytes);
    return true;
  } catch (const Error& error) {
    return error.status() != Status::model;
  }
}

}  // namespace

TEST_CASE("what is written as safetensors is read back") {
  Safetensors written;
  written.metadata = {{"format", "x"}, {"note", "na\xC3\xAFve \"quoted\""}};
  written.tensors = {{"b", {2, 3}, {1, 2, 3, 4, 5, -6.5F}}, {"a", {1}, {1e-30F}}, {"none", {0, 4}, {}}};
  const Safetensors read = Safetensors::parse(written.to_bytes());
  CHECK(read.metadata == written.metadata);
  REQUIRE(read.tensors.size() == 3);
  CHECK(read.tensors[0].name == "b");
  CHECK(read.tensors[0].dimensions == std::vector<std::size_t>{2, 3});
  CHECK(read.tensors[0].values == written.tensors[0].values);
  CHECK(read.tensors[1].values == written.tensors[1].values);
}

TEST_CASE("a safetensors file that another tool wrote is read") {
  const std::string bytes = file(R"({"w":{"shape":[2],"data_offsets":[0,8],"dtype":"F32"}}   )", std::string(8, '\0'));
  CHECK(Safetensors::parse(bytes).tensors.at(0).values == std::vector<float>{0, 0});
}

TEST_CASE("a damaged safetensors file is refused with the reason") {
  const std::string four(4, '\0');
  CHECK(refusal("") == "model file: 0 bytes are no safetensors file");
  CHECK(refusal(std::string(8, '\xFF')) == "model file: its header is longer than the file, or too long");
  CHECK(refusal(file("{", "")).find("model file, header: byte 1") == 0);
  CHECK(refusal(file("[]", "")) == "model file, header: document: expected an object, found an array");
  CHECK(refusal(file(R"({"w":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}})", four)) ==
        R"(model file, header: /w/dtype: expected "F32", found "F16")");
  CHECK(refusal(file(R"({"w":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}})", four)) ==
        "model file, header: /w/data_offsets: does not fit the shape");
  CHECK(refusal(file(R"({"w":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})", four + four)) ==
        "model file: its tensors overlap or leave gaps");
  CHECK(refusal(file(R"({"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", four + four)) ==
        "model file: 4 bytes of numbers expected, 8 found");
  CHECK(refusal(file(R"({"w":{"dtype":"F32","shape":[60000000,60000000],"data_offsets":[0,4]}})", four)) ==
        "model file, header: /w/shape: is too large");
  const float nan = std::numeric_limits<float>::quiet_NaN();
  std::string bytes(4, '\0');
  std::memcpy(bytes.data(), &nan, 4);
  CHECK(refusal(file(R"({"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", bytes)) ==
        "model file: tensor \"w\" holds a number that is not finite");
}

TEST_CASE("a file that is no model of jobmedic is refused with the reason") {
  const auto why = [](model::TrainedWeights weights, const auto& damage) {
    Safetensors contents = Safetensors::parse(weights.to_safetensors());
    damage(contents);
    try {
      Model::parse(contents.to_bytes());
    } catch (const Error& error) {
      CHECK(error.status() == Status::model);
      return std::string(error.what());
    }
    return std::string();
  };
  const model::TrainedWeights good = fixtures::random_weights(1);
  CHECK(why(good, [](Safetensors&) {}).empty());
  CHECK(why(good, [](Safetensors& s) { s.metadata.erase("format"); }) ==
        "model file: it is no \"jobmedic.model/1\" (metadata \"format\")");
  CHECK(why(good, [](Safetensors& s) { s.metadata.erase("features"); }) ==
        "model file: its metadata has no \"features\"");
  CHECK(why(good, [](Safetensors& s) { s.metadata["calibration"] = R"({"slope":-1})"; }) ==
        "model file, metadata: /slope: expected a number from 0.001 to 1000, found -1");
  CHECK(why(good, [](Safetensors& s) { s.tensors.pop_back(); }) == "model file: 15 tensors expected, 14 found");
  CHECK(why(good, [](Safetensors& s) { std::swap(s.tensors[1].dimensions[0], s.tensors[1].dimensions[1]); }) ==
        "model file: tensor \"trunk.weight\" has another shape than its features need");
}

TEST_CASE("the jobs that a network has not seen are kept in its file") {
  model::TrainedWeights weights = fixtures::random_weights(1);
  CHECK(model::TrainedWeights::parse(weights.to_safetensors()).held_out.empty());
  weights.held_out = {1, 0xFEDCBA9876543210U};
  const std::string file = weights.to_safetensors();
  CHECK(model::TrainedWeights::parse(file).held_out == weights.held_out);
  Safetensors contents = Safetensors::parse(file);
  contents.metadata["held_out"] = "no hash, and none";
  CHECK_FALSE(parses(contents.to_bytes()));
}

// JOBMEDIC_MUTATIONS=100000 for the long run.
TEST_CASE("no mutated or truncated model file does more than be refused or predict") {
  const char* asked = std::getenv("JOBMEDIC_MUTATIONS");
  const int rounds = asked != nullptr ? std::atoi(asked) : 5000;
  REQUIRE(rounds > 0);
  model::TrainedWeights weights = fixtures::random_weights(2);
  weights.held_out = {1, 0xFEDCBA9876543210U};
  const std::string good = weights.to_safetensors();
  const std::size_t header = good.find("}}") + 400;
  REQUIRE(parses(good));
  Random random(3);
  for (std::size_t size = 0; size < good.size(); size += 1 + size / 50) CHECK_FALSE(parses(good.substr(0, size)));
  const Space space = fixtures::space();
  const Attempt failed = fixtures::attempt("job1", "r", 1, 512, false);
  for (int round = 0; round < rounds; ++round) {
    std::string bytes = good;
    for (std::uint64_t changes = 1 + random.next() % 4; changes > 0; --changes) {
      const std::size_t reach = round % 4 == 0 ? bytes.size() : std::min(bytes.size(), header);
      bytes[random.next() % reach] = static_cast<char>(random.next());
    }
    try {
      const auto loaded = Model::parse(bytes);
      const Point candidate = {1024, 2, 0.5, 1};
      for (const Prediction& p : loaded->predict(failed, fixtures::memory_failure(), space, {&candidate, 1}, {})) {
        if (!(p.failure_probability >= 0 && p.failure_probability <= 1)) FAIL("P(fail) " << p.failure_probability);
        if (!(p.cost_usd > 0 && std::isfinite(p.cost_usd))) FAIL("cost " << p.cost_usd);
      }
    } catch (const Error& error) {
      if (error.status() != Status::model) FAIL(error.what());
    }
  }
}
