#include "remediate/config_answer.hpp"

#include <algorithm>

#include "jobmedic/error.hpp"
#include "jobmedic/patch.hpp"
#include "json/value.hpp"
#include "remediate/allowed.hpp"

namespace jobmedic {
namespace {

// Applies `patch` to the configuration; returns why not, or nothing.
std::string apply_to(std::string& config, const StoredPatch& patch, const Attempt& attempt, const Space& space) {
  try {
    if (std::string reason = unfit(patch, attempt, space); !reason.empty()) return reason;
    std::string mutated = apply_patch(config, patch.patch);
    if (std::string reason = overreach(config, mutated, space); !reason.empty()) return reason;
    config = std::move(mutated);
    return "";
  } catch (const Error& error) {
    return error.what();
  }
}

bool apply(const StoredPatch& patch, const Attempt& attempt, const Space& space, ConfigAnswer& answer) {
  std::string reason = apply_to(answer.config, patch, attempt, space);
  if (reason.empty()) {
    answer.applied.push_back(patch.id);
    return true;
  }
  answer.skipped.push_back({patch.id, std::move(reason)});
  return false;
}

}  // namespace

ConfigAnswer mutate(const Attempt& attempt, const Candidates& candidates, const Space& space) {
  const auto& heads = candidates.heads();
  std::vector<ConfigAnswer::Skipped> skipped;
  for (std::size_t last = heads.size(); last-- > 0;) {
    ConfigAnswer answer{attempt.config, {}, skipped};
    for (std::size_t i = 0; i < last; ++i) {
      if (heads[i].layer) apply(candidates.read(i), attempt, space, answer);
    }
    if (apply(candidates.read(last), attempt, space, answer)) return answer;
    skipped.push_back(answer.skipped.back());
  }
  return {attempt.config, {}, std::move(skipped)};
}

std::string ConfigAnswer::to_json() const {
  json::Array applied_ids(applied.begin(), applied.end());
  json::Array skipped_patches;
  for (const Skipped& patch : skipped) {
    skipped_patches.emplace_back(json::object({{"id", patch.id}, {"reason", patch.reason}}));
  }
  json::Object members{{"schema", "jobmedic.config/1"},
                       {"config", json::parse(config)},
                       {"applied", std::move(applied_ids)},
                       {"skipped", std::move(skipped_patches)}};
  if (stopped) members.emplace_back("stopped", json::parse(stopped->to_json()));
  return json::write(members);
}

}  // namespace jobmedic
