#include "check.h"

#define COLLECTOR(sources) "{\"schema\":\"jobmedic.collector/1\",\"sources\":[" sources "]}"
#define COMMAND_THAT_FAILS \
  "{\"name\":\"pod\",\"kind\":\"command\",\"command\":[\"sh\",\"-c\",\"echo forbidden >&2; exit 1\"]}"

TEST(collected, "collect classifies what its sources give, reports those that fail, and completes the attempt") {
  static const char events[] =
      "{\"Event\":\"SparkListenerEnvironmentUpdate\",\"Spark Properties\":{\"spark.sql.shuffle.partitions\":\"7\"}}\n"
      "{\"Event\":\"SparkListenerTaskEnd\",\"Task End Reason\":{\"Reason\":\"Success\"},"
      "\"Task Metrics\":{\"JVM GC Time\":1500}}\n";
  jobmedic_engine* engine = small_engine(NULL);
  jobmedic_buffer* out = NULL;
  jobmedic_error* error = NULL;
  char collector[2048];
  write_file(temporary("collected.stderr"), TEXT("first\n" HEAP_LINE));
  int size = snprintf(collector, sizeof collector,
                      "{\"schema\":\"jobmedic.collector/1\",\"sources\":[" COMMAND_THAT_FAILS
                      ",{\"name\":\"driver\",\"path\":\"%s\",\"log\":\"driver.stderr\"}",
                      temporary("collected.stderr"));
  write_file(temporary("events"), TEXT(events));
  size += snprintf(collector + size, sizeof collector - (size_t)size,
                   ",{\"name\":\"events\",\"kind\":\"event_log\",\"path\":\"%s\"}]}", temporary("events"));

  CHECK_OK(jobmedic_collect(engine, TEXT(ATTEMPT), collector, (size_t)size, &out, &error));
  CHECK(holds(out, "\"schema\":\"jobmedic.collection/1\""));
  CHECK(holds(out, "\"rule\":\"Heap\""));
  CHECK(holds(out, "\"log\":\"driver.stderr\""));
  CHECK(holds(out, "\"status\":\"failed\""));
  CHECK(holds(out, "sh exited with 1: forbidden"));
  CHECK(holds(out, "\"gc_s\":1.5"));
  CHECK(holds(out, "\"spark.sql.shuffle.partitions\":\"7\""));
  CHECK(holds(out, "\"spark.executor.memory\":\"2g\""));  // the attempt's own
  jobmedic_buffer_free(out);
  jobmedic_engine_free(engine);
}

TEST(own_collector, "an engine's own collector serves collect, and classify and remediate without logs") {
  static const char config[] =
      "{\"shipped_rules\":false,\"rules\":[{\"schema\":\"jobmedic.rules/1\",\"rules\":[{\"name\":\"Heap\",\"regex\":"
      "\"Java heap\",\"category\":\"memory_config\"}]}],\"collector\":" COLLECTOR(
          "{\"name\":\"cluster\",\"command\":[\"echo\",\"{job}: Java heap\"]}") "}";
  jobmedic_engine* engine = NULL;
  jobmedic_buffer* out = NULL;
  jobmedic_error* error = NULL;
  CHECK_OK(jobmedic_engine_create(TEXT(config), &engine, &error));
  CHECK_OK(jobmedic_collect(engine, TEXT(ATTEMPT), NULL, 0, &out, &error));
  CHECK(holds(out, "nightly: Java heap"));
  jobmedic_buffer_free(out);
  CHECK_OK(jobmedic_classify(engine, TEXT(ATTEMPT), NULL, 0, 0, &out, &error));
  CHECK(holds(out, "\"log\":\"cluster.log\""));
  jobmedic_buffer_free(out);
  CHECK_OK(jobmedic_remediate(engine, TEXT(ATTEMPT), NULL, 0, 0, &out, &error));
  CHECK(holds(out, "\"rule\":\"Heap\""));
  jobmedic_buffer_free(out);
  jobmedic_engine_free(engine);
}

TEST(collect_errors, "collect says what is wrong with its arguments, and when nothing could be read") {
  jobmedic_engine* engine = small_engine(NULL);
  jobmedic_buffer* out = NULL;
  jobmedic_error* error = NULL;
  CHECK_FAILURE(jobmedic_collect(NULL, NULL, 0, NULL, 0, &out, &error), JOBMEDIC_E_INVALID_ARGUMENT, "engine: is NULL",
                NULL);
  CHECK_FAILURE(jobmedic_collect(engine, NULL, 0, NULL, 0, &out, &error), JOBMEDIC_E_INVALID_ARGUMENT, "no collector",
                NULL);
  CHECK_FAILURE(jobmedic_collect(engine, NULL, 0, TEXT("{"), &out, &error), JOBMEDIC_E_PARSE, "collector: ", NULL);
  CHECK_FAILURE(jobmedic_collect(engine, NULL, 0, TEXT(COLLECTOR("")), &out, &error), JOBMEDIC_E_SCHEMA,
                "collector: /sources: names no source", "\"pointer\":\"/sources\"");
  CHECK_FAILURE(jobmedic_collect(engine, NULL, 0, TEXT(COLLECTOR(COMMAND_THAT_FAILS)), &out, &error), JOBMEDIC_E_IO,
                "pod: sh exited with 1: forbidden", NULL);
  jobmedic_engine_free(engine);
}
