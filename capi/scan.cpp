#include "core/text.hpp"
#include "engine.hpp"
#include "guard.hpp"

using namespace jobmedic;
using namespace jobmedic::capi;

struct jobmedic_scan : Handle {
  explicit jobmedic_scan(Scan begun) : scan(std::move(begun)) {}

  Scan scan;
};

jobmedic_status jobmedic_scan_create(jobmedic_engine* engine, const char* attempt, size_t attempt_size,
                                     jobmedic_scan** out, jobmedic_error** error) {
  return make(out, error, [&] {
    const Engine& here = use("engine", engine).engine;
    const std::optional<Attempt> failed = optional_attempt(attempt, attempt_size);
    return std::make_unique<jobmedic_scan>(here.scan(failed ? &*failed : nullptr));
  });
}

jobmedic_status jobmedic_scan_feed(jobmedic_scan* scan, const char* name, size_t name_size, const char* data,
                                   size_t data_size, jobmedic_error** error) {
  return guard(error, [&] {
    Scan& here = use("scan", scan).scan;
    here.feed(valid_utf8(bytes("name", name, name_size)), bytes("data", data, data_size));
  });
}

jobmedic_status jobmedic_scan_result(jobmedic_scan* scan, jobmedic_buffer** out, jobmedic_error** error) {
  return answer(out, error, [&] { return use("scan", scan).scan.result().to_json(); });
}

void jobmedic_scan_free(jobmedic_scan* scan) {
  destroy(scan);
}
