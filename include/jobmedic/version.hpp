#pragma once
#include <string_view>

namespace jobmedic {

/// The one version number of library, tool and bindings, as in CMakeLists.txt: "0.1.0".
std::string_view version() noexcept;

}  // namespace jobmedic
