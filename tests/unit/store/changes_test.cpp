// The audit trail, the way back, and the kill switch.
#include <algorithm>
#include <catch2/catch.hpp>
#include <sstream>

#include "jobmedic/store.hpp"
#include "json/value.hpp"
#include "process.hpp"
#include "scratch.hpp"

using namespace jobmedic;

namespace {

StoredPatch patch(const std::string& id, const std::string& value = "6g") {
  StoredPatch result;
  result.id = id;
  result.scope.job = "j";
  result.patch = R"([{"op":"add","path":"/spark.executor.memory","value":")" + value + R"("}])";
  result.created_at = "2026-11-21T00:00:00Z";
  return result;
}

std::vector<std::string> actions(const Store& store, const std::string& id = "") {
  std::vector<std::string> result;
  for (const Change& change : store.changes(100, id)) result.push_back(change.action + " " + change.patch);
  return result;
}

using Words = std::vector<std::string>;
const Author ana{"ana", "month end"};

}  // namespace

TEST_CASE("every change of a patch is in the trail: who, when, why, before, after") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  store->put_patch(patch("p"), ana);
  store->put_patch(patch("p", "8g"), {"bob", "more"});
  store->enable_patch("p", false, {});
  store->enable_patch("p", true, {});
  CHECK(actions(*store) == Words{"enable p", "disable p", "put p", "put p"});
  const std::vector<Change> changes = store->changes(100);
  CHECK(changes[3].by == "ana");
  CHECK(changes[3].reason == "month end");
  CHECK(changes[3].number == 1);
  CHECK(changes[3].at.size() >= 20);
  CHECK(changes[3].before.empty());
  CHECK(changes[3].after == patch("p").to_json());
  CHECK(changes[2].before == patch("p").to_json());
  CHECK(changes[2].after == patch("p", "8g").to_json());
  CHECK(changes[1].by.find('@') != std::string::npos);  // nobody was named: this user, on this machine
  CHECK(json::parse(changes[1].after).find("disabled") != nullptr);
  CHECK(store->changes(2).size() == 2);
  CHECK(store->changes(100, "q").empty());
}

TEST_CASE("what changes nothing is not in the trail") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  store->put_patch(patch("p"), ana);
  store->put_patch(patch("p"), ana);
  store->enable_patch("p", true, ana);
  store->stop_automation(false, ana);
  CHECK(actions(*store) == Words{"put p"});
}

TEST_CASE("a recommended patch and a counted use are in the trail, too") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  StoredPatch once = patch("p");
  once.uses_left = 1;
  once.note = "after attempt 1 of run r1";
  store->save_remediation(attempt_of("j"), once, [](const std::string&) { return std::string("{}"); });
  store->record(ended(attempt_of("j", 2)));
  CHECK(actions(*store) == Words{"use p", "recommend p"});
  const std::vector<Change> changes = store->changes(2);
  CHECK(changes[1].reason == "after attempt 1 of run r1");
  CHECK(changes[0].reason == "attempt 2 of run r1 of job j ended");
  CHECK(json::write(*json::parse(changes[0].after).find("uses_left")) == "0");
}

TEST_CASE("a change is the document jobmedic.change/1") {
  Change change{7, "2026-11-21T00:00:00Z", "ana@host", "put", "", "p", "", R"({"id":"p"})"};
  CHECK(change.to_json() ==
        R"({"schema":"jobmedic.change/1","number":7,"at":"2026-11-21T00:00:00Z","by":"ana@host","action":"put",)"
        R"("patch":"p","after":{"id":"p"}})");
}

