#include "remediate/retry.hpp"

#include <catch2/catch.hpp>

#include "engines.hpp"

using namespace jobmedic;

namespace {

Classification verdict(const std::string& category, bool restartable) {
  Classification result;
  result.classified = true;
  result.rule = "R";
  result.category = category;
  result.restartable = restartable;
  result.advice = "Do this.";
  return result;
}

Recommendation recommendation(const std::string& decision) {
  Recommendation result;
  result.decision = decision;
  result.reason = "because";
  return result;
}

}  // namespace

TEST_CASE("only memory failures, unclassified ones and rules with an override need a recommendation") {
  CHECK(needs_recommendation({}));
  CHECK(needs_recommendation(verdict("memory_config", false)));
  CHECK_FALSE(needs_recommendation(verdict("transient_infra", true)));
  Classification always = verdict("transient_infra", true);
  always.retry = "always";
  CHECK(needs_recommendation(always));
}

TEST_CASE("where nothing is recommended the rule decides: restartable after a wait, or not with its advice") {
  const RetryDecision again = decide_retry(failed_attempt("j"), verdict("transient_infra", true), {}, {});
  CHECK(again.restart);
  CHECK(again.after_s >= 22);
  CHECK(again.after_s <= 38);
  const RetryDecision stop = decide_retry(failed_attempt("j"), verdict("user_code", false), {}, {});
  CHECK_FALSE(stop.restart);
  CHECK(stop.reason == "R (user_code): Do this.");
}

TEST_CASE("a healed retry starts at once, an unchanged one waits, and do_not_retry is obeyed") {
  const auto decide = [](const std::string& decision) {
    return decide_retry(failed_attempt("j"), verdict("memory_config", false), recommendation(decision), {});
  };
  CHECK(decide("retry_with_patch").restart);
  CHECK(decide("retry_with_patch").after_s == 0);
  CHECK(decide("retry_unchanged").restart);
  CHECK(decide("retry_unchanged").after_s > 0);
  CHECK_FALSE(decide("do_not_retry").restart);
  CHECK(decide("do_not_retry").reason == "because");
}

TEST_CASE("waits double up to a limit, are the same for the same attempt and differ between jobs") {
  Policy many;
  many.max_retries = 100;
  const auto wait = [&](const std::string& job, std::int64_t number) {
    return decide_retry(failed_attempt(job, number), verdict("transient_infra", true), {}, many).after_s;
  };
  CHECK(wait("j", 1) == wait("j", 1));
  CHECK(wait("j", 3) > 2 * wait("j", 1) * 0.75 / 1.25);
  CHECK(wait("j", 3) >= 90);
  CHECK(wait("j", 60) <= 900 * 1.25);
  bool differ = false;
  for (int i = 0; i < 8; ++i) differ = differ || wait("j" + std::to_string(i), 1) != wait("j", 1);
  CHECK(differ);
}

TEST_CASE("no attempt beyond max_retries is restarted") {
  Policy policy;
  policy.max_retries = 2;
  const auto restarted = [&](std::int64_t number) {
    return decide_retry(failed_attempt("j", number), verdict("memory_config", false),
                        recommendation("retry_with_patch"), policy)
        .restart;
  };
  CHECK(restarted(2));
  CHECK_FALSE(restarted(3));
  CHECK(decide_retry(failed_attempt("j", 3), verdict("transient_infra", true), {}, policy)
            .reason.find("attempt 3 was the last (max_retries 2); ") == 0);
}
