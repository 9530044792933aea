// What failed, how often, and when.
#include <fmt/format.h>

#include <algorithm>

#include "report/charts.hpp"
#include "report/page.hpp"
#include "report/words.hpp"

namespace jobmedic::reported {
namespace {

constexpr double wide = 760, narrow = 328;

// The busiest bucket of a cause, in words: what its small chart shows.
std::string peak(const Cause& cause, const Report& report) {
  if (cause.trend.empty()) return "no start times on record";
  const auto most = std::max_element(cause.trend.begin(), cause.trend.end());
  if (*most == 0) return "no start times on record";
  const Bucket& bucket = report.buckets[static_cast<std::size_t>(most - cause.trend.begin())];
  return fmt::format("at most {} in one {}, {}{}", number(*most), report.bucket, report.bucket == "day" ? "" : "from ",
                     day(bucket.from));
}

json::Value cause_row(const Cause& cause, const Report& report) {
  const double share =
      report.failed.hits == 0 ? 0 : static_cast<double>(cause.failures) / static_cast<double>(report.failed.hits);
  return json::object({{"name", cause.rule.empty() ? category_words(cause.category) : cut(cause.rule, 80)},
                       {"category", category_words(cause.category)},
                       {"failures", number(cause.failures)},
                       {"share", percent(share)},
                       {"share_bar", share_bar(share)},
                       {"jobs", number(cause.jobs)},
                       {"cost", dollars(cause.cost_usd)},
                       {"peak", peak(cause, report)},
                       {"small", small_trend(cause.trend)}});
}

json::Array rows(const std::vector<Cause>& causes, const Report& report) {
  json::Array rows;
  for (const Cause& cause : causes) rows.push_back(cause_row(cause, report));
  return rows;
}

json::Array trend_rows(const Report& report) {
  json::Array rows;
  for (const Bucket& bucket : report.buckets) {
    rows.push_back(json::object({{"from", day(bucket.from)},
                                 {"attempts", number(bucket.attempts)},
                                 {"failures", number(bucket.failures)},
                                 {"memory", number(bucket.memory)},
                                 {"unclassified", number(bucket.unclassified)}}));
  }
  return rows;
}

// The first sentence of the section: what leads.
std::string lead(const Report& report) {
  if (report.categories.empty()) return "Nothing failed in this period.";
  const Cause& first = report.categories.front();
  return fmt::format("{} in {}. Most frequent: {}, {} of {}.",
                     count_of(report.failed.hits, "failed try", "failed tries"), count_of(report.jobs, "job"),
                     category_words(first.category), number(first.failures), number(report.failed.hits));
}

}  // namespace

json::Object causes_view(const Report& report) {
  json::Value trends = json::Array{};
  if (!report.buckets.empty() && report.failed.hits > 0) {
    json::Value broad = trend_chart(report, wide), small = trend_chart(report, narrow);
    broad.as<json::Object>()->emplace_back("size", "wide");
    small.as<json::Object>()->emplace_back("size", "narrow");
    trends = json::Array{std::move(broad), std::move(small)};
  }
  return {{"causes_lead", lead(report)},
          {"bucket", report.bucket},
          {"trends", std::move(trends)},
          {"trend_rows", trend_rows(report)},
          {"categories", rows(report.categories, report)},
          {"has_rules", !report.rules.empty()},
          {"rules", rows(report.rules, report)}};
}

}  // namespace jobmedic::reported
