#include "check.h"

#define RETRY(succeeded)                                                                 \
  "{\"schema\":\"jobmedic.attempt/1\",\"job\":\"nightly\",\"run\":\"r1\",\"attempt\":2," \
  "\"outcome\":{\"succeeded\":" #succeeded ",\"cost_usd\":1.1}}"

/* An engine that has healed attempt 1. */
static jobmedic_engine* healed(const char* store) {
  jobmedic_engine* engine = small_engine(store);
  jobmedic_buffer* out = NULL;
  jobmedic_error* error = NULL;
  const jobmedic_log logs[] = {log_of("executor-0.stderr", HEAP_LINE)};
  CHECK_OK(jobmedic_remediate(engine, TEXT(ATTEMPT), LOGS(logs), &out, &error));
  CHECK(holds(out, "\"patch_id\":\"p-00000001\""));
  jobmedic_buffer_free(out);
  return engine;
}

TEST(kept, "an outcome keeps the patch of a retry that succeeded, once") {
  jobmedic_engine* engine = healed("kept.db");
  jobmedic_buffer* out = NULL;
  jobmedic_error* error = NULL;
  CHECK_OK(jobmedic_record_outcome(engine, TEXT(RETRY(true)), NULL, 0, &out, &error));
  CHECK(holds(out, "\"schema\":\"jobmedic.outcome/1\""));
  CHECK(holds(out, "\"what\":\"recorded\""));
  CHECK(holds(out, "\"id\":\"p-00000001\",\"learnt\":\"kept\""));
  jobmedic_buffer_free(out);
  CHECK_OK(jobmedic_record_outcome(engine, TEXT(RETRY(true)), NULL, 0, &out, &error));
  CHECK(holds(out, "\"what\":\"known\""));
  jobmedic_buffer_free(out);
  jobmedic_engine_free(engine);
}

TEST(contradicted, "a contradicting outcome is refused, and corrected for a reason, which the trail keeps") {
  jobmedic_engine* engine = healed("contradicted.db");
  jobmedic_buffer* out = NULL;
  jobmedic_error* error = NULL;
  CHECK_OK(jobmedic_record_outcome(engine, TEXT(RETRY(false)), NULL, 0, &out, &error));
  CHECK(holds(out, "\"learnt\":\"retired\""));
  jobmedic_buffer_free(out);
  CHECK_FAILURE(jobmedic_record_outcome(engine, TEXT(RETRY(true)), NULL, 0, &out, &error), JOBMEDIC_E_INVALID_ARGUMENT,
                "succeeded: false, not true", NULL);
  CHECK(out == NULL);
  static const char correction[] = "{\"correct\":true,\"by\":\"ana\",\"reason\":\"another job's exit code\"}";
  CHECK_OK(jobmedic_record_outcome(engine, TEXT(RETRY(true)), TEXT(correction), &out, &error));
  CHECK(holds(out, "\"what\":\"corrected\""));
  CHECK(holds(out, "\"learnt\":\"restored\""));
  jobmedic_buffer_free(out);
  CHECK_OK(jobmedic_changes(engine, TEXT("{\"limit\":2}"), &out, &error));
  CHECK(holds(out, "\"schema\":\"jobmedic.changes/1\""));
  CHECK(holds(out, "\"by\":\"ana\",\"action\":\"correct\""));
  CHECK(!holds(out, "\"retire\""));
  jobmedic_buffer_free(out);
  CHECK_OK(jobmedic_changes(engine, TEXT("{\"patch\":\"p-00000001\"}"), &out, &error));
  CHECK(holds(out, "\"retire\""));
  CHECK(!holds(out, "\"correct\""));
  jobmedic_buffer_free(out);
  jobmedic_engine_free(engine);
}

TEST(outcome_misuse, "record_outcome and changes name the argument that is NULL or bad") {
  jobmedic_engine* engine = small_engine("outcome_misuse.db");
  jobmedic_engine* storeless = small_engine(NULL);
  jobmedic_buffer* out = NULL;
  jobmedic_error* error = NULL;
  const jobmedic_status wanted = JOBMEDIC_E_INVALID_ARGUMENT;
  CHECK_FAILURE(jobmedic_record_outcome(NULL, TEXT(ATTEMPT), NULL, 0, &out, &error), wanted, "engine: is NULL", NULL);
  CHECK_FAILURE(jobmedic_record_outcome(engine, NULL, 0, NULL, 0, &out, &error), wanted, "attempt: is NULL", NULL);
  CHECK_FAILURE(jobmedic_record_outcome(engine, TEXT(ATTEMPT), NULL, 3, &out, &error), wanted, "options: is NULL",
                NULL);
  CHECK_FAILURE(jobmedic_record_outcome(engine, TEXT(ATTEMPT), TEXT("{\"correct\":1}"), &out, &error),
                JOBMEDIC_E_SCHEMA, "options: /correct", "\"pointer\":\"/correct\"");
  CHECK_FAILURE(jobmedic_record_outcome(engine, TEXT(ATTEMPT), NULL, 0, NULL, &error), wanted, "out: is NULL", NULL);
  CHECK_FAILURE(
      jobmedic_record_outcome(engine, TEXT("{\"schema\":\"jobmedic.attempt/1\",\"job\":\"j\"}"), NULL, 0, &out, &error),
      wanted, "/outcome: is missing", NULL);
  CHECK_FAILURE(jobmedic_record_outcome(storeless, TEXT(ATTEMPT), NULL, 0, &out, &error), wanted, "store", NULL);
  CHECK_FAILURE(jobmedic_changes(NULL, NULL, 0, &out, &error), wanted, "engine: is NULL", NULL);
  CHECK_FAILURE(jobmedic_changes(engine, TEXT("{\"limit\":-1}"), &out, &error), JOBMEDIC_E_SCHEMA, "options: /limit",
                NULL);
  CHECK_FAILURE(jobmedic_changes(engine, NULL, 0, NULL, &error), wanted, "out: is NULL", NULL);
  CHECK_FAILURE(jobmedic_changes(storeless, NULL, 0, &out, &error), wanted, "store", NULL);
  jobmedic_engine_free(storeless);
  jobmedic_engine_free(engine);
}
