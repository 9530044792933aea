#include "cli/forecast_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "cli/page.hpp"
#include "json/reader.hpp"

namespace jobmedic::cli {
namespace {

using Rows = std::vector<std::vector<std::string>>;

std::string share(const json::Reader& reader, std::string_view name) {
  return percent(reader.at(name).number());
}

std::string count(const json::Reader& reader, std::string_view name) {
  return fmt::format("{}", reader.at(name).integer());
}

const std::vector<std::string> measure_heads = {"", "kills", "60 s ahead", "readings", "PR-AUC", "survivors", "alerts"};

std::vector<std::string> measure_row(const std::string& name, const json::Reader& measures) {
  return {name,
          share(measures, "kills_caught"),
          share(measures, "caught_60_s_before"),
          share(measures, "readings_caught"),
          fmt::format("{:.3f}", measures.at("average_precision").number()),
          share(measures, "survivors_alerted"),
          share(measures, "alerts")};
}

std::string key_of(const json::Reader& reader) {
  return reader.at("device_type").string() + " " + reader.at("sdk_version").string();
}

void add_truth(Page& page, const json::Reader& truth) {
  page.end_line().line(fmt::format("Against the truth: {} of {} characteristics ({}).", count(truth, "equal"),
                                   count(truth, "compared"), share(truth, "share")),
                       Tone::strong);
  for (const json::Reader& difference : truth.at("differences").items()) {
    page.line(fmt::format(R"(  {}, {}: "{}", in truth "{}")", key_of(difference),
                          difference.at("characteristic").string(), difference.at("curated").string(),
                          difference.at("truth").string()));
  }
}

void add_levels(Page& page, const json::Reader& levels) {
  Rows table = {{"readings", "told 0", "1", "2", "3", "4"}};
  const std::array<const char*, 5> words = {"level 0: no kill within five minutes", "1: within five", "2: within four",
                                            "3: within three", "4: within two"};
  const std::vector<json::Reader> rows = levels.items();
  for (std::size_t level = 0; level < std::min(rows.size(), words.size()); ++level) {
    std::vector<std::string> row = {words[level]};
    for (const json::Reader& told : rows[level].items()) row.push_back(fmt::format("{}", told.integer()));
    table.push_back(std::move(row));
  }
  page.table(table, true).end_line();
}

void add_agreement(Page& page, const json::Reader& agreement) {
  Rows table = {{"levels told", "off by, where a kill was caught", "kappa", "off by, all readings", "kappa"}};
  for (const auto& [name, of] : agreement.members()) {
    std::vector<std::string> row = {name};
    for (const char* readings : {"caught", "all"}) {
      row.push_back(fmt::format("{:.3f}", of.at(readings).at("mean_absolute_error").number()));
      row.push_back(fmt::format("{:.3f}", of.at(readings).at("kappa").number()));
    }
    table.push_back(std::move(row));
  }
  page.table(table, true).end_line();
}

}  // namespace

std::string curation_page(const std::string& text) {
  const json::Value document = json::parse(text);
  const json::Reader report(document);
  const json::Reader rows = report.at("rows");
  Page page;
  page.line(fmt::format("{} devices from {} rows.", count(report, "devices"), count(rows, "read")), Tone::strong);
  for (const auto& [name, words] : std::vector<std::pair<const char*, const char*>>{
           {"counted", "have a vote"},
           {"duplicates", "are duplicates"},
           {"test_rows", "are test rows: nobody measured some of their values"},
           {"not_wanted", "are of device types that were not asked for"},
           {"without_key", "name no device"},
           {"device_types_normalised", "wrote their device type in another way"},
           {"sdk_versions_normalised", "wrote their SDK version in another way"}}) {
    page.field(count(rows, name), words);
  }
  page.end_line();
  Rows table = {{"", "unanimous", "majority", "tie: type", "tie: smaller", "false", "secondary", "reference", "empty"}};
  for (const auto& [name, decisions] : report.at("decisions").members()) {
    std::vector<std::string> row = {name};
    for (const char* rule :
         {"unanimous", "majority", "tie_by_type", "tie_by_smaller", "false", "secondary", "reference", "indicator"}) {
      row.push_back(count(decisions, rule));
    }
    table.push_back(std::move(row));
  }
  page.table(table, true);
  if (const auto truth = report.find("truth")) add_truth(page, *truth);
  return page.str();
}

std::string training_page(const std::string& text, const std::string& outcome, bool good) {
  const json::Value document = json::parse(text);
  const json::Reader report(document);
  Page page;
  page.line(fmt::format("Model {} is {}.", report.at("version").string(), outcome), good ? Tone::good : Tone::bad);
  page.line(fmt::format("From {} sessions, {} of them killed, {} readings.", count(report, "sessions"),
                        count(report, "kills"), count(report, "readings")));
  page.end_line();
  page.table({measure_heads, measure_row("on sessions held out", report.at("held_out"))}, true);
  page.end_line();
  for (const json::Reader& audit : report.at("audits").items()) {
    const std::string& verdict = audit.at("verdict").string();
    page.text("  ").text(verdict, verdict == "passed" ? Tone::good : Tone::bad);
    page.line(fmt::format("  {}: {}", audit.at("name").string(), audit.at("words").string()));
  }
  return page.str();
}

std::string evaluation_page(const std::string& text) {
  const json::Value document = json::parse(text);
  const json::Reader report(document);
  Page page;
  page.line(fmt::format("{} sessions, {} kills; {} of {} folds; {} of the readings may alert.",
                        count(report, "sessions"), count(report, "kills"), count(report, "folds_played"),
                        count(report, "folds"), share(report, "alert_budget")),
            Tone::strong);
  Rows table = {measure_heads};
  for (const auto& [name, measures] : report.at("methods").members()) table.push_back(measure_row(name, measures));
  page.end_line().table(table, true).end_line();
  add_levels(page, report.at("levels"));
  add_agreement(page, report.at("level_agreement"));
  for (const auto& [name, better] : report.at("model_better_than").members()) {
    page.line(
        fmt::format("Better than {}, of resamples of the sessions: {} by kills, {} by kills 60 s ahead, {} by "
                    "PR-AUC, {} by survivors alerted",
                    name, share(better, "kills_caught"), share(better, "caught_60_s_before"),
                    share(better, "average_precision"), share(better, "survivors_alerted")));
  }
  return page.str();
}

std::string analysis_page(const std::string& text) {
  const json::Value document = json::parse(text);
  const json::Reader report(document);
  Page page;
  page.line(fmt::format("{} of {} sessions were killed.", count(report, "kills"), count(report, "sessions")),
            Tone::strong);
  page.end_line().line("When, in tenths of the longest session of the device type:", Tone::strong);
  Rows table = {{"", "sessions", "kills", "by tenth", "peak", "early"}};
  for (const json::Reader& type : report.at("device_types").items()) {
    std::string tenths;
    for (const json::Reader& tenth : type.at("kills_by_tenth").items()) tenths += fmt::format("{} ", tenth.integer());
    const auto peak = type.find("peak_s");
    table.push_back({type.at("device_type").string(), count(type, "sessions"), count(type, "kills"), tenths,
                     peak ? seconds(peak->number()) : "-", count(type, "early_like_crashes")});
  }
  page.table(table, true);
  page.end_line().line("Early kills that look like ordinary crashes (no alert, far from the limit before):",
                       Tone::strong);
  for (const json::Reader& kill : report.at("kills_told").items()) {
    if (!kill.at("looks_like_crash").boolean()) continue;
    page.line(fmt::format("  session {} ({}), after {}, {} of the limit in use", kill.at("session").string(),
                          kill.at("device_type").string(), seconds(kill.at("kill_s").number()),
                          share(kill, "share_of_limit")));
  }
  const json::Reader outside = report.at("outside");
  page.end_line().line("Whose demand it was:", Tone::strong);
  page.line(fmt::format("  outside grew more than the application in {} kills, the application in {}, unknown in {}",
                        count(outside, "outside"), count(outside, "own"), count(outside, "unknown")));
  if (const auto agrees = outside.find("agreement")) {
    page.line(fmt::format("  with a neighbour known to be there: {} of {} told as outside; without: {} of {}",
                          count(*agrees, "neighbour_told_outside"), count(*agrees, "neighbour"),
                          count(*agrees, "alone_told_outside"), count(*agrees, "alone")));
  }
  const json::Reader confusion = report.at("confusion");
  page.end_line().line(fmt::format("At {} alerts, sessions never seen in training:", share(report, "alert_budget")),
                       Tone::strong);
  const json::Reader readings = confusion.at("readings"), sessions = confusion.at("sessions");
  page.table({{"", "alert", "no alert"},
              {"readings before a kill", count(readings, "true_positive"), count(readings, "false_negative")},
              {"other readings", count(readings, "false_positive"), count(readings, "true_negative")},
              {"kills", count(sessions, "true_positive"), count(sessions, "false_negative")},
              {"survivors", count(sessions, "false_positive"), count(sessions, "true_negative")}},
             true);
  return page.str();
}

}  // namespace jobmedic::cli
