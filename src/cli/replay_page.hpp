#pragma once
#include <string>

namespace jobmedic::cli {

/// jobmedic.replay/1 for people.
std::string replay_page(const std::string& document);

}  // namespace jobmedic::cli
