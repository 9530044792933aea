#include <catch2/catch.hpp>

#include "jobmedic/store.hpp"
#include "scratch.hpp"

using namespace jobmedic;

namespace {
StoredPatch patch_for(const std::string& job) {
  StoredPatch patch;
  patch.scope.job = job;
  patch.patch = R"([{"op":"add","path":"/spark.executor.memory","value":"6g"}])";
  return patch;
}
}  // namespace

TEST_CASE("the first remediation of an attempt stays, and its patch is saved with it") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  const auto first = store->save_remediation(attempt_of("j"), patch_for("j"),
                                             [](const std::string& id) { return R"({"id":")" + id + R"("})"; });
  CHECK(first.fresh);
  const auto second =
      store->save_remediation(attempt_of("j"), patch_for("j"), [](const std::string&) { return std::string("{}"); });
  CHECK_FALSE(second.fresh);
  CHECK(second.document == first.document);
  REQUIRE(store->patches().size() == 1);
  CHECK(first.document == R"({"id":")" + store->patches().front().id + R"("})");
  CHECK(store->remediation("j", "r1", 1) == first.document);
  CHECK_FALSE(store->remediation("j", "r1", 2));
}

TEST_CASE("nothing of a remediation is saved where its document cannot be made") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  CHECK(message_of([&] {
          return store->save_remediation(
              ended(attempt_of("j"), false), patch_for("j"),
              [](const std::string&) -> std::string { throw Error(Status::internal, "no document"); });
        }) == "no document");
  CHECK(store->patches().empty());
  CHECK(store->attempt_count() == 0);
  CHECK_FALSE(store->remediation("j", "r1", 1));
}

TEST_CASE("a remediation records the failed attempt, but not over one whose outcome is known") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  const auto document = [](const std::string&) { return std::string("{}"); };
  store->record(attempt_of("j", 1));
  store->save_remediation(ended(attempt_of("j", 1), false), std::nullopt, document);
  REQUIRE(store->attempt("j", "r1", 1)->outcome);

  Attempt known = ended(attempt_of("j", 2), false);
  known.outcome->cost_usd = 1.5;
  store->record(known);
  store->save_remediation(ended(attempt_of("j", 2), false), std::nullopt, document);
  CHECK(store->attempt("j", "r1", 2)->outcome->cost_usd == 1.5);
}

TEST_CASE("a patch made from a failed attempt does not count as used by it") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  StoredPatch once = patch_for("j");
  once.uses_left = 1;
  store->save_remediation(ended(attempt_of("j", 1), false), once,
                          [](const std::string& id) { return "\"" + id + "\""; });
  store->record(ended(attempt_of("j", 1), false));
  CHECK(store->patches().front().uses_left == 1);
  store->record(ended(attempt_of("j", 2)));
  CHECK(store->patches().front().uses_left == 0);
}

TEST_CASE("a remediation damaged in the store is reported with its row") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  store->save_remediation(attempt_of("j"), std::nullopt, [](const std::string&) { return std::string("{}"); });
  scratch.sql("UPDATE remediations SET document = '{\"schema'");
  CHECK(message_of([&] {
          return store->remediation("j", "r1", 1);
        }).find("store " + scratch.url() + ": remediations row \"j\", run \"r1\", attempt 1: ") == 0);
}

TEST_CASE("a job's record counts the patched failures since its last success, and the retries granted") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  const std::string always = "1970-01-01T00:00:00Z";
  const auto failures = [&] { return store->job_record(attempt_of("j", 99), always).patched_failures; };
  store->record(ended(attempt_of("j", 1), false));
  CHECK(failures() == 0);
  store->put_patch(patch_for("j"));
  store->record(ended(attempt_of("j", 2), false));
  store->record(ended(attempt_of("j", 3), false));
  CHECK(failures() == 2);
  CHECK(store->job_record(attempt_of("j", 3), always).patched_failures == 1);
  CHECK(store->job_record(attempt_of("k"), always).patched_failures == 0);
  store->record(ended(attempt_of("j", 4), true));
  CHECK(failures() == 0);

  const auto save = [&](std::int64_t number, const std::string& restart) {
    store->save_remediation(attempt_of("j", number), std::nullopt,
                            [&](const std::string&) { return R"({"retry":{"restart":)" + restart + "}}"; });
  };
  save(1, "true");
  save(2, "false");
  save(3, "true");
  save(3, "true");
  CHECK(store->job_record(attempt_of("j"), always).retries == 2);
  CHECK(store->job_record(attempt_of("j"), "2999-01-01T00:00:00Z").retries == 0);
}
