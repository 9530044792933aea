#include <catch2/catch.hpp>

#include "history.hpp"

using namespace jobmedic;

namespace {
constexpr const char* patched = R"({"memory":"2g"})";
constexpr const char* more = R"({"memory":"3g"})";
}  // namespace

TEST_CASE("tries that failed are held against what unchanged retries would have cost") {
  const History history;
  history.failed({.cost_usd = 2});
  history.answered();  // an unchanged retry fails with 0.9
  history.failed({.number = 2, .config = patched, .cost_usd = 3});
  history.succeeded({.number = 3, .config = more, .cost_usd = 50});
  const Savings savings = history.report().savings;
  CHECK(savings.patched == 1);
  REQUIRE(savings.rows.size() == 3);
  CHECK(savings.rows[0].unchanged_usd == Approx(2 * 0.9));
  CHECK(savings.rows[1].unchanged_usd == Approx(2 * (0.9 + 0.81)));
  CHECK(savings.rows[2].unchanged_usd == Approx(2 * (0.9 + 0.81 + 0.729)));
  for (const Savings::Row& row : savings.rows) CHECK(row.spent_usd == 3);
  CHECK(savings.rows[0].saved_usd() == Approx(-1.2));
}

TEST_CASE("retries that were used up before cannot be saved") {
  const History history;
  history.failed({});
  history.failed({.number = 2, .cost_usd = 4});
  history.answered("j", "r", 2, {.decision = "do_not_retry", .unchanged = 0.5});
  const Savings savings = history.report().savings;
  CHECK(savings.avoided == 1);
  CHECK(savings.rows[0].unchanged_usd == 0);
  CHECK(savings.rows[1].unchanged_usd == Approx(4 * 0.5));
  CHECK(savings.rows[2].unchanged_usd == Approx(4 * (0.5 + 0.25)));
  CHECK(savings.rows[2].spent_usd == 0);
}

TEST_CASE("without a prediction the rule's own unchanged retries tell, where there are enough") {
  const History history;
  const auto retried = [&](int runs) {
    for (int i = 0; i < runs; ++i) {
      const std::string job = "k" + std::to_string(i % 5);
      const std::string run = std::to_string(i);
      history.failed({.job = job, .run = run, .cost_usd = 9, .rule = "Syntax", .category = "user_code"});
      if (i % 2 == 0) {
        history.failed({.job = job, .run = run, .number = 2, .rule = "Syntax", .category = "user_code"});
      } else {
        history.succeeded({.job = job, .run = run, .number = 2});
      }
    }
  };
  history.failed({.cost_usd = 4, .rule = "Syntax", .category = "user_code"});
  history.answered("j", "r", 1, {.decision = "do_not_retry", .method = "verdict"});
  retried(8);
  CHECK(history.report().savings.without_estimate == 1);
  CHECK(history.report().savings.rows[0].unchanged_usd == 0);
  retried(10);
  const Savings savings = history.report().savings;
  CHECK(savings.without_estimate == 0);
  CHECK(savings.by_history == 1);
  CHECK(savings.avoided == 1);
  CHECK(savings.rows[2].unchanged_usd == Approx(4 * (0.5 + 0.25 + 0.125)));
}

TEST_CASE("what cannot be priced is left out, and counted by its reason") {
  const History history;
  for (const char* job : {"open", "other", "against", "free"}) history.failed({.job = job});
  history.answered("open");
  history.answered("other");
  history.succeeded({.job = "other", .number = 2, .config = more});
  history.answered("against", "r", 1, {.decision = "do_not_retry"});
  history.succeeded({.job = "against", .number = 2});
  history.answered("free");
  history.failed({.job = "free", .number = 2, .config = patched, .cost_usd = {}});
  history.failed({.job = "unchanged"});
  history.answered("unchanged", "r", 1, {.decision = "retry_unchanged"});
  history.failed({.job = "shadow"});
  history.answered("shadow", "r", 1, {.more = R"("mode":"shadow","would":{"restart":true},)"});
  const Savings savings = history.report().savings;
  CHECK(savings.patched + savings.avoided == 0);
  CHECK(savings.retry_open == 1);
  CHECK(savings.advice_not_taken == 2);
  CHECK(savings.without_cost == 1);
  CHECK(savings.rows[2].unchanged_usd == 0);
}
