// What the record says another configuration would have done.
#include "recommend/replay/cases.hpp"

#include <catch2/catch.hpp>

#include "jobmedic/error.hpp"
#include "recommend/replay/play.hpp"
#include "recorded.hpp"

using namespace jobmedic;
using replayed::Cases;
using replayed::cases_of;

namespace {

std::string config(int memory_mib, int cores = 1) {
  return fmt::format(R"({{"memory": "{}m", "cores": "{}"}})", memory_mib, cores);
}

Attempt retried(const Cases& cases, const std::string& configuration) {
  return cases.list.at(0).answers->retry(cases.list.at(0).failed, configuration);
}

// Fails with 1 GiB in half an hour, works with 3 GiB in an hour and with 4 GiB.
std::vector<Attempt> grid() {
  return {recorded::run("a", 1024, 1, false, 1800), recorded::run("b", 3072, 1, true),
          recorded::run("c", 4096, 1, true)};
}

}  // namespace

TEST_CASE("a retry of a grid works with at least the least memory that worked, and lasts as long as that run") {
  const std::vector<Attempt> history = grid();
  const Space space = recorded::space();
  const Cases cases = cases_of(history, space, "", 0);
  REQUIRE(cases.list.size() == 1);
  CHECK(retried(cases, config(3071)).outcome->succeeded == false);
  CHECK(retried(cases, config(3071)).duration_s == 1800);
  const Attempt healed = retried(cases, config(3584));
  CHECK(healed.outcome->succeeded);
  CHECK(healed.attempt == 2);
  CHECK(*healed.outcome->cost_usd == Approx(3.5));
  CHECK(cases.list[0].answers->oracle_usd() == Approx(3));
}

TEST_CASE("no more memory is given than the largest recorded") {
  const std::vector<Attempt> history = grid();
  const Space space = recorded::space();
  const Cases cases = cases_of(history, space, "", 0);
  CHECK(cases.most_memory == 4096);
  CHECK(*retried(cases, config(65536)).outcome->cost_usd == Approx(4));
  CHECK(permitted(space, cases).parameters[cases.memory].max == 4096);
}

TEST_CASE("a configuration that was not recorded is answered by the nearest that was") {
  std::vector<Attempt> history = grid();
  history.push_back(recorded::run("d", 2048, 4, true));
  const Space space = recorded::space();
  const Cases cases = cases_of(history, space, "", 0);
  CHECK_FALSE(retried(cases, config(1984, 3)).outcome->succeeded);
  CHECK(retried(cases, config(2048, 3)).outcome->succeeded);
}

TEST_CASE("what the nearest settings do not tell is asked of the next") {
  std::vector<Attempt> history = grid();
  history.push_back(recorded::run("d", 1024, 3, false));
  history.push_back(recorded::run("e", 4096, 3, true));
  history.push_back(recorded::run("f", 1536, 2, false));
  history.push_back(recorded::run("g", 2048, 2, true));
  const Space space = recorded::space();
  const Cases cases = cases_of(history, space, "", 0);
  CHECK(retried(cases, config(2048, 3)).outcome->succeeded);  // by those with two cores
  CHECK_FALSE(retried(cases, config(1536, 3)).outcome->succeeded);
  CHECK_FALSE(retried(cases, config(1024, 4)).outcome->succeeded);  // by those with three
}

TEST_CASE("the failed attempt's own settings are held to what worked with them") {
  std::vector<Attempt> history = grid();
  history.push_back(recorded::run("d", 1024, 2, false));
  history.push_back(recorded::run("e", 4096, 2, true));
  history.push_back(recorded::run("f", 2048, 8, true));
  const Space space = recorded::space();
  const Cases cases = cases_of(history, space, "", 0);
  CHECK_FALSE(
      retried(cases, config(2048, 2)).outcome->succeeded);  // two cores do not tell, the one that failed is next
  CHECK(retried(cases, config(2048, 7)).outcome->succeeded);
}

TEST_CASE("settings that only ever failed tell how much is too little, and no more") {
  std::vector<Attempt> history = grid();
  history.push_back(recorded::run("d", 3584, 2, false));
  const Space space = recorded::space();
  const Cases cases = cases_of(history, space, "", 0);
  CHECK_FALSE(retried(cases, config(3584, 2)).outcome->succeeded);
  CHECK(retried(cases, config(3648, 2)).outcome->succeeded);
}

