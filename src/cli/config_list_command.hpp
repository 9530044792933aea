#pragma once
#include "cli/session.hpp"

namespace jobmedic::cli {

void add_config_list_command(CLI::App& config, Session& session);  // in the group that add_config_command makes

}  // namespace jobmedic::cli
