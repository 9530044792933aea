#include <catch2/catch.hpp>

#include "jobmedic/store.hpp"
#include "scratch.hpp"

using namespace jobmedic;

namespace {
ModelVersion version(const std::string& name) {
  ModelVersion result;
  result.version = name;
  result.report = R"({"examples":3})";
  return result;
}
const std::string weights = std::string("\x08\0\0\0\0\0\0\0{}", 10) + std::string(100'000, '\x7F');
}  // namespace

TEST_CASE("a model is served once it is put into service, and not before") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  CHECK_FALSE(store->serving_model());
  CHECK(store->serving_version().empty());
  store->put_model(version("1"), weights, false);
  CHECK_FALSE(store->serving_model());
  store->put_model(version("2"), weights + "2", true);
  CHECK(store->serving_model() == weights + "2");
  CHECK(store->serving_version() == "2");
  const auto models = Store::open(scratch.url())->models();
  REQUIRE(models.size() == 2);
  CHECK(models[0].version == "1");
  CHECK_FALSE(models[0].serving);
  CHECK(models[1].serving);
  CHECK(models[1].bytes == weights.size() + 1);
  CHECK(models[1].report == R"({"examples":3})");
  CHECK_FALSE(models[1].created_at.empty());
}

TEST_CASE("a version keeps its weights: the same again can serve it, others are refused") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  store->put_model(version("1"), weights, false);
  store->put_model(version("1"), weights, true);
  CHECK(store->serving_version() == "1");
  CHECK(message_of([&] {
          store->put_model(version("1"), "other", true);
          return 0;
        }) == "store " + scratch.url() + ": has a model \"1\" already, with other weights: choose another version");
  CHECK(store->serving_model() == weights);
}

TEST_CASE("damaged weights are not served") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  store->put_model(version("1"), weights, true);
  sql(scratch.path(), "UPDATE models SET weights = x'00' || substr(weights, 2)");
  CHECK(message_of([&] { return store->serving_model(); }).find("model \"1\" is damaged") != std::string::npos);
}
