#include <catch2/catch.hpp>

#include "jobmedic/store.hpp"
#include "json/value.hpp"
#include "scratch.hpp"

using namespace jobmedic;

namespace {

StoredPatch patch(const std::string& id, const std::string& scope, const std::string& more = "") {
  return StoredPatch::parse(R"({"schema":"jobmedic.patch/1","id":")" + id + R"(","scope":)" + scope +
                            R"(,"patch":[{"op":"add","path":"/x","value":1}],"created_at":"2026-11-21T00:00:00Z")" +
                            more + "}");
}

constexpr const char* today = "2026-11-22T00:00:00Z";

std::vector<std::string> ids(const Store& store, const Attempt& attempt, const char* now = today) {
  std::vector<std::string> result;
  for (const StoredPatch& found : store.patches_for(attempt, now)) result.push_back(found.id);
  return result;
}

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("a patch document is read back as it was written, times in UTC") {
  const StoredPatch one = StoredPatch::parse(
      R"({"schema":"jobmedic.patch/1","id":"a","scope":{"job":"j","engine":"spark","labels":{"q":"e"}},
          "patch":[{"op":"add","path":"/x","value":1}],"priority":-3,"layer":true,"disabled":true,"created_at":"2026-11-21T01:00:00+01:00",
          "activates_at":"2026-11-21T12:00:00+00:30","expires_at":"2026-11-22T00:00:00Z","plan_hash":"0f","uses_left":3,"source":"user","note":"n","unknown":1})");
  CHECK(one.created_at == "2026-11-21T00:00:00Z");
  CHECK(one.priority == -3);
  CHECK(one.layer);
  CHECK(one.disabled);
  CHECK(one.activates_at == "2026-11-21T11:30:00Z");
  CHECK(one.plan_hash == "0f");
  CHECK(json::parse(StoredPatch::parse(one.to_json()).to_json()) == json::parse(one.to_json()));
}

TEST_CASE("a patch that could not be used is refused with the place") {
  const auto refusal = [](const std::string& members) {
    return message_of([&] { return StoredPatch::parse(R"({"schema":"jobmedic.patch/1",)" + members + "}"); });
  };
  CHECK(refusal(R"("scope":{})") == "/patch: is missing");
  CHECK(refusal(R"("patch":{})") == "/patch: expected an array, found an object");
  CHECK(refusal(R"("patch":[{"op":"add"}])") == "/patch/0/path: is missing");
  CHECK(refusal(R"("patch":[],"uses_left":-1)").find("/uses_left: ") == 0);
  CHECK(refusal(R"("patch":[],"expires_at":"soon")").find("/expires_at: expected a time") == 0);
  CHECK(refusal(R"("patch":[],"activates_at":1)").find("/activates_at: expected a string") == 0);
  CHECK(refusal(R"("patch":[],"disabled":"no")").find("/disabled: expected ") == 0);
  CHECK(refusal(R"("patch":[],"scope":{"labels":{"q":1}})") == "/scope/labels/q: expected a string, found 1");
}

TEST_CASE("the store gives id and creation time, and refuses what it could not read back") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  StoredPatch fresh;
  const StoredPatch one = store->put_patch(fresh);
  const StoredPatch two = store->put_patch(fresh);
  CHECK_FALSE(one.created_at.empty());
  CHECK(one.id < two.id);
  fresh.patch = "{}";
  CHECK(message_of([&] { return store->put_patch(fresh); }) == "/patch: expected an array, found an object");
  CHECK(store->patches().size() == 2);
}

TEST_CASE("only patches whose scope matches are candidates") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  store->put_patch(patch("any", "{}"));
  store->put_patch(patch("job", R"({"job":"j"})"));
  store->put_patch(patch("other", R"({"job":"k"})"));
  store->put_patch(patch("engine", R"({"engine":"flink"})"));
  store->put_patch(patch("queue", R"({"labels":{"queue":"etl"}})"));
  Attempt attempt = attempt_of("j");
  CHECK(ids(*store, attempt) == Ids{"any", "job"});
  attempt.labels["queue"] = "etl";
  CHECK(ids(*store, attempt) == Ids{"any", "job", "queue"});
  CHECK(ids(*store, attempt_of("k")) == Ids{"any", "other"});
}

TEST_CASE("candidates come by priority, then scope size, then creation time, then id") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  store->put_patch(patch("high", "{}", R"(,"priority":5)"));
  store->put_patch(patch("wide", R"({"job":"j","engine":"spark"})"));
  store->put_patch(patch("b", R"({"job":"j"})"));
  store->put_patch(patch("a", R"({"job":"j"})"));
  StoredPatch later = patch("0", R"({"job":"j"})");
  later.created_at = "2026-11-21T00:00:00.500Z";
  store->put_patch(later);
  store->put_patch(patch("low", R"({"job":"j","engine":"spark"})", R"(,"priority":-1)"));
  CHECK(ids(*store, attempt_of("j")) == Ids{"low", "a", "b", "0", "wide", "high"});
}

