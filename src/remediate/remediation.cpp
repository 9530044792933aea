// The document jobmedic.remediation/1.
#include "jobmedic/engine.hpp"
#include "json/value.hpp"

namespace jobmedic {
namespace {

json::Value value_of(const RetryDecision& retry) {
  return json::object({{"restart", retry.restart}, {"after_s", retry.after_s}, {"reason", retry.reason}});
}

}  // namespace

std::string Remediation::to_json() const {
  json::Object members{{"schema", "jobmedic.remediation/1"}, {"classification", json::parse(classification.to_json())}};
  if (recommendation) members.emplace_back("recommendation", json::parse(recommendation->to_json()));
  if (!telling.empty()) {
    json::Array lines;
    for (const TellingLine& line : telling) lines.push_back(json::parse(line.to_json()));
    members.emplace_back("telling", std::move(lines));
  }
  if (stopped) members.emplace_back("stopped", json::parse(stopped->to_json()));
  if (!patch_id.empty()) members.emplace_back("patch_id", patch_id);
  if (mode != "act") members.emplace_back("mode", mode);
  if (would) members.emplace_back("would", value_of(*would));
  if (quarantined) members.emplace_back("quarantined", true);
  members.emplace_back("retry", value_of(retry));
  return json::write(members);
}

std::string Collection::to_json() const {
  json::Object members{{"schema", "jobmedic.collection/1"}, {"classification", json::parse(classification.to_json())}};
  if (attempt) members.emplace_back("attempt", json::parse(attempt->to_json()));
  return json::write(members);
}

}  // namespace jobmedic