TEST_CASE("a failure whose healing is not on record is left out, unless it failed with the most there is") {
  const Space space = recorded::space();
  std::vector<Attempt> history = {recorded::run("a", 1024, 1, false), recorded::run("b", 2048, 2, true)};
  CHECK(cases_of(history, space, "", 0).list.empty());
  CHECK(cases_of(history, space, "", 0).unanswered == 1);
  history[0] = recorded::run("a", 2048, 1, false);
  history[1] = recorded::run("b", 1024, 2, true);
  const Cases cases = cases_of(history, space, "", 0);
  REQUIRE(cases.list.size() == 1);
  CHECK_FALSE(cases.list[0].answers->healable());
  CHECK(cases.list[0].answers->oracle_usd() == 0);
}

TEST_CASE("of a success with a peak a failure is drawn between an eighth of the peak and the peak") {
  const Space space = recorded::space();
  std::vector<Attempt> history;
  for (int i = 0; i < 200; ++i) history.push_back(recorded::peak(fmt::format("r{}", i), 2000 + i));
  history.push_back(recorded::run("other", 4096, 1, true));
  const Cases cases = cases_of(history, space, "", 3);
  REQUIRE(cases.drawn == 200);
  double least = 1, most = 0;
  for (std::size_t i = 0; i < cases.list.size(); ++i) {
    const Attempt& failed = cases.list[i].failed;
    const double share = failed.metrics.at("peak_rss_bytes") / history[i].metrics.at("peak_rss_bytes");
    least = std::min(least, share);
    most = std::max(most, share);
    CHECK(failed.outcome->category == "memory_config");
    CHECK(failed.metrics.count("gc_s") == 0);
  }
  CHECK(least == Approx(0.125).margin(0.02));
  CHECK(most == Approx(1).margin(0.05));
}

TEST_CASE("a drawn failure works from its peak on, at the recorded price for a unit of memory") {
  const Space space = recorded::space();
  const std::vector<Attempt> history = {recorded::peak("a", 2000), recorded::run("other", 4096, 1, true)};
  const Cases cases = cases_of(history, space, "", 3);
  CHECK_FALSE(retried(cases, config(1999)).outcome->succeeded);
  CHECK(retried(cases, config(2000)).outcome->succeeded);
  CHECK(*retried(cases, config(2048)).outcome->cost_usd == Approx(2));
}

TEST_CASE("later tries of a run are what a retry does, whatever it is given") {
  const Space space = recorded::space();
  std::vector<Attempt> history = grid();
  for (int n = 1; n <= 3; ++n) {
    history.push_back(recorded::run("flaky", 1024, 1, n == 3));
    history.back().labels.clear();
    history.back().attempt = n;
  }
  const Cases cases = cases_of(history, space, "", 0);
  const auto& flaky = cases.list.at(1);
  CHECK(flaky.answers->healable());
  const Attempt second = flaky.answers->retry(flaky.failed, config(4096));
  CHECK_FALSE(second.outcome->succeeded);
  CHECK(flaky.answers->retry(second, config(1024)).outcome->succeeded);
}

TEST_CASE("tries end with the one that works, and all of them are paid") {
  const std::vector<Attempt> history = grid();
  const Space space = recorded::space();
  const Cases cases = cases_of(history, space, "", 0);
  const auto doubled = replayed::baseline("double", space, cases, {});
  const auto played = play(cases.list[0], doubled.strategy, {}, 3);
  CHECK(played.healed_at == 2);
  CHECK(played.cost_usd == Approx(2 * 0.5 + 4));
  CHECK(play(cases.list[0], doubled.strategy, {}, 1).healed_at == 0);
}

TEST_CASE("a policy that wants no retry costs nothing") {
  const std::vector<Attempt> history = grid();
  const Space space = recorded::space();
  const Cases cases = cases_of(history, space, "", 0);
  const auto played = play(
      cases.list[0], [](const auto&, auto) { return std::optional<std::string>(); }, {}, 3);
  CHECK(played.disabled);
  CHECK(played.cost_usd == 0);
}

TEST_CASE("a policy is named by what it does") {
  const std::vector<Attempt> history = grid();
  const Space space = recorded::space();
  const Cases cases = cases_of(history, space, "", 0);
  const Attempt& failed = cases.list[0].failed;
  const auto given = [&](const std::string& name) {
    return *replayed::baseline(name, space, cases, {}).strategy(failed, {});
  };
  CHECK(given("unchanged").find("1024m") != std::string::npos);
  CHECK(given("double").find("2048m") != std::string::npos);
  CHECK(given("x1.2").find("1229m") != std::string::npos);
  CHECK(given("+500").find("1524m") != std::string::npos);
  CHECK(given("maximum").find("4096m") != std::string::npos);
  for (const char* wrong : {"x", "x0", "x-1", "xyz", "+", "treble", "x2m"}) CHECK_THROWS_AS(given(wrong), Error);
}
