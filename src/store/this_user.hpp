#pragma once
#include <string>

namespace jobmedic {

/// "user@host" of this process: who changed something, where nobody was named.
std::string this_user();

}  // namespace jobmedic
