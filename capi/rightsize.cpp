#include "engine.hpp"
#include "guard.hpp"

using namespace jobmedic;
using namespace jobmedic::capi;

jobmedic_status jobmedic_rightsize(jobmedic_engine* engine, const char* attempt, size_t attempt_size, int32_t apply,
                                   jobmedic_buffer** out, jobmedic_error** error) {
  return answer(out, error, [&] {
    Engine& here = use("engine", engine).engine;
    const Attempt next = capi::attempt(attempt, attempt_size);
    return here.secrets().mask_json(here.rightsize(next, apply != 0).to_json());
  });
}
