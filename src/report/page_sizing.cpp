// Right-sizing on the page: what it gave back, and what it proposes.
#include <fmt/format.h>

#include <cmath>

#include "report/page.hpp"
#include "report/words.hpp"

namespace jobmedic::reported {
namespace {

std::string gib_hours(double value) {
  return value < 10 ? fmt::format("{:.2f}", value) : number(static_cast<std::uint64_t>(std::llround(value)));
}

std::string sized_lead(const SizedRuns& sized) {
  if (sized.runs == 0) return "";
  return fmt::format("{} of {} ran with what right-sizing gave: {} {} short of memory.",
                     count_of(sized.runs, "try", "tries"), count_of(sized.jobs, "job"),
                     sized.failed == 0 ? "none" : number(sized.failed), sized.failed > 1 ? "were" : "was");
}

json::Array sized_rows(const SizedRuns& sized) {
  json::Array rows;
  const auto add = [&](const SizedJob& job, const std::string& name) {
    const bool compared = job.asked_gib_h > 0 || job.held_gib_h > 0;
    rows.push_back(json::object({{"job", name},
                                 {"runs", number(job.runs)},
                                 {"failed", number(job.failed)},
                                 {"asked", compared ? gib_hours(job.asked_gib_h) : "unknown"},
                                 {"held", compared ? gib_hours(job.held_gib_h) : "unknown"},
                                 {"saved", compared ? dollars(job.saved_gib_h() * sized.gib_hour_usd) : "unknown"}}));
  };
  for (const SizedJob& job : sized.most) add(job, cut(job.job, 100));
  if (sized.jobs > 1) add({"", sized.runs, sized.failed, sized.asked_gib_h, sized.held_gib_h}, "All jobs");
  return rows;
}

std::string sized_left_out(const SizedRuns& sized) {
  std::string words;
  if (sized.without_duration > 0) {
    words = count_of(sized.without_duration, "try", "tries") + " without a duration on record";
  }
  if (sized.jobs_not_compared > 0) {
    words += fmt::format("{}{} of which no try without a patch is on record", words.empty() ? "" : "; ",
                         count_of(sized.jobs_not_compared, "job"));
  }
  return words;
}

std::string proposals_lead(const SizeProposals& proposals) {
  if (proposals.open == 0) return "";
  return fmt::format("{} of right-sizing {}: saved in shadow mode, not in force.",
                     count_of(proposals.open, "proposal", "proposals"),
                     proposals.open == 1 ? "waits for a nod" : "wait for a nod");
}

json::Array proposal_rows(const SizeProposals& proposals) {
  json::Array rows;
  for (const SizeProposal& proposal : proposals.most) {
    json::Array settings;
    for (const SizeProposal::Setting& setting : proposal.settings) {
      settings.push_back(json::object({{"parameter", cut(setting.parameter, 60)},
                                       {"before", setting.before.empty() ? "?" : cut(setting.before, 20)},
                                       {"after", cut(setting.after, 20)}}));
    }
    const bool known = proposal.asked_gib_h > 0;
    rows.push_back(json::object({{"job", cut(proposal.job, 100)},
                                 {"settings", std::move(settings)},
                                 {"asked", known ? gib_hours(proposal.asked_gib_h) : "unknown"},
                                 {"proposed", known ? gib_hours(proposal.proposed_gib_h) : "unknown"},
                                 {"patch", cut(proposal.patch, 40)}}));
  }
  return rows;
}

}  // namespace

json::Object sizing_view(const Report& report) {
  return {{"sized_lead", sized_lead(report.sized)},
          {"sized_rows", sized_rows(report.sized)},
          {"sized_left_out", sized_left_out(report.sized)},
          {"gib_hour", fmt::format("${:g}", report.sized.gib_hour_usd)},
          {"proposals_lead", proposals_lead(report.proposals)},
          {"proposal_rows", proposal_rows(report.proposals)}};
}

}  // namespace jobmedic::reported
