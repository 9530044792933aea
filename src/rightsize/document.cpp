#include "jobmedic/rightsize.hpp"
#include "json/reader.hpp"

namespace jobmedic {

RightsizePolicy RightsizePolicy::parse(std::string_view text) {
  const json::Value value = json::parse(text);
  const json::Reader in(value);
  RightsizePolicy policy;
  const auto read = [&](const char* name, double least, double most, double& into) {
    if (const auto member = in.find(name)) into = member->number_in(least, most);
  };
  const auto count = [&](const char* name, std::int64_t least, std::int64_t most, int& into) {
    if (const auto member = in.find(name)) into = static_cast<int>(member->integer_in(least, most));
  };
  read("max_failure_probability", 0, 1, policy.max_failure_probability);
  read("max_slowdown", 1, 100, policy.max_slowdown);
  read("max_headroom", 1, 100, policy.max_headroom);
  read("most_shrink", 0.01, 1, policy.most_shrink);
  read("close_share", 0.1, 1, policy.close_share);
  read("failure_price_gbh", 0, 1e6, policy.failure_price_gbh);
  read("failure_price_runs", 0, 1e6, policy.failure_price_runs);
  read("growth", 1, 16, policy.growth);
  count("least_runs", 2, 100, policy.least_runs);
  count("keep_days", 1, 36'600, policy.keep_days);
  return policy;
}

std::string Rightsizing::to_json() const {
  json::Array all;
  for (const Setting& setting : settings) {
    all.emplace_back(json::object({{"parameter", setting.parameter},
                                   {"decision", setting.decision},
                                   {"before", setting.before},
                                   {"after", setting.after},
                                   {"peak", setting.peak},
                                   {"failure_probability", setting.failure_probability},
                                   {"runs", setting.runs},
                                   {"reason", setting.reason}}));
  }
  json::Object members{{"schema", "jobmedic.rightsizing/1"},
                       {"job", job},
                       {"decision", decision},
                       {"reason", reason},
                       {"mode", mode},
                       {"settings", std::move(all)},
                       {"patch", json::parse(patch)}};
  if (!patch_id.empty()) members.emplace_back("patch_id", patch_id);
  return json::write(members);
}

}  // namespace jobmedic
