#pragma once
#include <string>

namespace jobmedic::cli {

/// Who runs the tool: the account's name, or its number where it has none.
std::string current_user();

}  // namespace jobmedic::cli
