#include "check.h"

static const char next_attempt[] =
    "{\"schema\":\"jobmedic.attempt/1\",\"job\":\"%s\",\"run\":\"r2\",\"attempt\":1,\"engine\":\"spark\","
    "\"config\":{\"spark.executor.memory\":\"2g\",\"spark.executor.cores\":\"2\"}}";

TEST(chain, "a remediated failure gives its job's next attempt another configuration, and no other job's") {
  jobmedic_engine* engine = small_engine("chain.db");
  jobmedic_buffer* out = NULL;
  jobmedic_error* error = NULL;
  const jobmedic_log logs[] = {log_of("executor-0.stderr", HEAP_LINE)};
  CHECK_OK(jobmedic_record(engine, TEXT(ATTEMPT), &error));
  CHECK_OK(jobmedic_remediate(engine, TEXT(ATTEMPT), LOGS(logs), &out, &error));
  CHECK(holds(out, "\"schema\":\"jobmedic.remediation/1\""));
  CHECK(holds(out, "\"decision\":\"retry_with_patch\""));
  CHECK(holds(out, "\"restart\":true"));
  jobmedic_buffer_free(out);

  char attempt[512];
  snprintf(attempt, sizeof attempt, next_attempt, "nightly");
  CHECK_OK(jobmedic_get_config(engine, TEXT(attempt), &out, &error));
  CHECK(holds(out, "\"config\""));
  CHECK(!holds(out, "\"applied\":[]"));
  jobmedic_buffer_free(out);

  snprintf(attempt, sizeof attempt, next_attempt, "another");
  CHECK_OK(jobmedic_get_config(engine, TEXT(attempt), &out, &error));
  CHECK(holds(out, "\"spark.executor.memory\":\"2g\""));
  CHECK(holds(out, "\"applied\":[]"));
  jobmedic_buffer_free(out);
  jobmedic_engine_free(engine);
}

TEST(idempotent, "the same attempt gets the answer that was saved first, from logs, files and verdicts alike") {
  jobmedic_engine* engine = small_engine("idempotent.db");
  jobmedic_buffer* first = NULL;
  jobmedic_buffer* again = NULL;
  jobmedic_buffer* verdict = NULL;
  jobmedic_error* error = NULL;
  const jobmedic_log logs[] = {log_of("executor-0.stderr", HEAP_LINE)};
  CHECK_OK(jobmedic_remediate(engine, TEXT(ATTEMPT), LOGS(logs), &first, &error));
  CHECK_OK(jobmedic_remediate(engine, TEXT(ATTEMPT), LOGS(logs), &again, &error));
  CHECK(equal(first, again));
  jobmedic_buffer_free(again);

  char path[256];
  snprintf(path, sizeof path, "%s", temporary("executor-0.stderr"));
  write_file(path, TEXT(HEAP_LINE));
  const jobmedic_log file = {.path = path, .path_size = strlen(path)};
  CHECK_OK(jobmedic_remediate(engine, TEXT(ATTEMPT), &file, 1, sizeof file, &again, &error));
  CHECK(equal(first, again));
  jobmedic_buffer_free(again);

  CHECK_OK(jobmedic_classify(engine, TEXT(ATTEMPT), LOGS(logs), &verdict, &error));
  CHECK_OK(jobmedic_remediate_classified(engine, TEXT(ATTEMPT), jobmedic_buffer_data(verdict),
                                         jobmedic_buffer_size(verdict), &again, &error));
  CHECK(equal(first, again));
  jobmedic_buffer_free(again);
  jobmedic_buffer_free(verdict);
  jobmedic_buffer_free(first);
  jobmedic_engine_free(engine);
}

TEST(recommendation, "recommend answers from an attempt and its classification, without a store") {
  jobmedic_engine* engine = small_engine(NULL);
  jobmedic_buffer* verdict = NULL;
  jobmedic_buffer* out = NULL;
  jobmedic_error* error = NULL;
  const jobmedic_log logs[] = {log_of("executor-0.stderr", HEAP_LINE)};
  CHECK_OK(jobmedic_classify(engine, TEXT(ATTEMPT), LOGS(logs), &verdict, &error));
  CHECK_OK(jobmedic_recommend(engine, TEXT(ATTEMPT), jobmedic_buffer_data(verdict), jobmedic_buffer_size(verdict), &out,
                              &error));
  CHECK(holds(out, "\"schema\":\"jobmedic.recommendation/1\""));
  CHECK(holds(out, "\"method\":\"fallback\""));
  jobmedic_buffer_free(out);
  jobmedic_buffer_free(verdict);
  jobmedic_engine_free(engine);
}

