// Merge patch (RFC 7396).
#include <string_view>
#include <unordered_map>
#include <vector>

#include "jobmedic/patch.hpp"
#include "json/value.hpp"

namespace jobmedic {
namespace {

using json::Object;
using json::Value;

void merge(Value& target, Value patch);

void merge_members(Object& members, Object&& changes) {
  members.reserve(members.size() + changes.size());  // so that the names stay where the index sees them
  std::unordered_map<std::string_view, std::size_t> index;
  for (std::size_t i = 0; i < members.size(); ++i) index.emplace(members[i].first, i);
  std::vector<bool> removed(members.size());
  for (auto& [name, change] : changes) {
    const auto found = index.find(name);
    if (found != index.end() && change.is_null()) {
      removed[found->second] = true;
    } else if (found != index.end()) {
      merge(members[found->second].second, std::move(change));
    } else if (!change.is_null()) {
      members.emplace_back(std::move(name), Value());
      merge(members.back().second, std::move(change));
    }
  }
  std::size_t next = 0;
  std::erase_if(members, [&](const auto&) { return next < removed.size() && removed[next++]; });
}

// Recursion is bounded: parse() refuses what is deeper than json::max_depth, and merging makes nothing deeper than the
// deeper of the two.
void merge(Value& target, Value patch) {
  auto* changes = patch.as<Object>();
  if (changes == nullptr) {
    target = std::move(patch);
    return;
  }
  if (target.as<Object>() == nullptr) target = Object();
  merge_members(*target.as<Object>(), std::move(*changes));
}

}  // namespace

std::string apply_merge_patch(std::string_view document, std::string_view patch) {
  Value merged = json::parse_named("document", document);
  merge(merged, json::parse_named("patch", patch));
  return json::write(merged);
}

}  // namespace jobmedic
