#include "check.h"

TEST(verdict, "classify finds the rule, its line and the other matches in bytes that hold a NUL") {
  static const char bytes[] = "one\nExecutorLostFailure\0\nthree\n" HEAP_LINE;
  jobmedic_engine* engine = small_engine(NULL);
  jobmedic_buffer* out = NULL;
  jobmedic_error* error = NULL;
  jobmedic_log log = log_of("driver.stderr", bytes);
  log.data_size = sizeof bytes - 1;
  CHECK_OK(jobmedic_classify(engine, TEXT(ATTEMPT), &log, 1, sizeof log, &out, &error));
  CHECK(holds(out, "\"rule\":\"Heap\""));
  CHECK(holds(out, "\"line\":4"));
  CHECK(holds(out, "\"rule\":\"Lost\""));
  jobmedic_buffer_free(out);
  jobmedic_engine_free(engine);
}

TEST(unclassified, "no logs, empty logs and logs without a match are unclassified, which is no failure") {
  jobmedic_engine* engine = small_engine(NULL);
  jobmedic_buffer* out = NULL;
  jobmedic_error* error = NULL;
  const jobmedic_log logs[] = {log_of("driver.stderr", "all is well\n"), log_of("", "")};
  CHECK_OK(jobmedic_classify(engine, NULL, 0, NULL, 0, 0, &out, &error));
  CHECK(holds(out, "\"classified\":false"));
  jobmedic_buffer_free(out);
  CHECK_OK(jobmedic_classify(engine, NULL, 0, LOGS(logs), &out, &error));
  CHECK(holds(out, "\"classified\":false"));
  jobmedic_buffer_free(out);
  jobmedic_engine_free(engine);
}

TEST(by_path, "a log's file is read by path, or by its name where nothing else is given") {
  char path[256];
  snprintf(path, sizeof path, "%s", temporary("executor-3.stderr"));
  write_file(path, TEXT("first\n" HEAP_LINE));
  jobmedic_engine* engine = small_engine(NULL);
  jobmedic_buffer* out = NULL;
  jobmedic_error* error = NULL;

  const jobmedic_log named = {.name = "executor-7.stderr", .name_size = 17, .path = path, .path_size = strlen(path)};
  CHECK_OK(jobmedic_classify(engine, NULL, 0, &named, 1, sizeof named, &out, &error));
  CHECK(holds(out, "\"log\":\"executor-7.stderr\""));
  CHECK(holds(out, "\"line\":2"));
  jobmedic_buffer_free(out);

  const jobmedic_log unnamed = {.path = path, .path_size = strlen(path)};
  CHECK_OK(jobmedic_classify(engine, NULL, 0, &unnamed, 1, sizeof unnamed, &out, &error));
  CHECK(holds(out, "\"log\":\"executor-3.stderr\""));
  jobmedic_buffer_free(out);

  const jobmedic_log only_name = {.name = path, .name_size = strlen(path)};
  CHECK_OK(jobmedic_classify(engine, NULL, 0, &only_name, 1, sizeof only_name, &out, &error));
  CHECK(holds(out, "\"log\":\"executor-3.stderr\""));
  jobmedic_buffer_free(out);
  jobmedic_engine_free(engine);
}

TEST(paths_and_bytes, "files and bytes may be mixed, and count in the order given") {
  char path[256];
  snprintf(path, sizeof path, "%s", temporary("driver.stdout"));
  write_file(path, TEXT(HEAP_LINE));
  jobmedic_engine* engine = small_engine(NULL);
  jobmedic_buffer* out = NULL;
  jobmedic_error* error = NULL;
  jobmedic_log logs[] = {log_of("driver.stderr", HEAP_LINE), {.path = path, .path_size = strlen(path)}};
  CHECK_OK(jobmedic_classify(engine, NULL, 0, LOGS(logs), &out, &error));
  CHECK(holds(out, "\"log\":\"driver.stderr\""));
  jobmedic_buffer_free(out);

  logs[0].name = "driver.stdout";
  CHECK_FAILURE(jobmedic_classify(engine, NULL, 0, LOGS(logs), &out, &error), JOBMEDIC_E_INVALID_ARGUMENT,
                "two are named \"driver.stdout\"", NULL);
  jobmedic_engine_free(engine);
}

TEST(stride, "a larger stride skips what a newer caller's struct has more") {
  struct newer {
    jobmedic_log log;
    char more[24];
  } logs[2];
  memset(logs, 0xee, sizeof logs);
  logs[0].log = log_of("driver.stdout", "nothing\n");
  logs[1].log = log_of("driver.stderr", HEAP_LINE);
  jobmedic_engine* engine = small_engine(NULL);
  jobmedic_buffer* out = NULL;
  jobmedic_error* error = NULL;
  CHECK_OK(jobmedic_classify(engine, NULL, 0, &logs[0].log, 2, sizeof logs[0], &out, &error));
  CHECK(holds(out, "\"log\":\"driver.stderr\""));
  jobmedic_buffer_free(out);
  jobmedic_engine_free(engine);
}

