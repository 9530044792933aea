#include "recommend/remedies.hpp"

#include <algorithm>

#include "core/embedded.hpp"
#include "core/glob.hpp"
#include "jobmedic/error.hpp"
#include "json/reader.hpp"

namespace jobmedic::recommender {
namespace {

constexpr double largest_factor = 1024;
constexpr double largest_size = 1e12;

Direction parse_direction(const json::Reader& in) {
  if (in.string() == "up") return Direction::up;
  if (in.string() == "down") return Direction::down;
  if (in.string() == "any") return Direction::any;
  in.expected(R"("up", "down" or "any")");
}

Change parse_change(const json::Reader& in) {
  Change change;
  change.parameter = in.at("parameter").string();
  if (const auto times = in.find("times")) change.times = times->number_in(1, largest_factor);
  if (const auto plus = in.find("plus")) change.plus = plus->number_in(0, largest_size);
  if (const auto least = in.find("at_least")) change.at_least = least->number_in(0, largest_size);
  if (const auto search = in.find("search")) change.search = parse_direction(*search);
  return change;
}

Remedy parse_remedy(const json::Reader& in) {
  Remedy remedy;
  if (const auto rules = in.find("rules")) remedy.rules = rules->strings();
  if (const auto when = in.find("when")) {
    for (const auto& [key, globs] : when->members()) remedy.when.emplace(key, globs.strings());
  }
  remedy.what = in.at("what").string();
  remedy.peak_metric = in.string_or("peak", "");
  remedy.gc_metric = in.string_or("gc", "");
  remedy.why_not = in.string_or("why", "");
  for (const json::Reader& item : in.at("parameters").items()) remedy.changes.push_back(parse_change(item));
  if (remedy.changes.empty() && remedy.why_not.empty())
    in.fail("needs parameters, or the reason \"why\" there are none");
  return remedy;
}

Follower parse_follower(const json::Reader& in) {
  return {in.at("parameter").string(), in.at("of").string(), in.at("share").number_in(0, largest_factor),
          in.string_or("share_key", "")};
}

Process parse_process(const json::Reader& in) {
  return {in.at("memory").strings(), in.string_or("cores", ""), in.string_or("copies_key", "")};
}

}  // namespace

bool Remedy::covers(std::string_view rule) const {
  return std::any_of(rules.begin(), rules.end(), [&](const auto& glob) { return glob_matches(glob, rule); });
}

Remedies Remedies::parse(std::string_view text) {
  const json::Value value = json::parse(text);
  const json::Reader in(value);
  in.check_schema("jobmedic.fallback/1");
  Remedies remedies;
  remedies.unclassified = parse_remedy(in.at("unclassified"));
  for (const json::Reader& item : in.at("remedies").items()) remedies.list.push_back(parse_remedy(item));
  for (const json::Reader& item : in.at("follows").items()) remedies.followers.push_back(parse_follower(item));
  for (const json::Reader& item : in.at("processes").items()) remedies.processes.push_back(parse_process(item));
  return remedies;
}

const Remedies& Remedies::shipped() {
  static const Remedies remedies = parse(embedded::fallback().front().text);
  return remedies;
}

}  // namespace jobmedic::recommender
