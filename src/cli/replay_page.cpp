#include "cli/replay_page.hpp"

#include <fmt/format.h>

#include <vector>

#include "cli/page.hpp"
#include "json/reader.hpp"

namespace jobmedic::cli {
namespace {

using Rows = std::vector<std::vector<std::string>>;

std::string precise_percent(double share) {
  return fmt::format("{:.1f} %", 100 * share);
}

std::string interval(const json::Reader& pair, double unit) {
  const auto ends = pair.items();
  return fmt::format("[{:.3g}, {:.3g}]", unit * ends.at(0).number(), unit * ends.at(1).number());
}

void opening(Page& page, const json::Reader& in) {
  const auto count = [&](const char* name) { return in.at(name).integer(); };
  page.line(fmt::format("{} failures of {} jobs, each with up to {} retries.", count("failures"), count("jobs"),
                        count("tries")),
            Tone::strong);
  if (count("unanswered") > 0) {
    page.line(fmt::format("  {} of {} recorded failures are left out: what would have healed them is not on record.",
                          count("unanswered"), count("recorded_failures")));
  }
  if (count("drawn_from_peaks") > 0) {
    page.line(fmt::format(
        "  {} were drawn from recorded peaks: given log-uniform in [peak/8, peak), they fail and last as recorded.",
        count("drawn_from_peaks")));
  }
  if (count("peaks_too_small") > 0) {
    page.line(fmt::format("  {} peaks are too small: an eighth of them is less than the space permits.",
                          count("peaks_too_small")));
  }
  if (count("healable") < count("failures")) {
    page.line(fmt::format("  {} of them could be healed; the shares are of these.", count("healable")));
  }
  page.line("");
}

void policies(Page& page, const json::Reader& in) {
  Rows rows = {{"", "healed at first", fmt::format("within {}", in.at("tries").integer()), "cost / oracle",
                "cost / unchanged", "rightly", "wrongly disabled"}};
  for (const json::Reader& row : in.at("rows").items()) {
    rows.push_back({row.at("words").string(), precise_percent(row.at("healed_at_first").number()),
                    precise_percent(row.at("healed").number()),
                    fmt::format("{:.2f}", row.at("cost_over_oracle").number()),
                    fmt::format("{:.2f}", row.at("cost_over_unchanged").number()),
                    fmt::format("{}", row.at("rightly_disabled").number()),
                    fmt::format("{}", row.at("wrongly_disabled").number())});
  }
  page.table(rows, true);
  page.line("");
  page.line(fmt::format("  oracle: the cheapest recorded {} that works; unchanged: all retries as they were.",
                        in.at("memory").string()));
  page.line("  Netflix reports 56 % of all memory-configuration failures healed without a human.");
}

void beyond(Page& page, const json::Reader& in) {
  for (const json::Reader& item : in.at("beyond").items()) {
    const bool yes = item.at("beyond").boolean();
    const bool with_fallback = item.at("frontier").string() == "with_fallback";
    page.line(fmt::format("  {}: heals {:+.1f} points {} {} the frontier of {}; above it in {:.0f} % of resamples{}.",
                          item.at("knows").string(), 100 * item.at("healed_at_first_above_frontier").number(),
                          interval(item.at("interval"), 100), yes ? "beyond" : "from",
                          with_fallback ? "these and our own fallback" : "all fixed baselines",
                          100 * item.at("share_of_resamples").number(), yes ? "" : ": undecided"),
              yes ? Tone::good : Tone::plain);
  }
}

void calibration(Page& page, const json::Reader& in, const std::string& knows) {
  page.line("");
  page.line(fmt::format(
      "Calibration, {}: debiased error {:.3f} {} on {} out-of-fold examples of {} jobs; {} (good: at most {})", knows,
      in.at("debiased_error").number(), interval(in.at("interval"), 1), in.at("examples").integer(),
      in.at("jobs").integer(), in.at("verdict").string(), in.at("acceptable").number()));
  Rows rows = {{"failures", "predicted", "observed"}};
  for (const json::Reader& bin : in.at("bins").items()) {
    rows.push_back({fmt::format("{:.1f}", bin.at("weight").number()), precise_percent(bin.at("predicted").number()),
                    precise_percent(bin.at("observed").number())});
  }
  page.table(rows, true);
}

}  // namespace

std::string replay_page(const std::string& document) {
  const json::Value value = json::parse(document);
  const json::Reader in(value);
  Page page;
  opening(page, in);
  policies(page, in);
  beyond(page, in);
  if (const auto tables = in.find("calibration")) {
    page.line(fmt::format("  {} of the failures have earlier runs of their job on record, which the warm model reads.",
                          in.at("with_earlier_runs").integer()));
    calibration(page, tables->at("cold"), "cold");
    calibration(page, tables->at("warm"), "warm");
  }
  return page.str();
}

}  // namespace jobmedic::cli
