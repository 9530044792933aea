#include "store/scope.hpp"

#include <algorithm>

#include "core/hash.hpp"
#include "json/reader.hpp"
#include "json/value.hpp"

namespace jobmedic {
namespace {

constexpr std::string_view label_prefix = "/labels/";

std::string label_pointer(std::string_view name) {
  return std::string(label_prefix) + json::escape_pointer_token(name);
}

// Written as JSON so that no value can be taken for the border between two members.
std::string key(const json::Array& members_and_values) {
  return hash128_hex(json::write(members_and_values));
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
  if (scope.job) kind.emplace_back("/job");
  for (const auto& [name, value] : scope.labels) kind.push_back(label_pointer(name));
  std::sort(kind.begin(), kind.end());
  return kind;
}

std::string write_kind(const ScopeKind& kind) {
  json::Array members(kind.begin(), kind.end());
  return json::write(members);
}

ScopeKind parse_kind(std::string_view text) {
  return json::Reader(json::parse(text)).strings();
}

std::optional<std::string> key_of(const ScopeKind& kind, const Attempt& attempt) {
  std::map<std::string, const std::string*> labels;
  for (const auto& [name, value] : attempt.labels) labels.emplace(label_pointer(name), &value);
  json::Array pairs;
  for (const std::string& member : kind) {
    const std::string* value = nullptr;
    if (member == "/job") value = &attempt.job;
    if (member == "/engine") value = &attempt.engine;
    if (const auto label = labels.find(member); label != labels.end()) value = label->second;
    if (value == nullptr) return std::nullopt;
    pairs.emplace_back(member);
    pairs.emplace_back(*value);
  }
  return key(pairs);
}

std::string key_of(const Scope& scope) {
  Attempt same;
  same.job = scope.job.value_or("");
  same.engine = scope.engine.value_or("");
  same.labels = scope.labels;
  return *key_of(kind_of(scope), same);
}

}  // namespace jobmedic
