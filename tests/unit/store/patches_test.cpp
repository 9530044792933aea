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
          "patch":[{"op":"add","path":"/x","value":1}],"priority":-3,"layer":true,"created_at":"2026-11-21T01:00:00+01:00",
          "expires_at":"2026-11-22T00:00:00Z","uses_left":3,"source":"user","note":"n","unknown":1})");
  CHECK(one.created_at == "2026-11-21T00:00:00Z");
  CHECK(one.priority == -3);
  CHECK(one.layer);
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
  sql(scratch.path(), R"(UPDATE patches SET document = '{"schema' WHERE id = 'bad';
      UPDATE patches SET document = '{"schema":"jobmedic.patch/1","patch":7}' WHERE id = 'worse')");
  const auto found = store->patches_for(attempt_of("j"), today);
  REQUIRE(found.size() == 3);
  CHECK(found.back().id == "good");
  CHECK_FALSE(found[0].damage.empty());
  CHECK(found[1].damage == "/patch: expected an array, found 7");
  store->record(ended(attempt_of("j")));
}

TEST_CASE("a kind of scope damaged in the store is reported with its row") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  store->put_patch(patch("p", R"({"job":"j"})"));
  sql(scratch.path(), "INSERT INTO scope_kinds VALUES('[7]')");
  CHECK(message_of([&] { return store->patches_for(attempt_of("j"), today); }).find("scope_kinds row \"[7]\": /0: ") !=
        std::string::npos);
}