TEST(files_that_fail, "a file that is missing or a folder is an error with path and errno") {
  jobmedic_engine* engine = small_engine(NULL);
  jobmedic_buffer* out = NULL;
  jobmedic_error* error = NULL;
  const jobmedic_log missing = {.name = "/no/such.stderr", .name_size = 15};
  CHECK_FAILURE(jobmedic_classify(engine, NULL, 0, &missing, 1, sizeof missing, &out, &error), JOBMEDIC_E_IO,
                "/no/such.stderr", "\"errno\":2");
  const jobmedic_log folder = {.path = "/tmp", .path_size = 4};
  CHECK_FAILURE(jobmedic_classify(engine, NULL, 0, &folder, 1, sizeof folder, &out, &error), JOBMEDIC_E_IO, "/tmp",
                "\"path\":\"/tmp\"");
  jobmedic_engine_free(engine);
}

TEST(names_in_any_bytes, "a log's name that is not UTF-8 gives a document that is") {
  jobmedic_engine* engine = small_engine(NULL);
  jobmedic_buffer* out = NULL;
  jobmedic_error* error = NULL;
  const jobmedic_log logs[] = {log_of("driver\xff.stderr", HEAP_LINE)};
  CHECK_OK(jobmedic_classify(engine, NULL, 0, LOGS(logs), &out, &error));
  CHECK(holds(out, "driver\xef\xbf\xbd.stderr"));
  jobmedic_buffer_free(out);
  jobmedic_engine_free(engine);
}

TEST(bad_attempts, "a bad attempt is refused with its place") {
  jobmedic_engine* engine = small_engine(NULL);
  jobmedic_buffer* out = NULL;
  jobmedic_error* error = NULL;
  CHECK_FAILURE(jobmedic_classify(engine, TEXT("{"), NULL, 0, 0, &out, &error), JOBMEDIC_E_PARSE,
                "attempt: ", "\"offset\":1");
  CHECK_FAILURE(jobmedic_classify(engine, TEXT("{\"schema\":\"jobmedic.attempt/1\"}"), NULL, 0, 0, &out, &error),
                JOBMEDIC_E_SCHEMA, "attempt: /job: is missing", "\"pointer\":\"/job\"");
  jobmedic_engine_free(engine);
}

TEST(classify_misuse, "classify names the argument that is NULL or impossible") {
  jobmedic_engine* engine = small_engine(NULL);
  jobmedic_buffer* out = NULL;
  jobmedic_error* error = NULL;
  const jobmedic_status wanted = JOBMEDIC_E_INVALID_ARGUMENT;
  const size_t stride = sizeof(jobmedic_log);
  jobmedic_log log = log_of("driver.stderr", "x");
  CHECK_FAILURE(jobmedic_classify(NULL, NULL, 0, &log, 1, stride, &out, &error), wanted, "engine: is NULL",
                "{\"argument\":\"engine\"}");
  CHECK_FAILURE(jobmedic_classify(engine, NULL, 0, &log, 1, stride, NULL, &error), wanted, "out: is NULL", NULL);
  CHECK_FAILURE(jobmedic_classify(engine, NULL, 9, &log, 1, stride, &out, &error), wanted, "attempt: is NULL", NULL);
  CHECK_FAILURE(jobmedic_classify(engine, NULL, 0, NULL, 1, stride, &out, &error), wanted, "logs: is NULL", NULL);
  CHECK_FAILURE(jobmedic_classify(engine, NULL, 0, &log, 1, stride - 1, &out, &error), wanted, "log_stride: ", NULL);
  CHECK_FAILURE(jobmedic_classify(engine, NULL, 0, &log, 1, 0, &out, &error), wanted, "log_stride: ", NULL);
  CHECK_FAILURE(jobmedic_classify(engine, NULL, 0, &log, SIZE_MAX, stride, &out, &error), wanted, "log_count: ", NULL);
  log.data_size = SIZE_MAX;
  CHECK_FAILURE(jobmedic_classify(engine, NULL, 0, &log, 1, stride, &out, &error), wanted, "logs[0].data: ", NULL);
  log.data = NULL;
  log.data_size = 1;
  CHECK_FAILURE(jobmedic_classify(engine, NULL, 0, &log, 1, stride, &out, &error), wanted, "logs[0].data: is NULL",
                NULL);
  memset(&log, 0, sizeof log);
  CHECK_FAILURE(jobmedic_classify(engine, NULL, 0, &log, 1, stride, &out, &error), wanted, "logs[0]: neither", NULL);
  log.path = "a\0b";
  log.path_size = 3;
  CHECK_FAILURE(jobmedic_classify(engine, NULL, 0, &log, 1, stride, &out, &error), wanted, "NUL", NULL);
  log.data = "x";
  CHECK_FAILURE(jobmedic_classify(engine, NULL, 0, &log, 1, stride, &out, &error), wanted, "both data and a path",
                NULL);
  jobmedic_engine_free(engine);
}