TEST_CASE("a patch stops being a candidate when it expires or has no use left") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  store->put_patch(patch("p", R"({"job":"j"})", R"(,"expires_at":"2026-11-23T00:00:00Z")"));
  store->put_patch(patch("q", R"({"job":"j"})", R"(,"uses_left":0)"));
  CHECK(ids(*store, attempt_of("j"), "2026-11-22T23:59:59.999Z") == Ids{"p"});
  CHECK(ids(*store, attempt_of("j"), "2026-11-23T00:00:00Z").empty());
  CHECK(store->patch("q")->uses_left == 0);
}

TEST_CASE("a patch is no candidate before it is active, nor while it is disabled") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  store->put_patch(patch("p", R"({"job":"j"})", R"(,"activates_at":"2026-11-23T00:00:00Z")"));
  store->put_patch(patch("q", R"({"job":"j"})", R"(,"disabled":true)"));
  CHECK(ids(*store, attempt_of("j"), "2026-11-22T23:59:59.999Z").empty());
  CHECK(ids(*store, attempt_of("j"), "2026-11-23T00:00:00Z") == Ids{"p"});
  CHECK_FALSE(store->enable_patch("q", true).disabled);
  CHECK(store->enable_patch("p", false).disabled);
  CHECK(ids(*store, attempt_of("j"), "2026-11-23T00:00:00Z") == Ids{"q"});
  CHECK(message_of([&] { return store->enable_patch("r", true); }) == "store " + scratch.url() + " has no patch \"r\"");
}

TEST_CASE("why a patch is not in force is told, and all that match are found whether they are or not") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  store->put_patch(patch("gone", R"({"job":"j"})", R"(,"expires_at":"2026-11-21T06:00:00Z")"));
  store->put_patch(patch("later", R"({"job":"j"})", R"(,"activates_at":"2026-11-23T00:00:00Z","priority":1)"));
  store->put_patch(patch("off", R"({"job":"j"})", R"(,"disabled":true,"priority":2)"));
  store->put_patch(patch("used", R"({"job":"j"})", R"(,"uses_left":0,"priority":3)"));
  store->put_patch(patch("works", R"({"job":"j"})", R"(,"uses_left":1,"priority":4)"));
  store->put_patch(patch("other", R"({"job":"k"})"));
  std::vector<std::string> told;
  for (const StoredPatch& found : store->patches_matching(attempt_of("j"))) {
    told.push_back(found.id + ": " + found.why_idle(today));
  }
  CHECK(told == Ids{"gone: expired at 2026-11-21T06:00:00Z", "later: is not active before 2026-11-23T00:00:00Z",
                    "off: is disabled", "used: has no use left", "works: "});
}

TEST_CASE("a plan's hash leaves out what differs from run to run, and nothing else") {
  const std::string plan = "Scan parquet sales[id#12, price#13] dt=2026-11-21\n Exchange hash(id#12, 200), [plan_id=7]";
  CHECK(plan_hash(plan) ==
        plan_hash("Scan parquet sales[id#91, price#4] dt=2026-11-22\n  Exchange hash(id#91, 200), [plan_id=1]"));
  CHECK(plan_hash(plan) != plan_hash("Scan parquet orders[id#12, price#13] dt=2026-11-21\n Exchange hash(id#12, 200)"));
  CHECK(plan_hash("Scan caf\xC3\xA9") != plan_hash("Scan caf\xC3\xA8"));
  CHECK(plan_hash("").empty());
  CHECK_FALSE(plan_hash("123").empty());
  Attempt attempt = attempt_of("j");
  StoredPatch made = patch("p", "{}");
  made.plan_hash = plan_hash(plan);
  CHECK_FALSE(made.made_for_other_plan(attempt));  // it has no plan, and may be the same job
  attempt.plan = plan;
  CHECK_FALSE(made.made_for_other_plan(attempt));
  attempt.plan = "Scan orders";
  CHECK(made.made_for_other_plan(attempt));
}

TEST_CASE("of many candidates only those are read that are asked for") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  store->put_patch(patch("low", R"({"job":"j"})", R"(,"layer":true)"));
  store->put_patch(patch("high", R"({"job":"j"})", R"(,"priority":1)"));
  scratch.sql("UPDATE patches SET document = 'damaged' WHERE id = 'low'");
  store->with_candidates(attempt_of("j"), today, [](const Candidates& candidates) {
    REQUIRE(candidates.heads().size() == 2);
    CHECK(candidates.heads()[0].id == "low");
    CHECK(candidates.heads()[0].layer);
    CHECK(candidates.read(1).damage.empty());
    CHECK_FALSE(candidates.read(0).damage.empty());
  });
}

