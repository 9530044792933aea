#include "jobmedic/version.hpp"

#include "jobmedic.h"

static_assert(JOBMEDIC_ABI_VERSION == JOBMEDIC_SOVERSION, "CMakeLists.txt and jobmedic.h differ");

uint32_t jobmedic_abi_version(void) {
  return JOBMEDIC_ABI_VERSION;
}

const char* jobmedic_version(void) {
  return jobmedic::version().data();
}
