#include <fmt/format.h>

#include <map>
#include <vector>

#include "cli/page.hpp"
#include "cli/rightsize_page.hpp"
#include "json/reader.hpp"

namespace jobmedic::cli {
namespace {

const std::map<std::string, const char*, std::less<>> words{{"presets", "presets"},
                                                            {"witt_percentile", "Witt 95 %"},
                                                            {"witt_lr_all", "Witt LR, all"},
                                                            {"witt_lr_under", "LR, under"},
                                                            {"tovar", "Tovar"},
                                                            {"witt_low_wastage", "low-wastage"},
                                                            {"jobmedic", "jobmedic"}};

std::string cell(double gbh, std::int64_t failures) {
  return fmt::format("{} ({})", gbh < 100 ? fmt::format("{:.1f}", gbh) : fmt::format("{:.0f}", gbh), failures);
}

// What was foretold of each first try, beside what came.
void add_calibration(Page& page, const json::Reader& bins) {
  std::vector<std::vector<std::string>> rows{{"foretold to fail", "tasks", "expected", "failed"}};
  for (const json::Reader& bin : bins.items()) {
    rows.push_back({fmt::format("{:g} to {:g} %", 100 * bin.at("from").number(), 100 * bin.at("to").number()),
                    std::to_string(bin.at("tasks").integer()), fmt::format("{:.1f}", bin.at("expected").number()),
                    std::to_string(bin.at("failed").integer())});
  }
  page.table(rows, true);
}

std::string named(const json::Reader& method) {
  const std::string& name = method.at("method").string();
  const auto found = words.find(name);
  return found == words.end() ? name : found->second;
}

}  // namespace

std::string rightsize_replay_page(const std::string& document) {
  const json::Value value = json::parse(document);
  const json::Reader in(value);
  Page page;
  page.line("Memory wasted, in GB x hours (failed tries): 30 % of a process's tasks as history, 70 % online.",
            Tone::strong);
  page.line("");
  std::vector<std::vector<std::string>> rows;
  for (const json::Reader& replay : in.at("replays").items()) {
    if (rows.empty()) {
      rows.push_back({"", "seed"});
      for (const json::Reader& method : replay.at("methods").items()) rows[0].push_back(named(method));
    }
    std::vector<std::string> row{replay.at("workflow").string(), std::to_string(replay.at("seed").integer())};
    for (const json::Reader& method : replay.at("methods").items()) {
      row.push_back(cell(method.at("wastage_gbh").number(), method.at("failures").integer()));
    }
    rows.push_back(std::move(row));
  }
  const json::Reader summary = in.at("summary");
  std::vector<std::string> row{"geometric mean", ""};
  for (const json::Reader& method : summary.at("methods").items()) {
    row.push_back(cell(method.at("wastage_gbh_geometric_mean").number(), method.at("failures").integer()));
  }
  rows.push_back(std::move(row));
  page.table(rows, true);
  page.line("");
  const std::string& best = summary.at("best_baseline").string();
  page.line(fmt::format("  {:.2f} of the best baseline over all ({}); in the median replay {:.2f} of that one's best.",
                        summary.at("of_best_baseline").number(), words.contains(best) ? words.at(best) : best,
                        summary.at("of_best_baseline_of_the_workflow_median").number()),
            Tone::good);
  for (const json::Reader& workflow : summary.at("failures").items()) {
    page.line(fmt::format("  {}: {} tries of ours failed, {} of Witt LR over all errors.",
                          workflow.at("workflow").string(), workflow.at("jobmedic").integer(),
                          workflow.at("witt_lr_all").integer()));
  }
  page.line("");
  add_calibration(page, in.at("calibration"));
  page.line("");
  page.line(
      fmt::format("  {:.0f} us of CPU time a decision with its update.", 1e6 * in.at("cpu_s_per_decision").number()));
  return page.str();
}

}  // namespace jobmedic::cli
