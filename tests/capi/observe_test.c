/* Metrics and events. */
#include "check.h"

struct heard {
  int count;
  int32_t level;
  char last[2048];
};

static void hear(int32_t level, const char* event, size_t size, void* user_data) {
  struct heard* heard = user_data;
  ++heard->count;
  heard->level = level;
  snprintf(heard->last, sizeof heard->last, "%.*s", (int)size, event);
}

TEST(metrics, "metrics are text that counts what the engine did") {
  jobmedic_engine* engine = small_engine("metrics.db");
  jobmedic_buffer* out = NULL;
  jobmedic_error* error = NULL;
  const jobmedic_log logs[] = {log_of("executor-0.stderr", HEAP_LINE)};
  CHECK_OK(jobmedic_remediate(engine, TEXT(ATTEMPT), LOGS(logs), &out, &error));
  jobmedic_buffer_free(out);
  CHECK_OK(jobmedic_metrics(engine, &out, &error));
  CHECK(
      holds(out,
            "# TYPE jobmedic_remediations_total counter\n"
            "jobmedic_remediations_total{rule=\"Heap\",category=\"memory_config\",decision=\"retry_with_patch\"} 1\n"));
  CHECK(holds(out, "jobmedic_operation_duration_seconds_count{operation=\"remediate\"} 1\n"));
  jobmedic_buffer_free(out);
  jobmedic_engine_free(engine);
}

TEST(events, "events are documents with fields, up to the level asked for, until nobody listens") {
  jobmedic_engine* engine = small_engine("events.db");
  jobmedic_buffer* out = NULL;
  jobmedic_error* error = NULL;
  struct heard heard = {0};
  const jobmedic_log logs[] = {log_of("executor-0.stderr", HEAP_LINE)};
  CHECK_OK(jobmedic_engine_set_events(engine, 2, hear, &heard, &error));
  CHECK_OK(jobmedic_remediate(engine, TEXT(ATTEMPT), LOGS(logs), &out, &error));
  jobmedic_buffer_free(out);
  CHECK(heard.count == 0);
  CHECK_OK(jobmedic_engine_reload(engine, &error));
  CHECK(heard.count == 1 && heard.level == 2);
  CHECK(strstr(heard.last, "\"event\":\"rules_reloaded\"") != NULL);
  CHECK(strstr(heard.last, "\"rules\":\"2\"") != NULL);
  CHECK_OK(jobmedic_engine_set_events(engine, 2, NULL, NULL, &error));
  CHECK_OK(jobmedic_engine_reload(engine, &error));
  CHECK(heard.count == 1);
  jobmedic_engine_free(engine);
}

TEST(observe_misuse, "metrics and set_events name the argument that is NULL") {
  jobmedic_engine* engine = small_engine(NULL);
  jobmedic_buffer* out = NULL;
  jobmedic_error* error = NULL;
  const jobmedic_status wanted = JOBMEDIC_E_INVALID_ARGUMENT;
  CHECK_FAILURE(jobmedic_metrics(NULL, &out, &error), wanted, "engine: is NULL", NULL);
  CHECK_FAILURE(jobmedic_metrics(engine, NULL, &error), wanted, "out: is NULL", NULL);
  CHECK_FAILURE(jobmedic_engine_set_events(NULL, 2, hear, NULL, &error), wanted, "engine: is NULL", NULL);
  jobmedic_engine_free(engine);
}