TEST_CASE("rolled back, every patch is what it was after that change, at any point of the trail") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  const auto state = [&] {
    std::string text;
    for (const StoredPatch& one : store->patches()) text += one.to_json() + "\n";
    return text;
  };
  std::vector<std::string> states{state()};
  const auto keep = [&] { states.push_back(state()); };
  StoredPatch limited = patch("a");
  limited.uses_left = 3;
  store->put_patch(limited);
  keep();
  store->put_patch(patch("b"));
  keep();
  store->record(ended(attempt_of("j")));  // b counts more and has no limit: no change
  store->enable_patch("b", false);
  keep();
  store->record(ended(attempt_of("j", 2)));  // uses a
  keep();
  store->put_patch(patch("a", "9g"));
  keep();
  for (const std::size_t point : {std::size_t{3}, std::size_t{5}, std::size_t{0}, std::size_t{4}, std::size_t{1},
                                  std::size_t{2}, std::size_t{5}}) {
    INFO(point);
    store->roll_back(static_cast<std::int64_t>(point), ana);
    // A patch that came back stands in a new row: compare without the order.
    std::vector<std::string> now;
    std::vector<std::string> then;
    for (auto [from, into] : {std::pair{state(), &now}, std::pair{states[point], &then}}) {
      std::istringstream in(from);
      for (std::string line; std::getline(in, line);) into->push_back(line);
      std::sort(into->begin(), into->end());
    }
    CHECK(now == then);
  }
}

TEST_CASE("a rollback says what it changed, is in the trail itself, and can be rolled back") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  store->put_patch(patch("a"));
  store->put_patch(patch("b"));
  const std::vector<Change> changes = store->roll_back(1, ana);
  REQUIRE(changes.size() == 1);
  CHECK(changes[0].action == "rollback");
  CHECK(changes[0].patch == "b");
  CHECK(changes[0].after.empty());
  CHECK(changes[0].by == "ana");
  CHECK_FALSE(store->patch("b"));
  CHECK(store->roll_back(1).empty());
  store->roll_back(2);
  CHECK(store->patch("b"));
  CHECK(message_of([&] { return store->roll_back(99); }) ==
        "store " + scratch.url() + " has no change 99: give a number from 0 to 4");
}

TEST_CASE("a patch whose row was damaged in between is rolled back to what it was before") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  store->put_patch(patch("p"));
  scratch.sql("UPDATE patches SET document = '{\"' WHERE id = 'p'");
  store->put_patch(patch("p", "8g"));
  CHECK(store->changes(1)[0].before == R"("{\"")");
  store->roll_back(1);  // what was there then could not be read: as good as none
  CHECK_FALSE(store->patch("p"));
  store->roll_back(2);
  CHECK(store->patch("p")->patch == patch("p", "8g").patch);
}

TEST_CASE("the kill switch is one flag that every process sees, and its uses are in the trail") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  CHECK_FALSE(store->automation().stopped);
  CHECK(store->automation().since.empty());
  const Automation stopped = store->stop_automation(true, ana);
  CHECK(stopped.stopped);
  CHECK(stopped.words() == "automation is stopped since " + stopped.since + " by ana: month end");
  CHECK(store->stop_automation(true, {"bob", "again"}).by == "ana");
  CHECK(Store::open(scratch.url())->automation().stopped);
  CHECK(run_process({scratch.url(), "automation"}) == stopped.words() + "\n");
  CHECK_FALSE(store->stop_automation(false, {"bob", "over"}).stopped);
  CHECK(actions(*store) == Words{"resume ", "stop "});
}

TEST_CASE("a rollback leaves the kill switch as it is") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  store->put_patch(patch("p"));
  store->stop_automation(true);
  store->roll_back(0);
  CHECK(store->automation().stopped);
  CHECK(store->patches().empty());
}

TEST_CASE("an attempt that started while automation was stopped has used no patch") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  StoredPatch limited = patch("p");
  limited.uses_left = 2;
  store->put_patch(limited);
  store->stop_automation(true);
  store->record(ended(attempt_of("j", 1)));
  CHECK(store->patch("p")->uses_left == 2);
  store->stop_automation(false);
  store->record(ended(attempt_of("j", 2)));
  CHECK(store->patch("p")->uses_left == 1);
}

TEST_CASE("secrets in a reason are masked in the trail") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  store->put_patch(patch("p"), {"ana", "password=hunter2 was wrong"});
  CHECK(store->changes(1)[0].reason == "password=**** was wrong");
}

TEST_CASE("a change damaged in the store is shown as it is") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  store->put_patch(patch("p"));
  scratch.sql("UPDATE patch_changes SET after = " + scratch.bytes("7BFF"));
  CHECK(store->changes(1)[0].after == "\"{\xEF\xBF\xBD\"");
  CHECK_FALSE(store->changes(1)[0].to_json().empty());
}
