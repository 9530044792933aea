#include <catch2/catch.hpp>

#include "jobmedic/store.hpp"
#include "scratch.hpp"

using namespace jobmedic;

namespace {

Attempt began(const std::string& run, const std::string& at) {
  Attempt attempt = ended(attempt_of("j", 1, run), false);
  attempt.started_at = at;
  return attempt;
}

constexpr const char* moment = "2026-06-01T00:00:00Z";

}  // namespace

TEST_CASE("what began before the moment is deleted, and nothing else") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  store->record(began("old", "2026-05-31T23:59:59Z"));
  store->record(began("offset", "2026-06-01T01:00:00+02:00"));
  store->record(began("new", moment));
  store->record(began("undated", ""));
  const Pruned pruned = store->prune(moment);
  CHECK(pruned.attempts == 2);
  CHECK(pruned.undated == 1);
  CHECK(store->attempt_count() == 2);
  CHECK(store->attempt("j", "new", 1));
  CHECK(store->attempt("j", "undated", 1));
  CHECK(scratch.intact());
}

TEST_CASE("answers to a deleted attempt go with it; patches and the audit trail stay") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  StoredPatch patch;
  patch.scope.job = "j";
  patch.patch = R"([{"op":"add","path":"/spark.executor.memory","value":"6g"}])";
  const auto document = [](const std::string&) { return std::string("{}"); };
  store->save_remediation(began("old", "2026-01-01T00:00:00Z"), patch, document);
  store->save_remediation(began("new", "2026-07-01T00:00:00Z"), std::nullopt, document);
  CHECK(store->prune(moment).remediations == 1);
  CHECK_FALSE(store->remediation("j", "old", 1));
  CHECK(store->remediation("j", "new", 1));
  CHECK(store->patches().size() == 1);
  CHECK(store->changes(10).size() == 1);
}

TEST_CASE("a dry run counts the same and deletes nothing") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  std::vector<Attempt> many;
  for (int i = 0; i < 1200; ++i) many.push_back(began("r" + std::to_string(i), "2026-01-01T00:00:00Z"));
  store->record_all(many);
  std::size_t seen = 0;
  CHECK(store->prune(moment, true, [&](std::size_t looked_at) { seen = looked_at; }).attempts == 1200);
  CHECK(seen == 1200);
  CHECK(store->attempt_count() == 1200);
  CHECK(store->prune(moment).attempts == 1200);
  CHECK(store->attempt_count() == 0);
  CHECK(store->prune(moment).attempts == 0);
}

TEST_CASE("a moment that is none is refused") {
  const Scratch scratch;
  const auto store = Store::open(scratch.url());
  CHECK(message_of([&] { return store->prune("yesterday").attempts; }) == "\"yesterday\" is no RFC 3339 time");
}
