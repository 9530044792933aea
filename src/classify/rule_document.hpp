#pragma once
#include <string_view>
#include <vector>

#include "classify/frames.hpp"
#include "jobmedic/rules.hpp"

namespace jobmedic::classify {

/// jobmedic.rules/1 read and checked. `check_regexes`: compiles each regex, too; that is most of the time, and the
/// shipped pack had it done by its tests.
std::vector<Rule> parse_rules(std::string_view text, std::string_view file, bool check_regexes);
/// The "frames" of a document.
Frames parse_frames(std::string_view text, std::string_view file);

}  // namespace jobmedic::classify
