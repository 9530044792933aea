#include "jobmedic/changes.hpp"

#include <fmt/format.h>

#include "json/value.hpp"

namespace jobmedic {

std::string Change::to_json() const {
  json::Object members{{"schema", "jobmedic.change/1"}, {"number", number}, {"at", at}, {"by", by}, {"action", action}};
  if (!reason.empty()) members.emplace_back("reason", reason);
  if (!patch.empty()) members.emplace_back("patch", patch);
  if (!before.empty()) members.emplace_back("before", json::parse(before));
  if (!after.empty()) members.emplace_back("after", json::parse(after));
  return json::write(members);
}

std::string changes_document(const std::vector<Change>& changes) {
  json::Array documents;
  for (const Change& change : changes) documents.push_back(json::parse(change.to_json()));
  return json::write(json::object({{"schema", "jobmedic.changes/1"}, {"changes", std::move(documents)}}));
}

std::string Automation::document() const {
  return json::write(json::object(
      {{"schema", "jobmedic.automation/1"}, {"stopped", stopped}, {"since", since}, {"by", by}, {"reason", reason}}));
}

std::string Automation::to_json() const {
  return json::write(json::object({{"since", since}, {"by", by}, {"reason", reason}}));
}

std::string Automation::words() const {
  return fmt::format("automation is {} since {} by {}{}{}", stopped ? "stopped" : "at work", since, by,
                     reason.empty() ? "" : ": ", reason);
}

}  // namespace jobmedic
