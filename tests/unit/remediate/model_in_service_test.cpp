#include "remediate/model_in_service.hpp"

#include <catch2/catch.hpp>

#include "engines.hpp"

using namespace jobmedic;

namespace {

ModelVersion version(const std::string& name) {
  ModelVersion result;
  result.version = name;
  return result;
}

constexpr const char* heap = "java.lang.OutOfMemoryError: Java heap space\n";

}  // namespace

TEST_CASE("a store without a model serves none") {
  const Scratch scratch;
  CHECK(ModelInService().follow(*Store::open(scratch.url())) == nullptr);
}

TEST_CASE("a damaged model is an error for who asks for it, again and again, until another is in service") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  store->put_model(version("broken"), "not safetensors", true);
  ModelInService in_service;
  const std::string first = message_of([&] { return in_service.follow(*store); });
  CHECK(first.find("store " + scratch.url() + ": model \"broken\": ") == 0);
  CHECK(message_of([&] { return in_service.follow(*store); }) == first);
  CHECK(in_service.last_good() == nullptr);
  store->put_model(version("worse"), "neither", true);
  CHECK(message_of([&] { return in_service.follow(*store); }).find("\"worse\"") != std::string::npos);
}

TEST_CASE("a failed job is remediated without the model that cannot be read, and the log says so") {
  const Scratch scratch;
  Store::open(scratch.url())->put_model(version("broken"), "not safetensors", true);
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
