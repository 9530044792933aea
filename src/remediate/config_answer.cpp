#include "remediate/config_answer.hpp"

#include <algorithm>

#include "jobmedic/error.hpp"
#include "jobmedic/patch.hpp"
#include "json/value.hpp"
#include "remediate/allowed.hpp"

namespace jobmedic {
namespace {

// Why a patch can not even be tried; empty: it can.
std::string unfit(const StoredPatch& patch, const Space& space) {
  if (!patch.damage.empty()) return "its row in the store is damaged: " + patch.damage;
  return objection(patch.patch, space);
}

// Applies `patch` to the answer's configuration, or says in `skipped` why not.
bool apply(const StoredPatch& patch, ConfigAnswer& answer) {
  try {
    answer.config = apply_patch(answer.config, patch.patch);
    answer.applied.push_back(patch.id);
    return true;
  } catch (const Error& error) {
    answer.skipped.push_back({patch.id, error.what()});
    return false;
  }
}

}  // namespace

ConfigAnswer mutate(const Attempt& attempt, std::vector<StoredPatch> candidates, const Space& space) {
  std::vector<ConfigAnswer::Skipped> skipped;
  std::erase_if(candidates, [&](const StoredPatch& patch) {
    const std::string reason = unfit(patch, space);
    if (!reason.empty()) skipped.push_back({patch.id, reason});
    return !reason.empty();
  });
  const auto begin = candidates.begin();
  for (auto last = candidates.end(); last != begin; --last) {
    ConfigAnswer answer{attempt.config, {}, skipped};
    std::for_each(begin, last - 1, [&](const StoredPatch& patch) {
      if (patch.layer) apply(patch, answer);
    });
    if (apply(*(last - 1), answer)) return answer;
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
  return json::write(json::object({{"schema", "jobmedic.config/1"},
                                   {"config", json::parse(config)},
                                   {"applied", std::move(applied_ids)},
                                   {"skipped", std::move(skipped_patches)}}));
}

}  // namespace jobmedic
