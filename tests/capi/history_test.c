#include "check.h"

TEST(import, "imported lines are counted, and the same again changes nothing") {
  jobmedic_engine* engine = small_engine("import.db");
  jobmedic_buffer* out = NULL;
  jobmedic_error* error = NULL;
  static const char lines[] =
      "{\"schema\":\"jobmedic.attempt/1\",\"job\":\"a\",\"run\":\"1\",\"attempt\":1}\r\n\n"
      "{\"schema\":\"jobmedic.attempt/1\",\"job\":\"a\",\"run\":\"1\",\"attempt\":2}";
  CHECK_OK(jobmedic_import_history(engine, TEXT(lines), &out, &error));
  CHECK(holds(out, "\"schema\":\"jobmedic.import/1\""));
  CHECK(holds(out, "\"attempts\":2"));
  CHECK(holds(out, "\"changed\":2"));
  jobmedic_buffer_free(out);
  CHECK_OK(jobmedic_import_history(engine, TEXT(lines), &out, &error));
  CHECK(holds(out, "\"changed\":0"));
  jobmedic_buffer_free(out);
  CHECK_OK(jobmedic_import_history(engine, TEXT(""), &out, &error));
  CHECK(holds(out, "\"attempts\":0"));
  jobmedic_buffer_free(out);
  jobmedic_engine_free(engine);
}

TEST(bad_line, "a bad line is named, and none of the lines is stored") {
  jobmedic_engine* engine = small_engine("bad_line.db");
  jobmedic_buffer* out = NULL;
  jobmedic_error* error = NULL;
  static const char lines[] =
      "{\"schema\":\"jobmedic.attempt/1\",\"job\":\"a\",\"run\":\"1\"}\n"
      "\n"
      "{\"schema\":\"jobmedic.attempt/1\",\"job\":\"a\",\"outcome\":{\"succeeded\":true,\"cost_usd\":\"1.8 USD\"}}\n";
  CHECK_FAILURE(jobmedic_import_history(engine, TEXT(lines), &out, &error), JOBMEDIC_E_SCHEMA,
                "line 3: /outcome/cost_usd: expected a number", "\"line\":3");
  CHECK_FAILURE(jobmedic_import_history(engine, TEXT("\n{"), &out, &error), JOBMEDIC_E_PARSE,
                "line 2: ", "\"offset\":1");
  CHECK_OK(jobmedic_import_history(engine, lines, strcspn(lines, "\n"), &out, &error));
  CHECK(holds(out, "\"changed\":1"));
  jobmedic_buffer_free(out);
  jobmedic_engine_free(engine);
}

TEST(nothing_to_learn, "training without examples fails and saves nothing") {
  jobmedic_engine* engine = small_engine("empty.db");
  jobmedic_buffer* out = NULL;
  jobmedic_error* error = NULL;
  CHECK_FAILURE(jobmedic_train(engine, NULL, 0, NULL, NULL, &out, &error), JOBMEDIC_E_MODEL, "", NULL);
  CHECK(out == NULL);
  jobmedic_engine_free(engine);
}

TEST(history_misuse, "import and train name the argument that is NULL or bad") {
  jobmedic_engine* engine = small_engine("history_misuse.db");
  jobmedic_buffer* out = NULL;
  jobmedic_error* error = NULL;
  const jobmedic_status wanted = JOBMEDIC_E_INVALID_ARGUMENT;
  CHECK_FAILURE(jobmedic_import_history(NULL, TEXT(""), &out, &error), wanted, "engine: is NULL", NULL);
  CHECK_FAILURE(jobmedic_import_history(engine, NULL, 0, &out, &error), wanted, "json_lines: is NULL", NULL);
  CHECK_FAILURE(jobmedic_import_history(engine, TEXT(""), NULL, &error), wanted, "out: is NULL", NULL);
  CHECK_FAILURE(jobmedic_train(NULL, NULL, 0, NULL, NULL, &out, &error), wanted, "engine: is NULL", NULL);
  CHECK_FAILURE(jobmedic_train(engine, NULL, 3, NULL, NULL, &out, &error), wanted, "options: is NULL", NULL);
  CHECK_FAILURE(jobmedic_train(engine, NULL, 0, NULL, NULL, NULL, &error), wanted, "out: is NULL", NULL);
  CHECK_FAILURE(jobmedic_train(engine, TEXT("{\"max_epochs\":0}"), NULL, NULL, &out, &error), JOBMEDIC_E_SCHEMA,
                "options: /max_epochs", "\"pointer\":\"/max_epochs\"");
  CHECK_FAILURE(jobmedic_train(engine, TEXT("{\"engine\":\"abacus\"}"), NULL, NULL, &out, &error), wanted, "abacus",
                NULL);
  jobmedic_engine_free(engine);
}
