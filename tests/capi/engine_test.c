#include "check.h"

TEST(default_engine, "an engine without a configuration has the shipped rules") {
  jobmedic_engine* engine = NULL;
  jobmedic_buffer* out = NULL;
  jobmedic_error* error = NULL;
  CHECK_OK(jobmedic_engine_create(NULL, 0, &engine, &error));
  const jobmedic_log logs[] = {log_of("driver.stderr", HEAP_LINE)};
  CHECK_OK(jobmedic_engine_info(engine, &out, &error));
  CHECK(holds(out, jobmedic_version()));
  jobmedic_buffer_free(out);
  CHECK_OK(jobmedic_classify(engine, NULL, 0, LOGS(logs), &out, &error));
  CHECK(holds(out, "\"schema\":\"jobmedic.classification/1\""));
  jobmedic_buffer_free(out);
  jobmedic_engine_free(engine);
}

TEST(reload, "reload reads a rule file again, and a bad one changes nothing") {
  static const char good[] =
      "{\"schema\":\"jobmedic.rules/1\",\"rules\":[{\"name\":\"%s\",\"source\":\"s\",\"log\":\"*\",\"regex\":\"boom\","
      "\"summary\":\"s\",\"category\":\"data\",\"fault\":\"user\",\"restartable\":false,\"advice\":\"a\","
      "\"matches\":[\"boom\"]}]}";
  char path[256];
  char text[512];
  char config[512];
  snprintf(path, sizeof path, "%s", temporary("rules.json"));
  snprintf(text, sizeof text, good, "First");
  write_file(path, TEXT(text));
  snprintf(config, sizeof config, "{\"rules\":[\"%s\"],\"shipped_rules\":false,\"cache\":\"%s\"}", path,
           temporary("cache"));

  jobmedic_engine* engine = NULL;
  jobmedic_buffer* out = NULL;
  jobmedic_error* error = NULL;
  const jobmedic_log logs[] = {log_of("driver.stderr", "boom\n")};
  CHECK_OK(jobmedic_engine_create(TEXT(config), &engine, &error));
  snprintf(text, sizeof text, good, "Second");
  write_file(path, TEXT(text));
  CHECK_OK(jobmedic_engine_reload(engine, &error));
  CHECK_OK(jobmedic_classify(engine, NULL, 0, LOGS(logs), &out, &error));
  CHECK(holds(out, "\"rule\":\"Second\""));
  jobmedic_buffer_free(out);

  write_file(path, TEXT("{\"schema\":"));
  CHECK_FAILURE(jobmedic_engine_reload(engine, &error), JOBMEDIC_E_PARSE, "rules.json", NULL);
  CHECK_OK(jobmedic_classify(engine, NULL, 0, LOGS(logs), &out, &error));
  CHECK(holds(out, "\"rule\":\"Second\""));
  jobmedic_buffer_free(out);
  jobmedic_engine_free(engine);
}

TEST(bad_configurations, "a bad configuration gives no engine, and an error with its place") {
  jobmedic_engine* engine = NULL;
  jobmedic_error* error = NULL;
  CHECK_FAILURE(jobmedic_engine_create(TEXT("{\"rules\":"), &engine, &error), JOBMEDIC_E_PARSE, "", "\"offset\":9");
  CHECK_FAILURE(jobmedic_engine_create(TEXT("{\"shipped_rules\":1}"), &engine, &error), JOBMEDIC_E_SCHEMA,
                "/shipped_rules", "\"pointer\":\"/shipped_rules\"");
  CHECK_FAILURE(jobmedic_engine_create(TEXT("{\"rules\":[\"/no/such.json\"]}"), &engine, &error), JOBMEDIC_E_IO,
                "/no/such.json", NULL);
  CHECK_FAILURE(jobmedic_engine_create(TEXT("{\"store\":\"sqlite:/no/such/folder/a.db\"}"), &engine, &error),
                JOBMEDIC_E_STORE, "/no/such/folder/a.db", NULL);
  CHECK_FAILURE(jobmedic_engine_create(TEXT("{\"store\":\"carrier-pigeon:x\"}"), &engine, &error),
                JOBMEDIC_E_INVALID_ARGUMENT, "carrier-pigeon", NULL);
  CHECK(engine == NULL);
}

