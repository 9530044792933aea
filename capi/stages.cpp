#include "engine.hpp"
#include "guard.hpp"
#include "logs.hpp"

using namespace jobmedic;
using namespace jobmedic::capi;

namespace {

Classification verdict(const char* data, size_t size) {
  const std::string_view json = text("classification", data, size);
  return parse_as("classification", [&] { return Classification::parse(json); });
}

}  // namespace

jobmedic_status jobmedic_classify(jobmedic_engine* engine, const char* attempt, size_t attempt_size,
                                  const jobmedic_log* logs, size_t log_count, size_t log_stride, jobmedic_buffer** out,
                                  jobmedic_error** error) {
  return answer(out, error, [&] {
    const Engine& here = use("engine", engine).engine;
    const std::optional<Attempt> failed = optional_attempt(attempt, attempt_size);
    return Logs(logs, log_count, log_stride).classify(here, failed ? &*failed : nullptr).to_json();
  });
}

jobmedic_status jobmedic_collect(jobmedic_engine* engine, const char* attempt, size_t attempt_size,
                                 const char* collector, size_t collector_size, jobmedic_buffer** out,
                                 jobmedic_error** error) {
  return answer(out, error, [&] {
    const Engine& here = use("engine", engine).engine;
    const std::optional<Attempt> failed = optional_attempt(attempt, attempt_size);
    const std::string_view json = bytes("collector", collector, collector_size);
    std::optional<Collector> given;
    if (collector != nullptr) given = parse_as("collector", [&] { return Collector::parse(json); });
    return here.collect(failed ? &*failed : nullptr, given ? &*given : nullptr).to_json();
  });
}

jobmedic_status jobmedic_recommend(jobmedic_engine* engine, const char* attempt, size_t attempt_size,
                                   const char* classification, size_t classification_size, jobmedic_buffer** out,
                                   jobmedic_error** error) {
  return answer(out, error, [&] {
    const Engine& here = use("engine", engine).engine;
    const Attempt failed = capi::attempt(attempt, attempt_size);
    return here.recommend(failed, verdict(classification, classification_size)).to_json();
  });
}

jobmedic_status jobmedic_remediate(jobmedic_engine* engine, const char* attempt, size_t attempt_size,
                                   const jobmedic_log* logs, size_t log_count, size_t log_stride, jobmedic_buffer** out,
                                   jobmedic_error** error) {
  return answer(out, error, [&] {
    Engine& here = use("engine", engine).engine;
    const Attempt failed = capi::attempt(attempt, attempt_size);
    return Logs(logs, log_count, log_stride).remediate(here, failed);
  });
}

jobmedic_status jobmedic_remediate_classified(jobmedic_engine* engine, const char* attempt, size_t attempt_size,
                                              const char* classification, size_t classification_size,
                                              jobmedic_buffer** out, jobmedic_error** error) {
  return answer(out, error, [&] {
    Engine& here = use("engine", engine).engine;
    const Attempt failed = capi::attempt(attempt, attempt_size);
    return here.remediate(failed, verdict(classification, classification_size));
  });
}

jobmedic_status jobmedic_get_config(jobmedic_engine* engine, const char* attempt, size_t attempt_size,
                                    jobmedic_buffer** out, jobmedic_error** error) {
  return answer(out, error, [&] {
    const Engine& here = use("engine", engine).engine;
    return here.get_config(capi::attempt(attempt, attempt_size)).to_json();
  });
}

jobmedic_status jobmedic_explain_config(jobmedic_engine* engine, const char* attempt, size_t attempt_size,
                                        jobmedic_buffer** out, jobmedic_error** error) {
  return answer(out, error, [&] {
    const Engine& here = use("engine", engine).engine;
    return here.secrets().mask_json(here.explain_config(capi::attempt(attempt, attempt_size)).to_json());
  });
}

jobmedic_status jobmedic_record(jobmedic_engine* engine, const char* attempt, size_t attempt_size,
                                jobmedic_error** error) {
  return guard(error, [&] {
    Engine& here = use("engine", engine).engine;
    here.record(capi::attempt(attempt, attempt_size));
  });
}
