#pragma once
#include <string>
#include <vector>

#include "jobmedic/rightsize.hpp"

namespace jobmedic::cli {

/// jobmedic.rightsizing/1 for people, one job after the other.
std::string rightsize_page(const std::vector<Rightsizing>& answers);
/// jobmedic.rightsizing_replay/1 for people.
std::string rightsize_replay_page(const std::string& document);

}  // namespace jobmedic::cli
