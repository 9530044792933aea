// The document jobmedic.patch/1.
#include "jobmedic/stored_patch.hpp"

#include <fmt/format.h>

#include <limits>

#include "core/time.hpp"
#include "json/reader.hpp"

namespace jobmedic {
namespace {

Scope parse_scope(const json::Reader& in) {
  Scope scope;
  if (const auto job = in.find("job")) scope.job = job->string();
  if (const auto engine = in.find("engine")) scope.engine = engine->string();
  if (const auto labels = in.find("labels")) scope.labels = labels->string_map();
  return scope;
}

json::Value scope_value(const Scope& scope) {
  json::Object members;
  if (scope.job) members.emplace_back("job", *scope.job);
  if (scope.engine) members.emplace_back("engine", *scope.engine);
  json::Object labels;
  for (const auto& [name, value] : scope.labels) labels.emplace_back(name, value);
  if (!labels.empty()) members.emplace_back("labels", std::move(labels));
  return members;
}

// In UTC, whatever offset it was given in: what is compared later is comparable.
std::string parse_utc(const json::Reader& in) {
  const auto time = parse_time(in.string());
  if (!time) in.expected("a time such as \"2026-11-21T03:12:00Z\"");
  return format_time(*time);
}

}  // namespace

StoredPatch StoredPatch::parse(std::string_view text) {
  const json::Value value = json::parse(text);
  const json::Reader in(value);
  in.check_schema("jobmedic.patch/1");
  StoredPatch patch;
  patch.id = in.string_or("id", "");
  if (const auto scope = in.find("scope")) patch.scope = parse_scope(*scope);
  const json::Reader operations = in.at("patch");
  for (const json::Reader& operation : operations.items()) {
    static_cast<void>(operation.at("op").string());
    static_cast<void>(operation.at("path").string());
  }
  patch.patch = json::write(operations.value());
  if (const auto priority = in.find("priority")) patch.priority = priority->integer();
  patch.layer = in.boolean_or("layer", false);
  if (const auto created = in.find("created_at")) patch.created_at = parse_utc(*created);
  patch.disabled = in.boolean_or("disabled", false);
  if (const auto activates = in.find("activates_at")) patch.activates_at = parse_utc(*activates);
  if (const auto expires = in.find("expires_at")) patch.expires_at = parse_utc(*expires);
  if (const auto uses = in.find("uses_left")) {
    patch.uses_left = uses->integer_in(0, std::numeric_limits<std::int64_t>::max());
  }
  patch.plan_hash = in.string_or("plan_hash", "");
  patch.source = in.string_or("source", "");
  patch.note = in.string_or("note", "");
  return patch;
}

std::string StoredPatch::to_json() const {
  json::Object members{{"schema", "jobmedic.patch/1"}};
  if (!id.empty()) members.emplace_back("id", id);
  members.emplace_back("scope", scope_value(scope));
  members.emplace_back("patch", json::parse(patch));
  if (priority != 0) members.emplace_back("priority", priority);
  if (layer) members.emplace_back("layer", layer);
  if (disabled) members.emplace_back("disabled", disabled);
  if (!created_at.empty()) members.emplace_back("created_at", created_at);
  if (!activates_at.empty()) members.emplace_back("activates_at", activates_at);
  if (!expires_at.empty()) members.emplace_back("expires_at", expires_at);
  if (uses_left) members.emplace_back("uses_left", *uses_left);
  if (!plan_hash.empty()) members.emplace_back("plan_hash", plan_hash);
  if (!source.empty()) members.emplace_back("source", source);
  if (!note.empty()) members.emplace_back("note", note);
  return json::write(members);
}

std::string StoredPatch::why_idle(std::string_view now) const {
  const auto time = parse_time(now);
  const auto activates = parse_time(activates_at);
  const auto expires = parse_time(expires_at);
  if (disabled) return "is disabled";
  if (uses_left && *uses_left <= 0) return "has no use left";
  if (time && expires && *expires <= *time) return fmt::format("expired at {}", expires_at);
  if (time && activates && *activates > *time) return fmt::format("is not active before {}", activates_at);
  return "";
}

bool StoredPatch::made_for_other_plan(const Attempt& attempt) const {
  return !plan_hash.empty() && !attempt.plan.empty() && plan_hash != jobmedic::plan_hash(attempt.plan);
}

}  // namespace jobmedic
