#include "check.h"

static const char patch[] =
    "{\"schema\":\"jobmedic.patch/1\",\"scope\":{\"job\":\"nightly\",\"engine\":\"spark\"},"
    "\"patch\":[{\"op\":\"add\",\"path\":\"/spark.executor.memory\",\"value\":\"6g\"}]}";
static const char author[] = "{\"by\":\"ana\",\"reason\":\"month end\"}";

TEST(put, "a patch that was put is applied, explained, in the trail, and stopped by the kill switch") {
  jobmedic_engine* engine = small_engine("put.db");
  jobmedic_buffer* out = NULL;
  jobmedic_error* error = NULL;
  CHECK_OK(jobmedic_put_patch(engine, TEXT(patch), TEXT(author), &out, &error));
  CHECK(holds(out, "\"id\":\"p-00000001\""));
  jobmedic_buffer_free(out);
  CHECK_OK(jobmedic_explain_config(engine, TEXT(ATTEMPT), &out, &error));
  CHECK(holds(out, "\"schema\":\"jobmedic.explanation/1\""));
  CHECK(holds(out, "\"outcome\":\"applied\""));
  CHECK(holds(out, "\"after\":{\"spark.executor.memory\":\"6g\"}"));
  jobmedic_buffer_free(out);
  CHECK_OK(jobmedic_changes(engine, NULL, 0, &out, &error));
  CHECK(holds(out, "\"by\":\"ana\",\"action\":\"put\",\"reason\":\"month end\""));
  jobmedic_buffer_free(out);

  CHECK_OK(jobmedic_stop_automation(engine, 1, TEXT(author), &out, &error));
  CHECK(holds(out, "\"schema\":\"jobmedic.automation/1\""));
  CHECK(holds(out, "\"stopped\":true"));
  CHECK(holds(out, "\"by\":\"ana\""));
  jobmedic_buffer_free(out);
  CHECK_OK(jobmedic_get_config(engine, TEXT(ATTEMPT), &out, &error));
  CHECK(holds(out, "\"applied\":[]"));
  jobmedic_buffer_free(out);
  CHECK_OK(jobmedic_stop_automation(engine, 0, NULL, 0, &out, &error));
  CHECK(holds(out, "\"stopped\":false"));
  jobmedic_buffer_free(out);
  CHECK_OK(jobmedic_get_config(engine, TEXT(ATTEMPT), &out, &error));
  CHECK(holds(out, "\"applied\":[\"p-00000001\"]"));
  jobmedic_buffer_free(out);
  jobmedic_engine_free(engine);
}

TEST(guarded, "a patch that sets what it may not is refused") {
  jobmedic_engine* engine = small_engine("guarded.db");
  jobmedic_buffer* out = NULL;
  jobmedic_error* error = NULL;
  static const char hostile[] =
      "{\"schema\":\"jobmedic.patch/1\",\"scope\":{\"engine\":\"spark\"},"
      "\"patch\":[{\"op\":\"add\",\"path\":\"/spark.jars\",\"value\":\"evil.jar\"}]}";
  CHECK_FAILURE(jobmedic_put_patch(engine, TEXT(hostile), NULL, 0, &out, &error), JOBMEDIC_E_PATCH, "/spark.jars",
                NULL);
  jobmedic_engine_free(engine);
}

TEST(stored_patches_misuse, "put_patch, explain_config and stop_automation name the argument that is NULL or bad") {
  jobmedic_engine* engine = small_engine("stored_patches_misuse.db");
  jobmedic_engine* storeless = small_engine(NULL);
  jobmedic_buffer* out = NULL;
  jobmedic_error* error = NULL;
  const jobmedic_status wanted = JOBMEDIC_E_INVALID_ARGUMENT;
  CHECK_FAILURE(jobmedic_put_patch(NULL, TEXT(patch), NULL, 0, &out, &error), wanted, "engine: is NULL", NULL);
  CHECK_FAILURE(jobmedic_put_patch(engine, NULL, 0, NULL, 0, &out, &error), wanted, "patch: is NULL", NULL);
  CHECK_FAILURE(jobmedic_put_patch(engine, TEXT("{}"), NULL, 0, &out, &error), JOBMEDIC_E_SCHEMA, "patch: /schema",
                NULL);
  CHECK_FAILURE(jobmedic_put_patch(engine, TEXT(patch), TEXT("{\"by\":1}"), &out, &error), JOBMEDIC_E_SCHEMA,
                "author: /by", NULL);
  CHECK_FAILURE(jobmedic_put_patch(engine, TEXT(patch), NULL, 0, NULL, &error), wanted, "out: is NULL", NULL);
  CHECK_FAILURE(jobmedic_put_patch(storeless, TEXT(patch), NULL, 0, &out, &error), wanted, "store", NULL);
  CHECK_FAILURE(jobmedic_explain_config(NULL, TEXT(ATTEMPT), &out, &error), wanted, "engine: is NULL", NULL);
  CHECK_FAILURE(jobmedic_explain_config(engine, NULL, 0, &out, &error), wanted, "attempt: is NULL", NULL);
  CHECK_FAILURE(jobmedic_explain_config(engine, TEXT(ATTEMPT), NULL, &error), wanted, "out: is NULL", NULL);
  CHECK_FAILURE(jobmedic_stop_automation(NULL, 1, NULL, 0, &out, &error), wanted, "engine: is NULL", NULL);
  CHECK_FAILURE(jobmedic_stop_automation(engine, 1, NULL, 1, &out, &error), wanted, "author: is NULL", NULL);
  CHECK_FAILURE(jobmedic_stop_automation(engine, 1, NULL, 0, NULL, &error), wanted, "out: is NULL", NULL);
  CHECK_FAILURE(jobmedic_stop_automation(storeless, 1, NULL, 0, &out, &error), wanted, "store", NULL);
  jobmedic_engine_free(storeless);
  jobmedic_engine_free(engine);
}