struct told {
  int count;
  int32_t highest;
};

static void count_messages(int32_t level, const char* message, size_t size, void* user_data) {
  struct told* told = user_data;
  ++told->count;
  if (level > told->highest) told->highest = level;
  CHECK(message != NULL && size > 0 && memchr(message, '\n', size) == NULL);
}

TEST(logging, "a log callback is told what the engine does, in single lines, until it is replaced by NULL") {
  jobmedic_engine* engine = NULL;
  jobmedic_buffer* out = NULL;
  jobmedic_error* error = NULL;
  struct told told = {0, -1};
  CHECK_OK(jobmedic_engine_create(TEXT("{\"torch_module\":\"/no/such/module.so\"}"), &engine, &error));
  CHECK_OK(jobmedic_engine_set_log(engine, count_messages, &told, &error));
  CHECK_OK(jobmedic_engine_warm_up(engine, &out, &error));
  jobmedic_buffer_free(out);
  CHECK(told.count > 0);
  CHECK(told.highest == 2);
  CHECK_OK(jobmedic_engine_set_log(engine, NULL, NULL, &error));
  const int before = told.count;
  CHECK_OK(jobmedic_engine_warm_up(engine, &out, &error));
  jobmedic_buffer_free(out);
  CHECK(told.count == before);
  jobmedic_engine_free(engine);
}

TEST(warm_up_without_module, "warm_up says why libtorch is not there, and that is no failure") {
  jobmedic_engine* engine = NULL;
  jobmedic_buffer* out = NULL;
  jobmedic_error* error = NULL;
  CHECK_OK(jobmedic_engine_create(TEXT("{\"torch_module\":\"/no/such/module.so\"}"), &engine, &error));
  CHECK_OK(jobmedic_engine_warm_up(engine, &out, &error));
  CHECK(holds(out, "\"schema\":\"jobmedic.warm_up/1\""));
  CHECK(holds(out, "\"libtorch\":false"));
  CHECK(holds(out, "/no/such/module.so"));
  jobmedic_buffer_free(out);
  jobmedic_engine_free(engine);
}

TEST(engine_misuse, "the engine's functions name the argument that is NULL or impossible") {
  jobmedic_engine* engine = NULL;
  jobmedic_buffer* out = NULL;
  jobmedic_error* error = NULL;
  const jobmedic_status wanted = JOBMEDIC_E_INVALID_ARGUMENT;
  CHECK_FAILURE(jobmedic_engine_create(NULL, 5, &engine, &error), wanted, "config: is NULL, but its size is 5", NULL);
  CHECK_FAILURE(jobmedic_engine_create("{}", SIZE_MAX, &engine, &error), wanted, "config: ", NULL);
  CHECK_FAILURE(jobmedic_engine_create(NULL, 0, NULL, &error), wanted, "out: is NULL", NULL);
  CHECK_FAILURE(jobmedic_engine_warm_up(NULL, &out, &error), wanted, "engine: is NULL", NULL);
  CHECK_FAILURE(jobmedic_engine_reload(NULL, &error), wanted, "engine: is NULL", NULL);
  CHECK_FAILURE(jobmedic_engine_info(NULL, &out, &error), wanted, "engine: is NULL", NULL);
  CHECK_FAILURE(jobmedic_engine_set_log(NULL, NULL, NULL, &error), wanted, "engine: is NULL", NULL);
  engine = small_engine(NULL);
  CHECK_FAILURE(jobmedic_engine_warm_up(engine, NULL, &error), wanted, "out: is NULL", NULL);
  CHECK_FAILURE(jobmedic_engine_info(engine, NULL, &error), wanted, "out: is NULL", NULL);
  jobmedic_engine_free(engine);
}
