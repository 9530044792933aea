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

Promotion promotion(const std::string& version, const std::string& reason = "") {
  return {version, "", "promoted", "ada", reason};
}

const std::string weights = std::string("\x08\0\0\0\0\0\0\0{}", 10) + std::string(100'000, '\x7F');

// A store with versions 1, 2 and 3, not in service.
std::unique_ptr<Store> three(const Scratch& scratch) {
  auto store = Store::open(scratch.url());
  for (const char* name : {"1", "2", "3"}) store->put_model(version(name), weights + name);
  return store;
}
}  // namespace

TEST_CASE("a model is served once it is promoted, and not before") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  CHECK_FALSE(store->serving_model());
  CHECK(store->serving_version().empty());
  store->put_model(version("1"), weights);
  CHECK_FALSE(store->serving_model());
  store->put_model(version("2"), weights + "2");
  CHECK(store->promote(promotion("2")));
  CHECK(store->serving_model()->version == "2");
  CHECK(store->serving_model()->safetensors == weights + "2");
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

TEST_CASE("a version keeps its weights: the same again change nothing, others are refused") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  store->put_model(version("1"), weights);
  store->put_model(version("1"), weights);
  CHECK(message_of([&] {
          store->put_model(version("1"), "other");
          return 0;
        }) == "store " + scratch.url() + ": has a model \"1\" already, with other weights: choose another version");
  CHECK(store->model("1") == weights);
  CHECK_FALSE(store->model("2"));
}

TEST_CASE("damaged weights are neither served nor promoted") {
  const Scratch scratch;
  const auto store = three(scratch);
  store->promote(promotion("1"));
  scratch.sql("UPDATE models SET weights = " + scratch.bytes("00") + " || substr(weights, 2) WHERE version <> '3'");
  CHECK(message_of([&] { return store->serving_model(); }).find("model \"1\" is damaged") != std::string::npos);
  CHECK(message_of([&] { return store->promote(promotion("2")); }).find("model \"2\" is damaged") != std::string::npos);
  CHECK(store->serving_version() == "1");
  CHECK(store->promote(promotion("3")));
  CHECK(store->serving_model()->safetensors == weights + "3");
  CHECK(message_of([&] { return store->rollback(promotion("")); }).find("model \"1\" is damaged") != std::string::npos);
  CHECK(store->serving_version() == "3");
}

TEST_CASE("the networks of a version's folds come back in order, and damaged ones do not") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  const std::vector<std::string> folds = {weights + "a", weights + "b"};
  store->put_model(version("1"), weights, folds);
  CHECK(store->fold_models("1") == folds);
  CHECK(store->fold_models("2").empty());
  scratch.sql("UPDATE fold_models SET bytes = 3");
  CHECK(message_of([&] { return store->fold_models("1"); }).find("model \"1\" is damaged") != std::string::npos);
}

TEST_CASE("each rollback goes one version further back") {
  const Scratch scratch;
  const auto store = three(scratch);
  CHECK(message_of([&] { return store->rollback(promotion("")); }) ==
        "no model is in service: there is nothing to roll back");
  for (const char* name : {"1", "2", "3"}) store->promote(promotion(name));
  CHECK(store->rollback({"", "", "", "ada", "heals less"}).version == "2");
  CHECK(store->serving_version() == "2");
  CHECK(store->rollback(promotion("")).version == "1");
  CHECK(message_of([&] { return store->rollback(promotion("")); }) ==
        "model \"1\" was the first in service: there is none before it");
  store->promote(promotion("3"));  // from here on, 3 after 1
  CHECK(store->rollback(promotion("")).version == "1");
  CHECK(store->serving_version() == "1");
}

TEST_CASE("who promoted what, when and why is kept") {
  const Scratch scratch;
  const auto store = three(scratch);
  store->promote(promotion("1", "first"));
  store->promote({"2", "2026-11-26T10:00:00Z", "forced", "bob", "a try"});
  store->rollback({"", "", "", "ada", "heals less"});
  const std::vector<Promotion> kept = Store::open(scratch.url())->promotions();
  REQUIRE(kept.size() == 3);
  CHECK(kept[0].version == "1");
  CHECK(kept[0].reason == "first");
  CHECK_FALSE(kept[0].at.empty());
  CHECK(kept[1].at == "2026-11-26T10:00:00Z");
  CHECK(kept[1].kind == "forced");
  CHECK(kept[1].by == "bob");
  CHECK(kept[2].version == "1");
  CHECK(kept[2].kind == "rolled back");
  CHECK(kept[2].reason == "heals less");
}

