#include "jobmedic/version.hpp"

namespace jobmedic {

std::string_view version() noexcept {
  return JOBMEDIC_VERSION;
}

}  // namespace jobmedic
