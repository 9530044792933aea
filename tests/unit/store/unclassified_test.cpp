// What is kept of failures that no rule knew, and the step from a store that did not keep it.
#include <catch2/catch.hpp>

#include "jobmedic/store.hpp"
#include "scratch.hpp"

using namespace jobmedic;

namespace {

TellingLine line(const std::string& text) {
  return {text, text, "", "driver.stderr", 90, 1};
}

std::vector<UnclassifiedFailure> failures(const Store& store) {
  std::vector<UnclassifiedFailure> all;
  store.each_unclassified([&](const UnclassifiedFailure& failure) { all.push_back(failure); });
  return all;
}

}  // namespace

TEST_CASE("a failure's telling lines are kept with its job, run and attempt, and its cost is the one last recorded") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  Attempt attempt = ended(attempt_of("j", 2, "r7"), false);
  store->save_remediation(attempt, std::nullopt, [](const std::string&) { return std::string("{}"); },
                          {line("disk gone")});
  REQUIRE(failures(*store).size() == 1);
  CHECK_FALSE(failures(*store)[0].cost_usd);
  attempt.outcome->cost_usd = 2.5;
  store->record(attempt);
  const auto kept = failures(*Store::open(scratch.url()));
  REQUIRE(kept.size() == 1);
  CHECK(kept[0].job == "j");
  CHECK(kept[0].run == "r7");
  CHECK(kept[0].attempt == 2);
  CHECK(kept[0].cost_usd == 2.5);
  REQUIRE(kept[0].lines.size() == 1);
  CHECK(kept[0].lines[0].to_json() == line("disk gone").to_json());
}

TEST_CASE("lines kept again replace the former, and none forget the failure") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  store->keep_telling(attempt_of("j"), {line("a"), line("b")});
  store->keep_telling(attempt_of("j"), {line("c")});
  REQUIRE(failures(*store).size() == 1);
  CHECK(failures(*store)[0].lines[0].text == "c");
  store->keep_telling(attempt_of("j"), {});
  CHECK(failures(*store).empty());
}

TEST_CASE("a failure that a rule explains by now, or that was no failure, is left out") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  for (int i = 1; i <= 3; ++i) store->keep_telling(attempt_of("j", i), {line("x")});
  Attempt explained = ended(attempt_of("j", 1), false);
  explained.outcome->rule = "DiskGone";
  store->record(explained);
  store->record(ended(attempt_of("j", 2), true));
  store->record(ended(attempt_of("j", 3), false));
  REQUIRE(failures(*store).size() == 1);
  CHECK(failures(*store)[0].attempt == 3);
}

TEST_CASE("what a failure may keep is bounded") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  store->keep_telling(attempt_of("j"), std::vector<TellingLine>(50, line(std::string(100'000, 'x') + "\xFF")));
  REQUIRE(failures(*store)[0].lines.size() == 8);
  CHECK(failures(*store)[0].lines[0].text.size() == 2000);
}

TEST_CASE("failures and remediations are read in pages, all of them in order") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  const auto document = [](const std::string&) { return std::string("{}"); };
  for (int i = 0; i < 1203; ++i) {
    store->save_remediation(attempt_of("j", i), std::nullopt, document, {line(std::to_string(i))});
  }
  const auto all = failures(*store);
  REQUIRE(all.size() == 1203);
  CHECK(all[1200].lines[0].text == "1200");
  std::size_t remediations = 0;
  store->each_remediation([&](const std::string&) { ++remediations; });
  CHECK(remediations == 1203);
}

TEST_CASE("a damaged row is reported with its number") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  store->keep_telling(attempt_of("j"), {line("x")});
  scratch.sql("UPDATE unclassified SET document = '[{\"template\":7}]'");
  CHECK(message_of([&] {
          failures(*store);
          return 0;
        }) == "store " + scratch.url() + ": unclassified row 1: /template: expected a string, found 7");
}
