// What a job's own unchanged retries say of the next one.
#include "recommend/model/retries.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "fixtures.hpp"
#include "recommend/model/features.hpp"

using namespace jobmedic;
using namespace jobmedic::model;

namespace {

// A try that no rule knew.
Attempt tried(const std::string& run, int number, bool succeeded, const std::string& failure = "",
              int memory_mib = 512) {
  Attempt attempt = fixtures::attempt("j", run, number, memory_mib, succeeded);
  attempt.config = fmt::format(R"({{"memory": "{}m"}})", memory_mib);
  attempt.outcome->category.clear();
  if (!failure.empty()) attempt.labels["failure"] = failure;
  return attempt;
}

Retries retries(const Attempt& failed, const std::vector<Attempt>& past, const std::string& rule = "") {
  const Space space = fixtures::space();
  Classification verdict;
  verdict.rule = rule;
  return retries_of(failed, verdict, configured(failed, space), read_past(past, space));
}

const Attempt latest = tried("today", 1, false, "LeaseLost");

}  // namespace

TEST_CASE("without retries nothing is known") {
  const Retries none = retries(latest, {tried("a", 1, false, "LeaseLost"), tried("b", 1, true)});
  CHECK(none.odds == 0);
  CHECK(none.seen == 0);
}

TEST_CASE("a job's unchanged retries are counted by how they ended") {
  const Retries mixed = retries(latest, {tried("a", 1, false, "LeaseLost"), tried("a", 2, false, "LeaseLost"),
                                         tried("a", 3, true), tried("b", 1, false, "LeaseLost"), tried("b", 2, true)});
  CHECK(mixed.odds == Approx(std::log(1.5 / 2.5)));
  CHECK(mixed.seen == Approx(2));
}

TEST_CASE("the failed attempt counts itself where it was an unchanged retry") {
  const Attempt second = tried("today", 2, false, "LeaseLost");
  CHECK(retries(second, {latest}).odds == Approx(std::log(3)));
}

TEST_CASE("what was changed, and what followed another failure, says nothing") {
  const std::vector<Attempt> past{tried("a", 1, false, "LeaseLost"), tried("a", 2, true, "", 1024),
                                  tried("b", 1, false, "SchemaDrift"), tried("b", 2, false, "SchemaDrift")};
  CHECK(retries(latest, past).seen == 0);
  CHECK(retries(tried("today", 1, false, "SchemaDrift"), past).odds == Approx(std::log(3)));
}

TEST_CASE("a rule's failures are known by the rule, whatever their logs say") {
  std::vector<Attempt> past{tried("a", 1, false, "one"), tried("a", 2, false, "two")};
  for (Attempt& attempt : past) attempt.outcome->rule = "Heap";
  CHECK(retries(latest, past).seen == 0);
  CHECK(retries(latest, past, "Heap").odds == Approx(std::log(3)));
}
