#pragma once
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "jobmedic/attempt.hpp"
#include "jobmedic/policy.hpp"
#include "jobmedic/space.hpp"
#include "json/value.hpp"
#include "recommend/remedies.hpp"

namespace jobmedic::recommender {

/// New values by parameter index; what is not in it stays as it is.
using Changes = std::map<std::size_t, double>;

/// The configuration a failed attempt ran with, seen through a space. Borrows space and remedies.
class Configuration {
 public:
  /// Throws Error: parse, schema (a value that is no number or size, with its pointer "/config/...").
  Configuration(const Attempt& failed, const Space& space, const Remedies& remedies);

  [[nodiscard]] const Space& space() const { return *space_; }
  [[nodiscard]] std::optional<std::size_t> index(std::string_view parameter) const;
  /// Does every condition's key have a value that matches?
  [[nodiscard]] bool has(const Conditions& conditions) const;
  /// What the attempt ran with, defaults included; none where nobody knows, or where 0 stands for "no limit".
  [[nodiscard]] std::optional<double> value(std::size_t parameter) const { return values_[parameter]; }
  /// "512m" as it was written, or "1024m (default)".
  [[nodiscard]] std::string shown(std::size_t parameter) const;

  /// All values after the changes; NaN where unknown. Parameters that follow another one follow it.
  [[nodiscard]] Point after(const Changes& changes) const;
  /// The first constraint those values break, or null. Unknown values count as nothing.
  [[nodiscard]] const Constraint* broken(const Point& values) const;
  /// RFC 6902 `add` operations, in the order of the space. What equals the value in effect is left out.
  [[nodiscard]] std::string patch(const Changes& changes) const;
  /// USD per hour of all processes at those values; 0 where no size is known.
  [[nodiscard]] double hourly_usd(const Point& values, const Policy& policy) const;

 private:
  struct Following {
    std::size_t parameter;
    std::size_t of;
    double share;
    double at_least;
  };
  [[nodiscard]] const json::Value* setting(std::string_view key) const;  // null where absent or null
  [[nodiscard]] double plain_number(std::string_view key, double otherwise) const;

  const Space* space_;
  const Remedies* remedies_;
  json::Value config_;
  std::vector<std::optional<double>> values_;
  std::vector<Following> following_;  // those whose own key is absent
};

}  // namespace jobmedic::recommender
