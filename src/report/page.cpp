// The HTML page: the template with the figures in it, and the style in the template.
#include "report/page.hpp"

#include <fmt/format.h>

#include <iterator>

#include "core/embedded.hpp"
#include "jobmedic/version.hpp"
#include "report/charts.hpp"
#include "report/template.hpp"
#include "report/words.hpp"

namespace jobmedic {
namespace reported {
namespace {

json::Value card(const std::string& label, const std::string& value, std::vector<std::string> notes) {
  return json::object({{"label", label},
                       {"value", value},
                       {"in_words", value.size() > 8},
                       {"notes", json::Array(notes.begin(), notes.end())}});
}

// Too few are told as they are: no percentage.
std::string headline(const Share& share) {
  return share.tells() ? percent(share.value()) : fmt::format("{} of {}", number(share.hits), number(share.of));
}

json::Value healed_card(const Healing& healing) {
  const std::string label = "Memory failures healed at the first retry";
  if (healing.at_first.of == 0) return card(label, "none", {"No run hit a memory failure in this period."});
  return card(label, headline(healing.at_first),
              {share_ground(healing.at_first), "Within three retries: " + share_words(healing.within_three),
               fmt::format("For comparison: Netflix reports {}", percent(netflix_healed))});
}

json::Value saved_card(const Report& report) {
  const Savings& savings = report.savings;
  const std::string label = "Saved (estimated)";
  const std::uint64_t priced = savings.patched + savings.avoided;
  if (priced == 0) return card(label, "no estimate", {"No run can be priced: see below why."});
  return card(label, dollars(savings.rows.back().saved_usd()),
              {fmt::format("On tries that fail, in {}, against up to {}", count_of(priced, "run"),
                           count_of(static_cast<std::uint64_t>(report.unchanged_retries), "unchanged retry",
                                    "unchanged retries")),
               "How it is reckoned stands below"});
}

json::Value avoided_card(const Avoided& avoided) {
  std::vector<std::string> notes;
  if (avoided.retries > 0) {
    notes.push_back(fmt::format("In {}; the tries before had cost {}", count_of(avoided.jobs, "job"),
                                dollars(avoided.failed_cost_usd)));
  }
  notes.push_back(avoided.wrongly.of == 0 ? "Whether any was avoided wrongly is not on record"
                                          : fmt::format("Of {} that ran all the same, unchanged, {} succeeded",
                                                        number(avoided.wrongly.of), number(avoided.wrongly.hits)));
  return card("Retries avoided", number(avoided.retries), std::move(notes));
}

json::Value failed_card(const Report& report) {
  return card("Tries that failed", headline(report.failed),
              {share_ground(report.failed),
               fmt::format("They cost {} of {}", dollars(report.failed_cost_usd), dollars(report.cost_usd)),
               "Known to no rule: " + share_words(report.unclassified)});
}

std::string period_words(const Report& report) {
  if (report.first.empty()) return "no start times on record";
  const std::string days = day(report.first) == day(report.last)
                               ? day(report.first)
                               : fmt::format("{} to {}", day(report.first), day(report.last));
  if (report.since.empty() && report.until.empty()) return days + " (all that is on record)";
  return fmt::format("{} (asked for: {}{})", days, report.since.empty() ? "all" : "from " + minute(report.since),
                     report.until.empty() ? "" : ", before " + minute(report.until));
}

std::string gaps(const Report& report) {
  std::string words;
  const auto add = [&](std::uint64_t count, const char* what) {
    if (count > 0) words += fmt::format("{}{} {}", words.empty() ? "" : "; ", count_of(count, "try", "tries"), what);
  };
  add(report.without_cost, "without a cost on record count as free");
  add(report.without_start, "without a start time are in the totals, not in the trend");
  add(report.in_grids, "of recorded grids (labels.grid), experiments, are left out");
  return words;
}

std::string embedded_file(std::string_view name) {
  for (const EmbeddedFile& file : embedded::report_page()) {
    if (file.name == name) return std::string(file.text);
  }
  return "";
}

void join(json::Object& view, json::Object part) {
  view.insert(view.end(), std::make_move_iterator(part.begin()), std::make_move_iterator(part.end()));
}

}  // namespace

json::Object headline_view(const Report& report) {
  const bool empty = report.attempts == 0;
  json::Array cards;
  if (!empty) {
    cards = {healed_card(report.healing), saved_card(report), avoided_card(report.avoided), failed_card(report)};
  }
  return {{"title", cut(report.title, 200)},
          {"period", period_words(report)},
          {"store", cut(report.store, 300)},
          {"made_at", minute(report.made_at)},
          {"version", std::string(version())},
          {"attempts", count_of(report.attempts, "try", "tries")},
          {"jobs", count_of(report.jobs, "job")},
          {"gaps", gaps(report)},
          {"empty", empty},
          {"in_grids", report.in_grids == 0 ? "" : count_of(report.in_grids, "try", "tries")},
          {"any_period", report.since.empty() && report.until.empty()},
          {"cards", std::move(cards)},
          {"stopped", report.automation.automation.stopped ? cut(report.automation.automation.words(), 400) : ""}};
}

}  // namespace reported

std::string Report::to_html() const {
  using namespace reported;
  json::Object view = headline_view(*this);
  join(view, causes_view(*this));
  join(view, outcome_view(*this));
  join(view, sizing_view(*this));
  join(view, lists_view(*this));
  std::string page = embedded_file("report.html");
  constexpr std::string_view style = "/* report.css */";
  page.replace(page.find(style), style.size(), embedded_file("report.css"));
  return render(page, view);
}

}  // namespace jobmedic
