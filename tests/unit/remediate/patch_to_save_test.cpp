#include "remediate/patch_to_save.hpp"

#include <catch2/catch.hpp>

#include "engines.hpp"

using namespace jobmedic;

namespace {

Recommendation recommend(const std::string& key, const std::string& value) {
  Recommendation result;
  result.decision = "retry_with_patch";
  result.patch = R"([{"op":"add","path":"/)" + key + R"(","value":")" + value + R"("}])";
  return result;
}

const Space spark = Space::shipped("spark");
const TimePoint noon = *parse_time("2026-11-22T12:00:00Z");

}  // namespace

TEST_CASE("a recommendation is kept for its job and engine, for a week, and says where it comes from") {
  const StoredPatch patch =
      patch_to_save(failed_attempt("j", 2), recommend("spark.executor.memory", "6g"), {}, spark, noon);
  CHECK(patch.scope.job == "j");
  CHECK(patch.scope.engine == "spark");
  CHECK(patch.scope.labels.empty());
  CHECK(patch.source == "recommendation");
  CHECK(patch.created_at == "2026-11-22T12:00:00Z");
  CHECK(patch.expires_at == "2026-11-29T12:00:00Z");
  CHECK(patch.note == "after attempt 2 of run r1");
}

TEST_CASE("what an earlier recommendation changed is carried over, where the failed attempt ran with it") {
  const StoredPatch earlier =
      patch_to_save(failed_attempt("j"), recommend("spark.executor.memory", "6g"), {}, spark, noon);
  Attempt second = failed_attempt("j", 2);
  second.config = R"({"spark.executor.memory":"6g"})";
  const auto saved = [&](const Recommendation& recommendation) {
    return patch_to_save(second, recommendation, {earlier}, spark, noon).patch;
  };
  CHECK(
      saved(recommend("spark.executor.cores", "1")) ==
      R"([{"op":"add","path":"/spark.executor.memory","value":"6g"},{"op":"add","path":"/spark.executor.cores","value":"1"}])");
  CHECK(saved(recommend("spark.executor.memory", "12g")) == recommend("spark.executor.memory", "12g").patch);
  second.config = R"({"spark.executor.memory":"2g"})";
  CHECK(saved(recommend("spark.executor.cores", "1")) == recommend("spark.executor.cores", "1").patch);
}

TEST_CASE("a user's patch is carried over too, but a layer stays one") {
  StoredPatch user;
  user.patch = R"([{"op":"add","path":"/spark.executor.cores","value":"1"}])";
  user.source = "user";
  Attempt failed = failed_attempt("j");
  failed.config = R"({"spark.executor.cores":"1"})";
  const auto saved = [&] {
    return patch_to_save(failed, recommend("spark.executor.memory", "6g"), {user}, spark, noon).patch;
  };
  CHECK(
      saved() ==
      R"([{"op":"add","path":"/spark.executor.cores","value":"1"},{"op":"add","path":"/spark.executor.memory","value":"6g"}])");
  user.layer = true;
  CHECK(saved() == recommend("spark.executor.memory", "6g").patch);
}
