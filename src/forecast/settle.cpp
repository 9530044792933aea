#include "forecast/settle.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <optional>

namespace jobmedic::forecast {
namespace {

std::vector<std::string> most_voted(const Votes& votes) {
  std::uint64_t most = 0;
  for (const auto& [value, count] : votes) most = std::max(most, count);
  std::vector<std::string> values;
  for (const auto& [value, count] : votes) {
    if (count == most) values.push_back(value);
  }
  return values;  // in order of the alphabet
}

std::optional<double> number(const std::string& text) {
  double value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string smallest(std::vector<std::string> values) {
  std::stable_sort(values.begin(), values.end(), [](const std::string& a, const std::string& b) {
    const auto x = number(a), y = number(b);
    return x && y && *x < *y;
  });
  return values.front();
}

class Settling {
 public:
  Settling(const Lake& lake, const CurationPolicy& policy,
           const std::map<DeviceKey, std::vector<std::string>>& secondary)
      : lake_(lake), policy_(policy), secondary_(secondary) {
    out_.decisions.resize(lake.characteristics.size());
  }

  Settled run(const std::set<DeviceKey>& wanted, const std::set<DeviceKey>& asked) {
    for (const auto& [key, votes] : lake_.votes) {
      if (wanted.empty() || wanted.contains(key)) out_.table[key].resize(lake_.characteristics.size());
    }
    for (const DeviceKey& key : asked) {
      const auto same_type = lake_.votes.lower_bound({key.type, ""});
      const bool type_is_known = same_type != lake_.votes.end() && same_type->first.type == key.type;
      if (type_is_known) out_.table[key].resize(lake_.characteristics.size());
    }
    for (auto& [key, values] : out_.table) {
      for (std::size_t c = 0; c < values.size(); ++c) values[c] = value_of(key, c);
    }
    return std::move(out_);
  }

 private:
  [[nodiscard]] const Votes& votes_of(const DeviceKey& key, std::size_t c) const {
    static const Votes none;
    const auto found = lake_.votes.find(key);
    return found == lake_.votes.end() ? none : found->second[c];
  }

  // What the other SDK versions of the type say, each with one vote; empty where they do not agree on anything.
  [[nodiscard]] Votes votes_of_type(const DeviceKey& key, std::size_t c) const {
    Votes votes;
    for (auto it = lake_.votes.lower_bound({key.type, ""}); it != lake_.votes.end() && it->first.type == key.type;
         ++it) {
      if (it->first == key) continue;
      const std::vector<std::string> best = most_voted(it->second[c]);
      if (best.size() == 1) ++votes[best.front()];
    }
    return votes;
  }

  // What the next older SDK version of the type has, else the next newer; empty: none has anything.
  [[nodiscard]] std::string of_neighbour(const DeviceKey& key, std::size_t c) const {
    const auto version = [](const DeviceKey& of) { return std::strtod(of.sdk.c_str(), nullptr); };
    std::string older, newer;
    double older_at = 0, newer_at = 0;
    for (auto it = lake_.votes.lower_bound({key.type, ""}); it != lake_.votes.end() && it->first.type == key.type;
         ++it) {
      if (it->first == key || it->second[c].empty()) continue;
      const double at = version(it->first);
      const bool is_older = at <= version(key);
      const bool nearer = is_older ? older.empty() || at > older_at : newer.empty() || at < newer_at;
      if (!nearer) continue;
      (is_older ? older : newer) = smallest(most_voted(it->second[c]));
      (is_older ? older_at : newer_at) = at;
    }
    return older.empty() ? newer : older;
  }

  std::string value_of(const DeviceKey& key, std::size_t c) {
    const Votes& votes = votes_of(key, c);
    Decisions& decisions = out_.decisions[c];
    if (votes.empty()) return missing(key, c);
    const std::vector<std::string> best = most_voted(votes);
    if (best.size() == 1) {
      ++(votes.size() == 1 ? decisions.unanimous : decisions.majority);
      return best.front();
    }
    const Votes of_type = votes_of_type(key, c);
    std::vector<std::string> preferred;
    std::uint64_t most = 0;
    for (const std::string& value : best) {
      const auto found = of_type.find(value);
      const std::uint64_t count = found == of_type.end() ? 0 : found->second;
      if (count > most) preferred.clear();
      most = std::max(most, count);
      if (count == most && count > 0) preferred.push_back(value);
    }
    if (preferred.size() == 1) {
      ++decisions.tie_by_type;
      return tell(key, c, preferred.front(), "tie: as the type's other SDK versions");
    }
    ++decisions.tie_by_smaller;
    return tell(key, c, smallest(best), "tie: the smaller");
  }

  std::string missing(const DeviceKey& key, std::size_t c) {
    Decisions& decisions = out_.decisions[c];
    const auto ways = policy_.missing.find(lake_.characteristics[c]);
    if (ways == policy_.missing.end()) {
      ++decisions.indicator;
      return "";
    }
    for (const WhenMissing way : ways->second) {
      if (way == WhenMissing::false_value) {
        ++decisions.false_value;
        return tell(key, c, "False", "missing: false");
      }
      if (way == WhenMissing::secondary) {
        const auto found = secondary_.find(key);
        if (found == secondary_.end() || found->second[c].empty()) continue;
        ++decisions.secondary;
        return tell(key, c, found->second[c], "missing: from the secondary source");
      }
      const std::string neighbour = of_neighbour(key, c);
      if (neighbour.empty()) continue;
      ++decisions.reference;
      return tell(key, c, neighbour, "missing: as the type's nearest SDK version");
    }
    ++decisions.indicator;
    return tell(key, c, "", "missing: left empty");
  }

  std::string tell(const DeviceKey& key, std::size_t c, std::string value, const char* how) {
    out_.remarks.push_back({key, lake_.characteristics[c], value, how});
    return value;
  }

  const Lake& lake_;
  const CurationPolicy& policy_;
  const std::map<DeviceKey, std::vector<std::string>>& secondary_;
  Settled out_;
};

}  // namespace

Settled settle(const Lake& lake, const CurationPolicy& policy,
               const std::map<DeviceKey, std::vector<std::string>>& secondary, const std::set<DeviceKey>& wanted,
               const std::set<DeviceKey>& asked) {
  return Settling(lake, policy, secondary).run(wanted, asked);
}

}  // namespace jobmedic::forecast
