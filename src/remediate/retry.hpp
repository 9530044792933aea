#pragma once
#include "jobmedic/engine.hpp"
#include "jobmedic/loop.hpp"
#include "jobmedic/policy.hpp"

namespace jobmedic {

/// Does memory, or a person's rule about retries, come into it? Else the verdict alone decides.
bool needs_recommendation(const Classification& verdict);

/// Whether and when to try again, from verdict, recommendation (if there is one) and the number of tries so far.
RetryDecision decide_retry(const Attempt& failed, const Classification& verdict,
                           const std::optional<Recommendation>& recommendation, const Policy& policy);

/// Has the job failed too often with patches to get another one?
bool in_quarantine(const Store::JobRecord& record, const LoopPolicy& loop);
/// No retry instead of another patch.
RetryDecision quarantine(const Store::JobRecord& record);
/// The decision, if the job's budget has a retry left.
RetryDecision within_budget(RetryDecision decision, const Store::JobRecord& record, const LoopPolicy& loop);

/// What a scheduler does by itself, for `reason`: the same again after a wait, up to the last retry.
RetryDecision retry_by_default(const Attempt& failed, const std::string& reason, const Policy& policy);

}  // namespace jobmedic
