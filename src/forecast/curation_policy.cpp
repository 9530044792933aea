#include "forecast/curation_policy.hpp"

#include <algorithm>

#include "core/embedded.hpp"
#include "json/reader.hpp"

namespace jobmedic::forecast {
namespace {

WhenMissing way_of(const json::Reader& reader) {
  const std::string& name = reader.string();
  if (name == "false") return WhenMissing::false_value;
  if (name == "secondary") return WhenMissing::secondary;
  if (name == "reference") return WhenMissing::reference;
  reader.expected(R"("false", "secondary" or "reference")");
}

}  // namespace

CurationPolicy CurationPolicy::parse(std::string_view text) {
  const json::Value document = json::parse(text.empty() ? embedded::curation().front().text : text);
  const json::Reader reader(document);
  reader.check_schema("jobmedic.curation/1");
  CurationPolicy policy;
  for (const std::string& name : reader.at("ignored").strings()) policy.ignored.insert(name);
  for (const std::string& value : reader.at("placeholders").strings()) policy.placeholders.insert(value);
  for (const auto& [name, ways] : reader.at("missing").members()) {
    for (const json::Reader& way : ways.items()) policy.missing[name].push_back(way_of(way));
  }
  return policy;
}

bool CurationPolicy::uses(const std::string& characteristic, WhenMissing way) const {
  const auto found = missing.find(characteristic);
  return found != missing.end() && std::find(found->second.begin(), found->second.end(), way) != found->second.end();
}

}  // namespace jobmedic::forecast
