#include "check.h"

static const char history[] =
    "{\"schema\":\"jobmedic.attempt/"
    "1\",\"job\":\"j\",\"run\":\"1\",\"engine\":\"batch\",\"config\":{\"memory_mib\":4096},"
    "\"metrics\":{\"peak_rss_bytes\":1000000000},\"outcome\":{\"succeeded\":true}}\n"
    "{\"schema\":\"jobmedic.attempt/"
    "1\",\"job\":\"j\",\"run\":\"2\",\"engine\":\"batch\",\"config\":{\"memory_mib\":4096},"
    "\"metrics\":{\"peak_rss_bytes\":1000000000},\"outcome\":{\"succeeded\":true}}\n"
    "{\"schema\":\"jobmedic.attempt/"
    "1\",\"job\":\"j\",\"run\":\"3\",\"engine\":\"batch\",\"config\":{\"memory_mib\":4096},"
    "\"metrics\":{\"peak_rss_bytes\":1000000000},\"outcome\":{\"succeeded\":true}}\n";
static const char next[] =
    "{\"schema\":\"jobmedic.attempt/"
    "1\",\"job\":\"j\",\"run\":\"4\",\"engine\":\"batch\",\"config\":{\"memory_mib\":4096}}";

TEST(rightsize, "a job that uses a quarter of its memory gets half, and get_config applies it once it is saved") {
  jobmedic_engine* engine = small_engine("rightsize.db");
  jobmedic_buffer* out = NULL;
  jobmedic_error* error = NULL;
  CHECK_OK(jobmedic_import_history(engine, TEXT(history), &out, &error));
  jobmedic_buffer_free(out);
  CHECK_OK(jobmedic_rightsize(engine, TEXT(next), 0, &out, &error));
  CHECK(holds(out, "\"schema\":\"jobmedic.rightsizing/1\""));
  CHECK(holds(out, "\"decision\":\"patch\""));
  CHECK(holds(out, "\"mode\":\"dry_run\""));
  CHECK(!holds(out, "\"patch_id\""));
  jobmedic_buffer_free(out);
  CHECK_OK(jobmedic_rightsize(engine, TEXT(next), 1, &out, &error));
  CHECK(holds(out, "\"patch_id\":\"p-00000001\""));
  jobmedic_buffer_free(out);
  CHECK_OK(jobmedic_get_config(engine, TEXT(next), &out, &error));
  CHECK(holds(out, "2048"));
  jobmedic_buffer_free(out);
  jobmedic_engine_free(engine);
}

TEST(rightsize_misuse, "rightsize names the argument that is NULL or bad, and needs a store") {
  jobmedic_engine* engine = small_engine("rightsize_misuse.db");
  jobmedic_engine* storeless = small_engine(NULL);
  jobmedic_buffer* out = NULL;
  jobmedic_error* error = NULL;
  const jobmedic_status wanted = JOBMEDIC_E_INVALID_ARGUMENT;
  CHECK_FAILURE(jobmedic_rightsize(NULL, TEXT(next), 0, &out, &error), wanted, "engine: is NULL", NULL);
  CHECK_FAILURE(jobmedic_rightsize(engine, NULL, 0, 0, &out, &error), wanted, "attempt: is NULL", NULL);
  CHECK_FAILURE(jobmedic_rightsize(engine, TEXT("{}"), 0, &out, &error), JOBMEDIC_E_SCHEMA, "attempt: /schema", NULL);
  CHECK_FAILURE(jobmedic_rightsize(engine, TEXT(next), 0, NULL, &error), wanted, "out: is NULL", NULL);
  CHECK_FAILURE(jobmedic_rightsize(storeless, TEXT(next), 0, &out, &error), wanted, "store", NULL);
  jobmedic_engine_free(storeless);
  jobmedic_engine_free(engine);
}
