#include "check.h"

static const char log_text[] =
    "26/11/21 03:11:58 INFO SparkContext: Running\r\n"
    "26/11/21 03:11:59 WARN TaskSetManager: ExecutorLostFailure (executor 1 exited)\n"
    "some\0bytes \xff\xfe\n" HEAP_LINE "\tat SessionRollup.main(SessionRollup.java:12)\nlast line without an end";
enum { log_size = sizeof log_text - 1 };

static jobmedic_buffer* classified_in_block(jobmedic_engine* engine) {
  jobmedic_buffer* out = NULL;
  jobmedic_error* error = NULL;
  jobmedic_log log = log_of("driver.stderr", log_text);
  log.data_size = log_size;
  CHECK_OK(jobmedic_classify(engine, NULL, 0, &log, 1, sizeof log, &out, &error));
  return out;
}

TEST(any_split, "any split of the same bytes gives the document that the block gives") {
  jobmedic_engine* engine = small_engine(NULL);
  jobmedic_buffer* block = classified_in_block(engine);
  jobmedic_error* error = NULL;
  CHECK(holds(block, "\"rule\":\"Heap\""));
  for (size_t piece = 1; piece <= log_size; ++piece) {
    jobmedic_scan* scan = NULL;
    jobmedic_buffer* pieces = NULL;
    CHECK_OK(jobmedic_scan_create(engine, NULL, 0, &scan, &error));
    for (size_t at = 0; at < log_size; at += piece) {
      const size_t size = piece < log_size - at ? piece : log_size - at;
      CHECK_OK(jobmedic_scan_feed(scan, TEXT("driver.stderr"), log_text + at, size, &error));
    }
    CHECK_OK(jobmedic_scan_result(scan, &pieces, &error));
    CHECK(equal(block, pieces));
    jobmedic_buffer_free(pieces);
    jobmedic_scan_free(scan);
  }
  jobmedic_buffer_free(block);
  jobmedic_engine_free(engine);
}

TEST(ask_early, "a scan may be asked at any time, and fed on") {
  jobmedic_engine* engine = small_engine(NULL);
  jobmedic_scan* scan = NULL;
  jobmedic_buffer* out = NULL;
  jobmedic_error* error = NULL;
  CHECK_OK(jobmedic_scan_create(engine, TEXT(ATTEMPT), &scan, &error));
  CHECK_OK(jobmedic_scan_result(scan, &out, &error));
  CHECK(holds(out, "\"classified\":false"));
  jobmedic_buffer_free(out);
  CHECK_OK(jobmedic_scan_feed(scan, TEXT("driver.stderr"), TEXT("x ExecutorLostFailure\n"), &error));
  CHECK_OK(jobmedic_scan_result(scan, &out, &error));
  CHECK(holds(out, "\"rule\":\"Lost\""));
  jobmedic_buffer_free(out);
  CHECK_OK(jobmedic_scan_feed(scan, TEXT("driver.stdout"), TEXT(HEAP_LINE), &error));
  CHECK_OK(jobmedic_scan_feed(scan, TEXT("driver.stdout"), NULL, 0, &error));
  CHECK_OK(jobmedic_scan_result(scan, &out, &error));
  CHECK(holds(out, "\"classified\":true,\"rule\":\"Heap\""));
  jobmedic_buffer_free(out);
  jobmedic_scan_free(scan);
  jobmedic_engine_free(engine);
}

TEST(outlives_engine, "a scan and its answers outlive the engine, and are freed in any order") {
  jobmedic_engine* engine = small_engine(NULL);
  jobmedic_scan* scan = NULL;
  jobmedic_buffer* out = NULL;
  jobmedic_error* error = NULL;
  CHECK_OK(jobmedic_scan_create(engine, NULL, 0, &scan, &error));
  jobmedic_engine_free(engine);
  CHECK_OK(jobmedic_scan_feed(scan, TEXT("driver.stderr"), TEXT(HEAP_LINE), &error));
  CHECK_OK(jobmedic_scan_result(scan, &out, &error));
  jobmedic_scan_free(scan);
  CHECK(holds(out, "\"rule\":\"Heap\""));
  jobmedic_buffer_free(out);
}

TEST(scan_misuse, "the scan's functions name the argument that is NULL or impossible") {
  jobmedic_engine* engine = small_engine(NULL);
  jobmedic_scan* scan = NULL;
  jobmedic_buffer* out = NULL;
  jobmedic_error* error = NULL;
  const jobmedic_status wanted = JOBMEDIC_E_INVALID_ARGUMENT;
  CHECK_FAILURE(jobmedic_scan_create(NULL, NULL, 0, &scan, &error), wanted, "engine: is NULL", NULL);
  CHECK_FAILURE(jobmedic_scan_create(engine, NULL, 1, &scan, &error), wanted, "attempt: is NULL", NULL);
  CHECK_FAILURE(jobmedic_scan_create(engine, NULL, 0, NULL, &error), wanted, "out: is NULL", NULL);
  CHECK_FAILURE(jobmedic_scan_feed(NULL, TEXT("a"), TEXT("b"), &error), wanted, "scan: is NULL", NULL);
  CHECK_FAILURE(jobmedic_scan_result(NULL, &out, &error), wanted, "scan: is NULL", NULL);
  CHECK_OK(jobmedic_scan_create(engine, NULL, 0, &scan, &error));
  CHECK_FAILURE(jobmedic_scan_feed(scan, NULL, 1, TEXT("b"), &error), wanted, "name: is NULL", NULL);
  CHECK_FAILURE(jobmedic_scan_feed(scan, TEXT("a"), NULL, 1, &error), wanted, "data: is NULL", NULL);
  CHECK_FAILURE(jobmedic_scan_feed(scan, TEXT("a"), "b", SIZE_MAX, &error), wanted, "data: ", NULL);
  CHECK_FAILURE(jobmedic_scan_result(scan, NULL, &error), wanted, "out: is NULL", NULL);
  jobmedic_scan_free(scan);
  jobmedic_engine_free(engine);
}