TEST_CASE("promoting what is in service changes nothing, and what is not there is refused") {
  const Scratch scratch;
  const auto store = three(scratch);
  CHECK(store->promote(promotion("1")));
  CHECK(store->promote(promotion("1")));
  CHECK(store->promotions().size() == 1);
  CHECK(message_of([&] { return store->promote(promotion("9")); }) ==
        "store " + scratch.url() + " has no model \"9\": see jobmedic models list");
}

TEST_CASE("a promotion that was decided against another version in service does not happen") {
  const Scratch scratch;
  const auto store = three(scratch);
  CHECK(store->promote(promotion("1"), ""));
  CHECK_FALSE(store->promote(promotion("2"), ""));
  CHECK(store->promote(promotion("2"), "1"));
  CHECK_FALSE(store->promote(promotion("3"), "1"));
  CHECK(store->serving_version() == "2");
}

TEST_CASE("each kind of model has a version of its own in service, and rolls back to one of its kind") {
  const Scratch scratch;
  const auto store = three(scratch);
  for (const char* name : {"f1", "f2"}) {
    ModelVersion forecast = version(name);
    forecast.kind = ModelKind::forecast;
    store->put_model(forecast, weights + name);
  }
  CHECK(store->serving_version(ModelKind::forecast).empty());
  store->promote(promotion("1"), "");
  CHECK(store->promote(promotion("f1"), ""));  // of its kind none is in service yet
  store->promote(promotion("2"));
  CHECK_FALSE(store->promote(promotion("f2"), "2"));
  CHECK(store->promote(promotion("f2"), "f1"));
  CHECK(store->serving_version() == "2");
  CHECK(store->serving_version(ModelKind::forecast) == "f2");
  CHECK(store->serving_model(ModelKind::forecast)->safetensors == weights + "f2");
  int serving = 0;
  for (const ModelVersion& model : store->models()) {
    CHECK((model.kind == ModelKind::forecast) == (model.version.front() == 'f'));
    serving += model.serving ? 1 : 0;
  }
  CHECK(serving == 2);

  CHECK(store->rollback(promotion(""), ModelKind::forecast).version == "f1");
  CHECK(store->promotions().back().of == ModelKind::forecast);
  CHECK(store->serving_version() == "2");
  CHECK(message_of([&] { return store->rollback(promotion(""), ModelKind::forecast); }) ==
        "model \"f1\" was the first in service: there is none before it");
  CHECK(store->rollback(promotion("")).version == "1");
  CHECK(store->serving_version(ModelKind::forecast) == "f1");
}

TEST_CASE("a kind of model that nobody knows is told, and what is known is served all the same") {
  const Scratch scratch;
  const auto store = three(scratch);
  store->promote(promotion("1"));
  scratch.sql("UPDATE model_kinds SET kind = 'oracle' WHERE version = '2'");
  CHECK(message_of([&] { return store->models(); }).find("\"oracle\" is no kind of model") != std::string::npos);
  CHECK(message_of([&] { return store->promote(promotion("2")); }).find("\"oracle\"") != std::string::npos);
  CHECK(store->serving_model()->version == "1");
}

TEST_CASE("models of a store from before they had kinds are for recommend(), and stay in service") {
  const Scratch scratch;
  three(scratch)->promote(promotion("2"));
  const bool sqlite = scratch.url().starts_with("sqlite:");
  scratch.sql(std::string("DROP TABLE model_kinds; ") +
              (sqlite ? "PRAGMA user_version = 6" : "UPDATE \"schema\" SET number = 2"));
  const auto store = Store::open(scratch.url());
  CHECK(store->serving_version() == "2");
  CHECK(store->serving_version(ModelKind::forecast).empty());
  CHECK(store->models().size() == 3);
  ModelVersion forecast = version("f");
  forecast.kind = ModelKind::forecast;
  store->put_model(forecast, weights);
  store->promote(promotion("f"));
  CHECK(store->serving_version(ModelKind::forecast) == "f");
  CHECK(store->serving_version() == "2");
}

TEST_CASE("the version in service in a store of the schema before stays in service", "[sqlite]") {
  const Scratch scratch;
  three(scratch);
  scratch.sql(
      "DROP TABLE model_kinds; DROP TABLE promotions; DROP TABLE fold_models; ALTER TABLE uses DROP COLUMN shown;"
      "DROP INDEX patches_by_scope; ALTER TABLE patches DROP COLUMN job; CREATE INDEX patches_by_scope ON patches(id);"
      "CREATE TABLE serving(only INTEGER PRIMARY KEY, version TEXT NOT NULL); INSERT INTO serving VALUES(1, '2');"
      "PRAGMA user_version = 3");
  const auto store = Store::open(scratch.url());
  CHECK(store->serving_version() == "2");
  CHECK(store->serving_model()->safetensors == weights + "2");
  CHECK(store->promotions().at(0).kind == "trained");
}
