#include "cli/rightsize_page.hpp"

#include <fmt/format.h>

#include "cli/page.hpp"

namespace jobmedic::cli {
namespace {

std::string saved(const Rightsizing& answer) {
  if (answer.mode == "shadow" && !answer.patch_id.empty()) {
    return fmt::format("proposed as patch {0}: jobmedic config enable {0} puts it in force", answer.patch_id);
  }
  if (!answer.patch_id.empty()) return "saved as patch " + answer.patch_id;
  return answer.mode == "dry_run" ? "nothing was saved (--apply saves it)" : "";
}

}  // namespace

std::string rightsize_page(const std::vector<Rightsizing>& answers) {
  Page page;
  for (const Rightsizing& answer : answers) {
    page.line(answer.job + (answer.decision == "patch" ? ":" : ": as it is."), Tone::strong);
    if (answer.settings.empty()) page.paragraph(answer.reason);
    std::vector<std::vector<std::string>> rows{{"", "has", "should have", "fails with", "runs"}};
    for (const Rightsizing::Setting& setting : answer.settings) {
      const bool kept = setting.decision == "keep";
      rows.push_back({setting.parameter, setting.before.empty() ? "?" : setting.before,
                      kept ? "the same" : setting.after, kept ? "" : percent(setting.failure_probability),
                      std::to_string(setting.runs)});
    }
    if (rows.size() > 1) page.table(rows, true);
    for (const Rightsizing::Setting& setting : answer.settings) {
      page.paragraph(setting.parameter + ": " + setting.reason);
    }
    if (answer.decision == "patch") page.line("  " + saved(answer));
    page.line("");
  }
  if (answers.empty()) page.line("The store has no attempts.");
  return page.str();
}

}  // namespace jobmedic::cli
