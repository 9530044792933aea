// What needs libjobmedic_torch.so. Without it (JOBMEDIC_TORCH=OFF) this file is not built.
#include "jobmedic/train.hpp"

#include <catch2/catch.hpp>

#include "core/time.hpp"
#include "recommend/model/fixtures.hpp"
#include "scratch.hpp"

using namespace jobmedic;

TEST_CASE("a trained version is named after its day, in service at once, and the next one after it") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  store->record_all(fixtures::history(2));
  TrainingOptions quick;
  quick.max_epochs = 5;
  const std::string before = format_time(now()).substr(0, 10);
  const ModelVersion first = train_and_serve(*store, fixtures::space(), quick);
  const ModelVersion second = train_and_serve(*store, fixtures::space(), quick);
  if (format_time(now()).substr(0, 10) == before) {  // not at midnight
    CHECK(first.version == before + ".1");
    CHECK(second.version == before + ".2");
  }
  CHECK(first.version != second.version);
  CHECK(store->serving_version() == second.version);
  CHECK(store->serving_model()->size() == second.bytes);
  CHECK(store->models().size() == 2);
  quick.version = "mine";
  CHECK(train_and_serve(*store, fixtures::space(), quick).version == "mine");
  CHECK(store->serving_version() == "mine");
}
