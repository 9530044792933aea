#include "store/scope.hpp"

#include <algorithm>

#include "core/hash.hpp"
#include "json/reader.hpp"
#include "json/value.hpp"

namespace jobmedic {
namespace {

constexpr std::string_view job_member = "/job";
constexpr std::string_view label_prefix = "/labels/";

std::string label_pointer(std::string_view name) {
  return std::string(label_prefix) + json::escape_pointer_token(name);
}

// Written as JSON so that no value can be taken for the border between two members.
std::string part(const std::string& member, const std::string& value) {
  return json::write(member) + ',' + json::write(value);
}

}  // namespace

bool Scope::matches(const Attempt& attempt) const {
  if (job && *job != attempt.job) return false;
  if (engine && *engine != attempt.engine) return false;
  return std::all_of(labels.begin(), labels.end(), [&](const auto& label) {
    const auto found = attempt.labels.find(label.first);
    return found != attempt.labels.end() && found->second == label.second;
  });
}

ScopeKind kind_of(const Scope& scope) {
  ScopeKind kind;
  if (scope.engine) kind.emplace_back("/engine");
  if (scope.job) kind.emplace_back(job_member);
  for (const auto& [name, value] : scope.labels) kind.push_back(label_pointer(name));
  std::sort(kind.begin(), kind.end());
  return kind;
}

bool names_job(const ScopeKind& kind) {
  return std::binary_search(kind.begin(), kind.end(), job_member);
}

std::string write_kind(const ScopeKind& kind) {
  json::Array members(kind.begin(), kind.end());
  return json::write(members);
}

ScopeKind parse_kind(std::string_view text) {
  return json::Reader(json::parse(text)).strings();
}

ScopeKeys::ScopeKeys(const Attempt& attempt) {
  const auto add = [&](const std::string& member, const std::string& value) {
    parts_.emplace(member, part(member, value));
  };
  add(std::string(job_member), attempt.job);
  add("/engine", attempt.engine);
  for (const auto& [name, value] : attempt.labels) add(label_pointer(name), value);
}

std::optional<std::string> ScopeKeys::find(const ScopeKind& kind) const {
  std::string pairs = "[";
  for (const std::string& member : kind) {
    const auto found = parts_.find(member);
    if (found == parts_.end()) return std::nullopt;
    if (pairs.size() > 1) pairs += ',';
    pairs += found->second;
  }
  return hash128_hex(pairs += ']');
}

std::string key_of(const Scope& scope) {
  Attempt same;
  same.job = scope.job.value_or("");
  same.engine = scope.engine.value_or("");
  same.labels = scope.labels;
  return *ScopeKeys(same).find(kind_of(scope));
}

}  // namespace jobmedic
