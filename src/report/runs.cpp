#include "report/runs.hpp"

#include <algorithm>
#include <map>
#include <string_view>

namespace jobmedic::reported {

void RunReader::finish() {
  if (open_.empty()) return;
  std::vector<const Attempt*> run;
  for (const Attempt& attempt : open_) run.push_back(&attempt);
  visit_(run);
  open_.clear();
}

void RunReader::add(std::span<const Attempt> part) {
  if (part.empty()) return;
  if (!open_.empty() && open_.front().job != part.front().job) finish();
  const std::vector<Attempt> before = std::move(open_);
  open_.clear();
  std::map<std::string_view, std::vector<const Attempt*>> runs;
  for (const Attempt& attempt : before) runs[attempt.run].push_back(&attempt);
  for (const Attempt& attempt : part) runs[attempt.run].push_back(&attempt);
  for (auto& [name, run] : runs) {
    std::sort(run.begin(), run.end(), [](const Attempt* a, const Attempt* b) { return a->attempt < b->attempt; });
    if (name == part.back().run) {
      for (const Attempt* attempt : run) open_.push_back(*attempt);
    } else {
      visit_(run);
    }
  }
}

}  // namespace jobmedic::reported
