// What healing costs at least: the unit of money in the objective.
#include "recommend/least_cost.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>

#include "cliff.hpp"
#include "jobmedic/recommend.hpp"
#include "json/reader.hpp"

using namespace jobmedic;
using namespace std::chrono_literals;
using recommender::Judged;
using recommender::least_cost;

namespace {

Judged costing(double ratio, double fails) {
  return {{}, {fails, 0}, ratio};
}

// How many times its need a heap gets that had `share` of it.
double given(double share) {
  Cliff cliff;
  cliff.need_mib = 8192;
  cliff.steepness = 5;
  Policy policy;
  policy.deadline = 60s;
  const int heap = static_cast<int>(share * cliff.need_mib);
  const Attempt failed =
      spark_attempt(R"({"spark.executor.memory":")" + std::to_string(heap) + R"(m","spark.executor.cores":"1"})");
  const auto answer =
      recommend(failed, memory_verdict("SparkExecutorHeapOOM"), &cliff, Space::shipped("spark"), policy);
  const json::Value patch = json::parse(answer.patch);
  for (const auto& operation : json::Reader(patch).items()) {
    if (operation.at("path").string() == "/spark.executor.memory") {
      return std::stod(operation.at("value").string()) / cliff.need_mib;
    }
  }
  return share;
}

}  // namespace

TEST_CASE("where one candidate surely heals and a cheaper one surely does not, healing costs what that one does") {
  CHECK(least_cost({costing(3, 0), costing(2, 1)}, {1, 0}) == Approx(3));
}

TEST_CASE("what healing costs at least is the mean over where it may begin") {
  // 1 heals in 10 % of the cases, 2 in further 40 %, 4 in further 30 %; of the rest nobody heals more than 4 do.
  CHECK(least_cost({costing(4, 0.2), costing(2, 0.5)}, {0.9, 0}) == Approx(0.1 * 1 + 0.4 * 2 + 0.5 * 4));
}

TEST_CASE("a candidate that is dearer and no safer than another one changes nothing") {
  const double before = least_cost({costing(2, 0.5), costing(4, 0)}, {1, 0});
  CHECK(least_cost({costing(2, 0.5), costing(3, 0.5), costing(2.5, 0.9), costing(4, 0), costing(8, 0)}, {1, 0}) ==
        Approx(before));
}

TEST_CASE("a candidate that is cheaper than an unchanged retry counts with its own cost") {
  CHECK(least_cost({costing(0.5, 0.25), costing(2, 0)}, {1, 0}) == Approx(0.5 + 0.25 * 1.5));
}

TEST_CASE("with no candidate healing costs what an unchanged retry does") {
  CHECK(least_cost({}, {1, 0}) == 1);
}

TEST_CASE("how far too small the failed try was does not change how generous the answer is") {
  const double little = given(0.3), more = given(0.6);
  INFO(little << " and " << more << " times the need");
  CHECK(little > 1);
  CHECK(std::max(little, more) / std::min(little, more) < 1.04);
}
