#pragma once
#include "jobmedic/engine.hpp"
#include "jobmedic/policy.hpp"

namespace jobmedic {

/// Does memory, or a person's rule about retries, come into it? Else the verdict alone decides.
bool needs_recommendation(const Classification& verdict);

/// Whether and when to try again, from verdict, recommendation (if there is one) and the number of tries so far.
RetryDecision decide_retry(const Attempt& failed, const Classification& verdict,
                           const std::optional<Recommendation>& recommendation, const Policy& policy);

}  // namespace jobmedic
