#pragma once
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "jobmedic/classify.hpp"
#include "jobmedic/model.hpp"
#include "jobmedic/policy.hpp"
#include "recommend/replay/cases.hpp"

/// What is done about a failed attempt: the policies that a replay compares.
namespace jobmedic::replayed {

/// The configuration of the retry; none: there shall be none. `past`: earlier runs of the job and tries of the run.
using Strategy = std::function<std::optional<std::string>(const Attempt& failed, std::span<const Attempt> past)>;

struct Named {
  std::string name;   ///< as ReplayOptions takes it
  std::string words;  ///< for people
  Strategy strategy;
};

/// Those that need no model: "fallback", "unchanged", "maximum", "double", "x3", "+500". Borrows the rest.
/// Throws Error (invalid_argument).
Named baseline(const std::string& name, const Space& space, const Cases& cases, const Policy& policy);
/// The names of the usual baselines, in the order of the table.
const std::vector<std::string>& usual_baselines();

/// recommend(), by the model or (null) the fallback policy. Borrows everything.
Strategy recommending(const Model* model, const Space& space, const Policy& policy);

}  // namespace jobmedic::replayed
