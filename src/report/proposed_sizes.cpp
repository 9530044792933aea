#include "report/proposed_sizes.hpp"

#include <algorithm>

#include "jobmedic/error.hpp"
#include "jobmedic/patch.hpp"
#include "report/memory_settings.hpp"

namespace jobmedic::reported {
namespace {

// A proposal that cannot be applied to what the job has now changes nothing.
json::Value with_patch(const std::string& config, const std::string& patch) {
  try {
    return json::parse(apply_patch(config, patch));
  } catch (const Error&) {
    return json::parse(config);
  }
}

}  // namespace

SizingPatches read_sizing_patches(const Store& store) {
  SizingPatches found;
  store.each_patch([&](const StoredPatch& patch) {
    if (!patch.damage.empty() || !patch.sizes() || !patch.scope.job) return;
    found.jobs.insert(*patch.scope.job);
    if (patch.proposed()) found.proposals.insert_or_assign(*patch.scope.job, patch);
  });
  return found;
}

void ProposedSizes::add(const Run& run) {
  const std::string& job = run.tries.front().attempt->job;
  if (!proposals_.contains(job)) return;
  for (const Try& it : run.tries) {
    Latest& latest = latest_[job];
    if (!it.ended() || (latest.started && it.started < latest.started)) continue;
    latest = {it.attempt->engine, it.attempt->config, it.started, it.attempt->duration_s.value_or(0) / 3600};
  }
}

void ProposedSizes::tell(std::string_view now, std::size_t top, SizeProposals& to) const {
  for (const auto& [job, patch] : proposals_) {
    StoredPatch enabled = patch;
    enabled.disabled = false;
    if (!enabled.why_idle(now).empty()) continue;
    ++to.open;
    SizeProposal proposal{job, patch.id, {}, 0, 0, patch.note};
    const auto found = latest_.find(job);
    const Latest latest = found == latest_.end() ? Latest{"", "{}", {}, 0} : found->second;
    const json::Value before = json::parse(latest.config);
    const json::Value after = with_patch(latest.config, patch.patch);
    const MemorySettings memory(latest.engine);
    for (const auto& [parameter, value] : settings_of(patch.patch)) {
      proposal.settings.push_back({parameter, written(before, parameter), value});
      const auto asked = memory.gib(before, parameter);
      const auto proposed = memory.gib(after, parameter);
      if (!asked || !proposed) continue;
      const double hours = latest.hours * copies(before);
      proposal.asked_gib_h += *asked * hours;
      proposal.proposed_gib_h += *proposed * hours;
    }
    to.most.push_back(std::move(proposal));
  }
  const auto saves = [](const SizeProposal& proposal) { return proposal.asked_gib_h - proposal.proposed_gib_h; };
  std::stable_sort(to.most.begin(), to.most.end(), [&](const auto& a, const auto& b) { return saves(a) > saves(b); });
  if (to.most.size() > top) to.most.erase(to.most.begin() + static_cast<std::ptrdiff_t>(top), to.most.end());
}

}  // namespace jobmedic::reported
