// jobmedic report: what the history says, as one page of HTML, as JSON, or in short.
#include <fmt/format.h>

#include <cmath>

#include "cli/arguments.hpp"
#include "cli/page.hpp"
#include "cli/progress.hpp"
#include "cli/session.hpp"
#include "core/file.hpp"
#include "core/time.hpp"
#include "jobmedic/report.hpp"

namespace jobmedic::cli {
namespace {

constexpr const char* lesson = R"(
The page needs no network and no script: mail it, print it, put it on a share. It says how it counts.
  healed    runs with a memory failure whose next try, or one of the next three, succeeded
  saved     what tries that failed did cost, beside an estimate of what unchanged retries would have cost:
            c * (p + p^2 + ...), c the failed try's cost, p the predicted failure of an unchanged retry
  avoided   retries that jobmedic advised against, and how many of those succeeded where someone tried all the same
  holds     predicted failure beside what came of it

Examples:
  jobmedic report --store sqlite:jobmedic.db --html report.html
  jobmedic report --store sqlite:jobmedic.db --html november.html --since 2026-11-01 --until 2026-12-01
  jobmedic report --store sqlite:jobmedic.db --days 30 --format json)";

struct Options {
  std::string store;
  std::string html;
  int days = 0;
  ReportOptions report;
};

// A date is its midnight.
std::string time_argument(const std::string& name, const std::string& text) {
  if (text.empty()) return "";
  const auto parsed = parse_time(text.size() == 10 ? text + "T00:00:00Z" : text);
  if (!parsed) {
    throw Error(Status::invalid_argument,
                fmt::format("{}: \"{}\" is no time: 2026-11-01, or 2026-11-01T06:00:00Z", name, text));
  }
  return format_time(*parsed);
}

ReportOptions report_options(const Options& options) {
  ReportOptions report = options.report;
  report.since = time_argument("--since", report.since);
  report.until = time_argument("--until", report.until);
  if (options.days > 0) {
    const TimePoint end = report.until.empty() ? now() : *parse_time(report.until);
    report.since = format_time(end - std::chrono::days(options.days));
  }
  return report;
}

std::string share(const Share& share) {
  if (!share.tells()) return fmt::format("{} of {} (too few to tell)", share.hits, share.of);
  return fmt::format("{} ({} of {}; {:.0f} to {:.0f} %)", percent(share.value()), share.hits, share.of, 100 * share.low,
                     100 * share.high);
}

std::string saved(const Savings& savings) {
  const std::uint64_t runs = savings.patched + savings.avoided;
  if (runs == 0) return "no run can be priced yet";
  const double usd = savings.rows.back().saved_usd();
  return fmt::format("{}{} (estimate over {} runs, against up to {} unchanged retries)", usd < 0 ? "-" : "",
                     dollars(std::abs(usd)), runs, savings.rows.back().retries);
}

std::string avoided(const Avoided& avoided) {
  if (avoided.wrongly.of == 0) return fmt::format("{} retries; whether wrongly is not on record", avoided.retries);
  return fmt::format("{} retries; of those that ran all the same {} succeeded", avoided.retries,
                     share(avoided.wrongly));
}

std::string page_of(const Report& report, const Options& options) {
  Page page;
  if (report.attempts == 0) {
    page.line("No try that ended is on record in this period: jobmedic history import, jobmedic record");
  } else {
    page.line(fmt::format("{} tries of {} jobs, {} to {}", report.attempts, report.jobs, report.first.substr(0, 10),
                          report.last.substr(0, 10)),
              Tone::strong);
    page.field("failed", share(report.failed) + ", " + dollars(report.failed_cost_usd));
    page.field("healed", "at the first retry " + share(report.healing.at_first));
    page.field("", "within three " + share(report.healing.within_three));
    page.field("saved", saved(report.savings));
    page.field("avoided", avoided(report.avoided));
    page.field("unknown", share(report.unclassified));
  }
  if (report.automation.automation.stopped) page.field("stopped", report.automation.automation.words());
  page.line(options.html.empty() ? "The whole of it: --html FILE, or --format json" : "Written to " + options.html);
  return page.str();
}

void run(const Options& options, const Session& session) {
  ReportOptions report_with = report_options(options);
  const std::unique_ptr<Store> store = existing_store(options.store, true);
  Report report;
  {
    Progress progress;
    report_with.progress = [&](double done, std::string_view what) { progress.show(done, what); };
    report = make_report(*store, report_with);
  }
  if (!options.html.empty()) write_file_atomically(options.html, report.to_html());
  session.answer(report.to_json(), [&] { return page_of(report, options); });
}

}  // namespace

void add_report_command(CLI::App& app, Session& session) {
  const auto options = std::make_shared<Options>();
  CLI::App* command = session.command(
      app, "report", "Say what failed, what was healed, and what it saved: a page to read, print and send on.", "");
  command->footer(lesson);
  add_store(command, options->store);
  ReportOptions& report = options->report;
  command->add_option("--html", options->html, "write the page here")->type_name("FILE");
  command->add_option("--since", report.since, "only failures from this day or time (UTC) on (default: all)")
      ->type_name("TIME");
  command->add_option("--until", report.until, "only failures before this day or time")->type_name("TIME");
  command->add_option("--days", options->days, "the last so many days before --until, or before now")
      ->check(CLI::Range(1, 36'500))
      ->type_name("N")
      ->excludes("--since");
  command->add_option("--title", report.title, "of the page")->type_name("TEXT");
  command->add_option("--top", report.top, "rows of each list")->check(CLI::Range(1, 1000))->capture_default_str();
  command
      ->add_option("--retries", report.unchanged_retries,
                   "what money saved is held against: so many unchanged retries by your scheduler")
      ->check(CLI::Range(1, 20))
      ->capture_default_str();
  session.on(command, [options, &session] { run(*options, session); });
}

}  // namespace jobmedic::cli
