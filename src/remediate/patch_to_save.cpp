#include "remediate/patch_to_save.hpp"

#include <fmt/format.h>

#include <set>

#include "jobmedic/error.hpp"
#include "jobmedic/patch.hpp"
#include "json/value.hpp"
#include "remediate/allowed.hpp"

namespace jobmedic {
namespace {

constexpr std::chrono::hours kept_for{7 * 24};

// Did the attempt run with this patch? Then applying it again changes nothing.
bool ran_with(const Attempt& failed, const StoredPatch& patch, const Space& space) {
  try {
    if (!unfit(patch, failed, space).empty()) return false;
    return json::parse(apply_patch(failed.config, patch.patch)) == json::parse(failed.config);
  } catch (const Error&) {
    return false;
  }
}

const std::string& path_of(const json::Value& operation) {
  return *operation.find("path")->as<std::string>();  // a patch that was applied has one
}

}  // namespace

std::string one_after_the_other(const std::string& first, const std::string& second) {
  const json::Value later = json::parse(second);
  std::set<std::string> overwritten;
  for (const json::Value& operation : *later.as<json::Array>()) overwritten.insert(path_of(operation));
  json::Value earlier = json::parse(first);
  json::Array operations = std::move(*earlier.as<json::Array>());
  std::erase_if(operations, [&](const json::Value& operation) { return overwritten.contains(path_of(operation)); });
  for (const json::Value& operation : *later.as<json::Array>()) operations.push_back(operation);
  return json::write(operations);
}

StoredPatch patch_to_save(const Attempt& failed, const Recommendation& recommendation,
                          const std::vector<StoredPatch>& earlier, const Space& space, TimePoint now) {
  StoredPatch patch;
  patch.scope.job = failed.job;
  patch.scope.engine = failed.engine;
  patch.patch = recommendation.patch;
  // The last one applied alone, and the new one will: what it changed must not be lost. Layers apply either way.
  if (!earlier.empty() && !earlier.back().layer && ran_with(failed, earlier.back(), space)) {
    patch.patch = one_after_the_other(earlier.back().patch, recommendation.patch);
  }
  patch.created_at = format_time(now);
  patch.plan_hash = plan_hash(failed.plan);
  patch.expires_at = format_time(now + kept_for);
  patch.source = patch_source::recommendation;
  patch.note = fmt::format("after attempt {} of run {}", failed.attempt, failed.run);
  return patch;
}

}  // namespace jobmedic
