#include "engine.hpp"

#include "guard.hpp"
#include "json/value.hpp"

using namespace jobmedic;
using namespace jobmedic::capi;

jobmedic_status jobmedic_engine_create(const char* config, size_t config_size, jobmedic_engine** out,
                                       jobmedic_error** error) {
  return make(out, error, [&] { return std::make_unique<jobmedic_engine>(options("config", config, config_size)); });
}

void jobmedic_engine_free(jobmedic_engine* engine) {
  destroy(engine);
}

jobmedic_status jobmedic_engine_warm_up(jobmedic_engine* engine, jobmedic_buffer** out, jobmedic_error** error) {
  return answer(out, error, [&] {
    const std::string reason = use("engine", engine).engine.warm_up();
    return json::write(
        json::object({{"schema", "jobmedic.warm_up/1"}, {"libtorch", reason.empty()}, {"reason", reason}}));
  });
}

jobmedic_status jobmedic_engine_reload(jobmedic_engine* engine, jobmedic_error** error) {
  return guard(error, [&] { use("engine", engine).engine.reload(); });
}

jobmedic_status jobmedic_engine_info(const jobmedic_engine* engine, jobmedic_buffer** out, jobmedic_error** error) {
  return answer(out, error, [&] { return use("engine", engine).engine.info(); });
}

jobmedic_status jobmedic_engine_set_log(jobmedic_engine* engine, jobmedic_log_fn log, void* user_data,
                                        jobmedic_error** error) {
  return guard(error, [&] {
    Engine::LogFunction function;
    if (log != nullptr) {
      function = [log, user_data](int level, std::string_view message) {
        log(level, message.data(), message.size(), user_data);
      };
    }
    use("engine", engine).engine.set_log(std::move(function));
  });
}

jobmedic_status jobmedic_engine_set_events(jobmedic_engine* engine, int32_t level, jobmedic_event_fn event,
                                           void* user_data, jobmedic_error** error) {
  return guard(error, [&] {
    EventFunction function;
    if (event != nullptr) {
      function = [event, user_data](const Event& happened) {
        const std::string document = happened.to_json();
        event(happened.level, document.data(), document.size(), user_data);
      };
    }
    use("engine", engine).engine.set_events(std::move(function), level);
  });
}

jobmedic_status jobmedic_metrics(const jobmedic_engine* engine, jobmedic_buffer** out, jobmedic_error** error) {
  return answer(out, error, [&] { return use("engine", engine).engine.metrics(); });
}