TEST_CASE("a row filed under the key of another scope is not taken for what it is not") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  store->put_patch(patch("mine", R"({"job":"j"})"));
  store->put_patch(patch("theirs", R"({"job":"k"})"));
  scratch.sql(
      "UPDATE patches SET (job, scope_key) = (SELECT job, scope_key FROM patches AS other WHERE other.id = 'mine')");
  const auto found = store->patches_for(attempt_of("j"), today);
  REQUIRE(found.size() == 2);
  CHECK(found[1].damage == "it was filed under another scope");
}

TEST_CASE("putting a patch under an id that is taken replaces it, scope and all") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  store->put_patch(patch("p", R"({"job":"j"})"));
  store->put_patch(patch("p", R"({"job":"k"})"));
  CHECK(ids(*store, attempt_of("j")).empty());
  CHECK(ids(*store, attempt_of("k")) == Ids{"p"});
  CHECK(store->patches().size() == 1);
}

TEST_CASE("a use is counted once per attempt, when its outcome is first recorded") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  store->put_patch(patch("p", R"({"job":"j"})", R"(,"uses_left":3)"));
  const auto left = [&] { return store->patch("p")->uses_left.value(); };
  store->record(attempt_of("j", 1));
  CHECK(left() == 3);
  store->record(ended(attempt_of("j", 1)));
  CHECK(left() == 2);
  Attempt corrected = ended(attempt_of("j", 1), false);
  store->record(corrected);
  store->record(attempt_of("j", 1));
  store->record(ended(attempt_of("j", 1)));
  CHECK(left() == 2);
  store->record_all({ended(attempt_of("j", 2)), ended(attempt_of("j", 3)), ended(attempt_of("j", 4))});
  CHECK(left() == 0);
  CHECK(ids(*store, attempt_of("j")).empty());
}

TEST_CASE("only the patches that applied are used: the last candidate, and layers before it") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  store->put_patch(patch("plain", "{}", R"(,"uses_left":9)"));
  store->put_patch(patch("layer", R"({"engine":"spark"})", R"(,"uses_left":9,"layer":true)"));
  store->put_patch(patch("last", R"({"job":"j"})", R"(,"uses_left":9,"priority":1)"));
  store->record(ended(attempt_of("j")));
  CHECK(store->patch("plain")->uses_left == 9);
  CHECK(store->patch("layer")->uses_left == 8);
  CHECK(store->patch("last")->uses_left == 8);
}

TEST_CASE("a patch made after an attempt started was not used by it") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  StoredPatch late = patch("late", R"({"job":"j"})", R"(,"uses_left":1)");
  late.created_at = "2026-11-21T00:00:00.700Z";
  store->put_patch(late);
  Attempt before = ended(attempt_of("j", 1));
  before.started_at = "2026-11-20T23:59:59Z";
  store->record(before);
  CHECK(store->patch("late")->uses_left == 1);
  Attempt after = ended(attempt_of("j", 2));
  after.started_at = "2026-11-21T00:00:00Z";  // in whole seconds, as schedulers write it
  store->record(after);
  CHECK(store->patch("late")->uses_left == 0);
}

TEST_CASE("a damaged patch is reported and does not hide the others") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  store->put_patch(patch("good", R"({"job":"j"})", R"(,"priority":-9)"));
  store->put_patch(patch("bad", R"({"job":"j"})"));
  store->put_patch(patch("worse", R"({"job":"j"})"));
  scratch.sql(R"(UPDATE patches SET document = '{"schema' WHERE id = 'bad';
      UPDATE patches SET document = '{"schema":"jobmedic.patch/1","patch":7}' WHERE id = 'worse')");
  const auto found = store->patches_for(attempt_of("j"), today);
  REQUIRE(found.size() == 3);
  CHECK(found[0].id == "good");
  CHECK_FALSE(found[1].damage.empty());
  CHECK(found[2].damage == "/patch: expected an array, found 7");
  store->record(ended(attempt_of("j")));
}

TEST_CASE("a kind of scope damaged in the store is reported with its row") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  store->put_patch(patch("p", R"({"job":"j"})"));
  scratch.sql("INSERT INTO scope_kinds VALUES('[7]')");
  CHECK(message_of([&] { return store->patches_for(attempt_of("j"), today); }).find("scope_kinds row \"[7]\": /0: ") !=
        std::string::npos);
}

TEST_CASE("all patches are read in pages, oldest first, each once") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  Ids written;
  for (int i = 0; i < 501; ++i) {  // a page holds 500
    written.push_back(store->put_patch(patch("p" + std::to_string(i), R"({"job":"j"})")).id);
  }
  Ids read;
  store->each_patch([&](const StoredPatch& found) { read.push_back(found.id); });
  CHECK(read == written);
}
