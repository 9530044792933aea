// What jobmedic's answers were worth: healed, saved, avoided, foretold.
#include <fmt/format.h>

#include <cmath>

#include "report/charts.hpp"
#include "report/page.hpp"
#include "report/words.hpp"

namespace jobmedic::reported {
namespace {

std::string healing_lead(const Healing& healing) {
  if (healing.at_first.of == 0) return "";
  return fmt::format(
      "{} hit a memory failure. {} succeeded with jobmedic's patch at the first retry, {} within three. {} "
      "no later try on record and {} as not healed.",
      count_of(healing.at_first.of, "run"), number(healing.at_first_patched.hits),
      number(healing.within_three_patched.hits),
      healing.not_retried == 1 ? "1 has" : number(healing.not_retried) + " have",
      healing.not_retried == 1 ? "counts" : "count");
}

json::Array savings_rows(const Savings& savings) {
  json::Array rows;
  for (const Savings::Row& row : savings.rows) {
    rows.push_back(json::object({{"retries", static_cast<std::int64_t>(row.retries)},
                                 {"unchanged", dollars(row.unchanged_usd)},
                                 {"spent", dollars(row.spent_usd)},
                                 {"saved", dollars(row.saved_usd())}}));
  }
  return rows;
}

json::Array left_out(const Savings& savings) {
  json::Array list;
  const auto add = [&](std::uint64_t count, const char* why) {
    if (count > 0) list.push_back(fmt::format("{} {}", count_of(count, "run"), why));
  };
  add(savings.without_estimate,
      "about which nothing tells how an unchanged retry would have ended: no prediction, and fewer than 10 unchanged "
      "retries of the rule, or of fewer than 5 jobs, on record");
  add(savings.advice_not_taken, "whose next try ran without the patch, or against the advice");
  add(savings.retry_open, "whose patched retry is not on record (yet)");
  add(savings.without_cost, "with a cost missing");
  return list;
}

std::string priced(const Savings& savings) {
  const std::string how = savings.by_history == 0
                              ? "p is the model's prediction, saved with its answer"
                              : fmt::format(
                                    "p is the model's prediction, saved with its answer; for {} without one, the "
                                    "share of the rule's unchanged retries that failed in this history",
                                    count_of(savings.by_history, "run"));
  return fmt::format("{}: {} retried with jobmedic's patch, {} not retried on its advice; {}.",
                     count_of(savings.patched + savings.avoided, "run"), number(savings.patched),
                     number(savings.avoided), how);
}

json::Array reliability_rows(const Calibration& calibration) {
  json::Array rows;
  for (const ReliabilityBin& bin : calibration.bins) {
    rows.push_back(json::object({{"range", fmt::format("{:.0f} to {:.0f} %", 100 * bin.from, 100 * bin.to)},
                                 {"predicted", bin.failed.of == 0 ? "" : percent(bin.predicted)},
                                 {"failed", bin.failed.of == 0   ? ""
                                            : bin.failed.tells() ? share_words(bin.failed)
                                                                 : share_words(bin.failed) + ", too few"},
                                 {"of", number(bin.failed.of)}}));
  }
  return rows;
}

std::string calibration_lead(const Calibration& calibration) {
  if (calibration.failed.of == 0) return "";
  return fmt::format(
      "{} put to the test: on average {} predicted to fail, {} failed. Mean squared error {:.3f} (Brier "
      "score; 0 is perfect, 0.25 is a coin).",
      count_of(calibration.failed.of, "prediction", "predictions"), percent(calibration.predicted),
      share_words(calibration.failed), calibration.brier);
}

}  // namespace

json::Object outcome_view(const Report& report) {
  const bool foretold = report.calibration.failed.of > 0;
  const bool healed = report.healing.at_first.of > 0;
  const Savings& savings = report.savings;
  return {{"healing_lead", healing_lead(report.healing)},
          {"healing", healed ? healing_chart(report.healing) : json::Value()},
          {"netflix_share", percent(netflix_healed)},
          {"savings_priced", savings.patched + savings.avoided > 0 ? priced(savings) : ""},
          {"savings_rows", savings_rows(savings)},
          {"left_out", left_out(savings)},
          {"has_left_out", !left_out(savings).empty()},
          {"retries", static_cast<std::int64_t>(report.unchanged_retries)},
          {"avoided", number(report.avoided.retries)},
          {"wrongly", report.avoided.wrongly.of == 0 ? "" : share_words(report.avoided.wrongly)},
          {"wrongly_ground", share_ground(report.avoided.wrongly)},
          {"calibration_lead", calibration_lead(report.calibration)},
          {"reliability", foretold ? reliability_chart(report.calibration) : json::Value()},
          {"reliability_rows", reliability_rows(report.calibration)}};
}

}  // namespace jobmedic::reported
