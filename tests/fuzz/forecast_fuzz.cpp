// Any bytes as readings of a session: every answer is a probability and a level, and nothing is ever infinite.
#include <cmath>
#include <cstdlib>
#include <cstring>

#include "forecast/features.hpp"

using namespace jobmedic::forecast;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  LimitBelief limit;
  if (size >= sizeof limit.bytes) std::memcpy(&limit.bytes, data, sizeof limit.bytes);
  if (!(limit.bytes > 1 && limit.bytes < 1e18)) limit.bytes = unknown;
  limit.nominal = limit.bytes;
  FeatureState state(limit);
  for (; size >= sizeof(Reading); data += sizeof(Reading), size -= sizeof(Reading)) {
    Reading reading;
    std::memcpy(static_cast<void*>(&reading), data, sizeof reading);
    state.add(reading);
    for (const float feature : state.features()) {
      if (std::isinf(feature)) std::abort();
    }
  }
  return 0;
}
