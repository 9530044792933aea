#include "jobmedic/patch.hpp"

#include "guard.hpp"

using namespace jobmedic::capi;

jobmedic_status jobmedic_apply_patch(const char* document, size_t document_size, const char* patch, size_t patch_size,
                                     jobmedic_buffer** out, jobmedic_error** error) {
  return answer(out, error, [&] {
    return jobmedic::apply_patch(text("document", document, document_size), text("patch", patch, patch_size));
  });
}

jobmedic_status jobmedic_diff(const char* from, size_t from_size, const char* to, size_t to_size, jobmedic_buffer** out,
                              jobmedic_error** error) {
  return answer(out, error, [&] { return jobmedic::diff(text("from", from, from_size), text("to", to, to_size)); });
}
