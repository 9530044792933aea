#pragma once
#include <string>

#include "jobmedic/attempt.hpp"
#include "jobmedic/classify.hpp"
#include "jobmedic/engine.hpp"
#include "jobmedic/recommend.hpp"

/// The answers as a person on call wants to read them: what went wrong, where it says so, what to do, what it costs.
namespace jobmedic::cli {

std::string verdict_page(const Classification& verdict);
std::string recommendation_page(const Attempt& failed, const Recommendation& answer);
/// `document`: jobmedic.remediation/1.
std::string remediation_page(const Attempt& failed, const std::string& document);
std::string config_page(const Attempt& attempt, const ConfigAnswer& answer);

}  // namespace jobmedic::cli