TEST(no_store, "what needs a store says that the engine has none") {
  jobmedic_engine* engine = small_engine(NULL);
  jobmedic_buffer* out = NULL;
  jobmedic_error* error = NULL;
  const jobmedic_status wanted = JOBMEDIC_E_INVALID_ARGUMENT;
  CHECK_FAILURE(jobmedic_get_config(engine, TEXT(ATTEMPT), &out, &error), wanted, "store", NULL);
  CHECK_FAILURE(jobmedic_record(engine, TEXT(ATTEMPT), &error), wanted, "store", NULL);
  CHECK_FAILURE(jobmedic_import_history(engine, TEXT(ATTEMPT), &out, &error), wanted, "store", NULL);
  CHECK_FAILURE(jobmedic_train(engine, NULL, 0, NULL, NULL, &out, &error), wanted, "store", NULL);
  jobmedic_engine_free(engine);
}

TEST(stages_misuse, "recommend, remediate, get_config and record name the argument that is NULL or bad") {
  jobmedic_engine* engine = small_engine("misuse.db");
  jobmedic_buffer* out = NULL;
  jobmedic_error* error = NULL;
  const jobmedic_status wanted = JOBMEDIC_E_INVALID_ARGUMENT;
  CHECK_FAILURE(jobmedic_recommend(NULL, TEXT("{}"), TEXT("{}"), &out, &error), wanted, "engine: is NULL", NULL);
  CHECK_FAILURE(jobmedic_recommend(engine, NULL, 0, TEXT("{}"), &out, &error), wanted, "attempt: is NULL", NULL);
  CHECK_FAILURE(jobmedic_recommend(engine, TEXT(ATTEMPT), NULL, 0, &out, &error), wanted, "classification: is NULL",
                NULL);
  CHECK_FAILURE(jobmedic_recommend(engine, TEXT(ATTEMPT), TEXT("[]"), &out, &error), JOBMEDIC_E_SCHEMA,
                "classification: ", NULL);
  CHECK_FAILURE(jobmedic_recommend(engine, TEXT(ATTEMPT), TEXT("{}"), NULL, &error), wanted, "out: is NULL", NULL);
  CHECK_FAILURE(jobmedic_remediate(NULL, TEXT(ATTEMPT), NULL, 0, 0, &out, &error), wanted, "engine: is NULL", NULL);
  CHECK_FAILURE(jobmedic_remediate(engine, NULL, 0, NULL, 0, 0, &out, &error), wanted, "attempt: is NULL", NULL);
  CHECK_FAILURE(jobmedic_remediate(engine, TEXT(ATTEMPT), NULL, 1, sizeof(jobmedic_log), &out, &error), wanted,
                "logs: is NULL", NULL);
  CHECK_FAILURE(jobmedic_remediate(engine, TEXT(ATTEMPT), NULL, 0, 0, NULL, &error), wanted, "out: is NULL", NULL);
  CHECK_FAILURE(jobmedic_remediate_classified(NULL, TEXT(ATTEMPT), TEXT("{}"), &out, &error), wanted, "engine", NULL);
  CHECK_FAILURE(jobmedic_remediate_classified(engine, NULL, 0, TEXT("{}"), &out, &error), wanted, "attempt", NULL);
  CHECK_FAILURE(jobmedic_remediate_classified(engine, TEXT(ATTEMPT), NULL, 0, &out, &error), wanted, "classification",
                NULL);
  CHECK_FAILURE(jobmedic_remediate_classified(engine, TEXT(ATTEMPT), TEXT("{}"), NULL, &error), wanted, "out", NULL);
  CHECK_FAILURE(jobmedic_get_config(NULL, TEXT(ATTEMPT), &out, &error), wanted, "engine: is NULL", NULL);
  CHECK_FAILURE(jobmedic_get_config(engine, NULL, 0, &out, &error), wanted, "attempt: is NULL", NULL);
  CHECK_FAILURE(jobmedic_get_config(engine, TEXT(ATTEMPT), NULL, &error), wanted, "out: is NULL", NULL);
  CHECK_FAILURE(jobmedic_record(NULL, TEXT(ATTEMPT), &error), wanted, "engine: is NULL", NULL);
  CHECK_FAILURE(jobmedic_record(engine, NULL, 0, &error), wanted, "attempt: is NULL", NULL);
  CHECK_FAILURE(jobmedic_record(engine, TEXT("{}"), &error), JOBMEDIC_E_SCHEMA, "attempt: ", NULL);
  jobmedic_engine_free(engine);
}
