#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "jobmedic/attempt.hpp"

namespace jobmedic::reported {

/// What remediate() answered to one failed attempt, as far as a report needs it.
struct Answer {
  bool acts = false;     ///< not in shadow mode
  bool restart = false;  ///< in shadow mode: what it would have decided
  std::string decision;  ///< "retry_with_patch", "retry_unchanged", "do_not_retry": what came of all its steps
  std::string method;    ///< "model", "fallback", "rule", or "verdict": the rule's own word, no recommendation
  std::string model;     ///< version; empty without one
  std::string patch;     ///< JSON; empty unless one was recommended
  std::optional<double> predicted;  ///< P(fail) of the retry recommended
  std::optional<double> unchanged;  ///< and of one without any change
  bool quarantined = false;
};

/// None where it decided nothing, because automation was stopped, or where it is no such document.
std::optional<Answer> read_answer(std::string_view remediation);

/// Did the retry of `failed` run with what `patch` sets?
bool ran_with(const std::string& patch, const Attempt& failed, const Attempt& retry);
bool same_configuration(const Attempt& a, const Attempt& b);

}  // namespace jobmedic::reported
