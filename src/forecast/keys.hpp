#pragma once
#include <string>

#include "jobmedic/forecast.hpp"

/// The many ways to write one device key.
namespace jobmedic::forecast {

/// Spaces around it dropped, the type in upper case, "6.2.0" as "6.2".
DeviceKey normalised(DeviceKey key);

}  // namespace jobmedic::forecast
