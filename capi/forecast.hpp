#pragma once
#include <cstddef>
#include <memory>
#include <string_view>

#include "handle.hpp"
#include "jobmedic.h"
#include "jobmedic/forecast.hpp"

struct jobmedic_forecaster : jobmedic::capi::Handle {
  explicit jobmedic_forecaster(std::shared_ptr<const jobmedic::forecast::Forecaster> given)
      : forecaster(std::move(given)) {}
  std::shared_ptr<const jobmedic::forecast::Forecaster> forecaster;
};

namespace jobmedic::capi {

/// Throws Error: parse, schema.
forecast::SessionPlace place_of(std::string_view document);
void check_reading_size(std::size_t size);
forecast::Reading reading_of(const void* given, std::size_t size);

}  // namespace jobmedic::capi
