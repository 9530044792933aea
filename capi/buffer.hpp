#pragma once
#include <string>

#include "jobmedic.h"

struct jobmedic_buffer {
  std::string text;
};
