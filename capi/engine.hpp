#pragma once
#include <string>
#include <string_view>

#include "handle.hpp"
#include "jobmedic.h"
#include "jobmedic/engine.hpp"

struct jobmedic_engine : jobmedic::capi::Handle {
  explicit jobmedic_engine(std::string_view json) : config(json), engine(json) {}

  std::string config;  // jobmedic.engine/1, as given
  jobmedic::Engine engine;
};
