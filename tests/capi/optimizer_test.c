#include <math.h>

#include "check.h"

static const char space[] =
    "{\"schema\":\"jobmedic.space/1\",\"parameters\":["
    "{\"name\":\"x\",\"type\":\"real\",\"min\":-1,\"max\":1},"
    "{\"name\":\"n\",\"type\":\"integer\",\"min\":1,\"max\":8},"
    "{\"name\":\"codec\",\"type\":\"categorical\",\"values\":[\"lz4\",\"zstd\"]}]}";

static jobmedic_optimizer* optimizer_with(const char* options) {
  jobmedic_optimizer* optimizer = NULL;
  jobmedic_error* error = NULL;
  CHECK_OK(jobmedic_optimizer_create(TEXT(space), TEXT(options), &optimizer, &error));
  return optimizer;
}

static double value_of(const jobmedic_buffer* trial) {
  const double x = strtod(member(trial, "x"), NULL);
  const double n = strtod(member(trial, "n"), NULL);
  return (x - 0.3) * (x - 0.3) + (n - 4) * (n - 4) + (holds(trial, "\"zstd\"") ? 0.5 : 0);
}

TEST(ask_and_tell, "by ask and tell the best of 40 trials comes close to the minimum, and best names its trial") {
  jobmedic_optimizer* optimizer = optimizer_with("{\"seed\":7}");
  jobmedic_error* error = NULL;
  double least = INFINITY;
  long best_trial = 0;
  for (long trial = 1; trial <= 40; ++trial) {
    jobmedic_buffer* asked = NULL;
    CHECK_OK(jobmedic_optimizer_ask(optimizer, &asked, &error));
    CHECK(strtol(member(asked, "trial"), NULL, 10) == trial);
    const double value = value_of(asked);
    if (value < least) {
      least = value;
      best_trial = trial;
    }
    CHECK_OK(jobmedic_optimizer_tell(optimizer, trial, value, &error));
    jobmedic_buffer_free(asked);
  }
  CHECK(least < 0.1);
  jobmedic_buffer* best = NULL;
  CHECK_OK(jobmedic_optimizer_best(optimizer, &best, &error));
  CHECK(holds(best, "\"schema\":\"jobmedic.best/1\""));
  CHECK(strtol(member(best, "trial"), NULL, 10) == best_trial);
  CHECK(fabs(strtod(member(best, "value"), NULL) - least) < 1e-12);
  jobmedic_buffer_free(best);
  jobmedic_optimizer_free(optimizer);
}

TEST(same_seed, "the same space, seed and values give the same trials") {
  jobmedic_optimizer* pair[2] = {optimizer_with("{\"seed\":3}"), optimizer_with("{\"seed\":3}")};
  jobmedic_error* error = NULL;
  for (int trial = 1; trial <= 12; ++trial) {
    jobmedic_buffer* asked[2] = {NULL, NULL};
    for (int i = 0; i < 2; ++i) {
      CHECK_OK(jobmedic_optimizer_ask(pair[i], &asked[i], &error));
      CHECK_OK(jobmedic_optimizer_tell(pair[i], trial, value_of(asked[i]), &error));
    }
    CHECK(equal(asked[0], asked[1]));
    jobmedic_buffer_free(asked[0]);
    jobmedic_buffer_free(asked[1]);
  }
  jobmedic_optimizer_free(pair[0]);
  jobmedic_optimizer_free(pair[1]);
}

TEST(failed_trials, "a trial that failed is no best, and there is none before the first finite value") {
  jobmedic_optimizer* optimizer = optimizer_with("{}");
  jobmedic_error* error = NULL;
  jobmedic_buffer* asked[2] = {NULL, NULL};
  jobmedic_buffer* best = NULL;
  CHECK_OK(jobmedic_optimizer_ask(optimizer, &asked[0], &error));
  CHECK_OK(jobmedic_optimizer_ask(optimizer, &asked[1], &error));
  CHECK_OK(jobmedic_optimizer_tell(optimizer, 2, NAN, &error));
  CHECK_OK(jobmedic_optimizer_best(optimizer, &best, &error));
  CHECK(holds(best, "\"best\":null"));
  jobmedic_buffer_free(best);
  CHECK_OK(jobmedic_optimizer_tell(optimizer, 1, 0.5, &error));
  CHECK_OK(jobmedic_optimizer_best(optimizer, &best, &error));
  CHECK(holds(best, "\"trial\":1"));
  jobmedic_buffer_free(best);
  jobmedic_buffer_free(asked[0]);
  jobmedic_buffer_free(asked[1]);
  jobmedic_optimizer_free(optimizer);
}

TEST(unknown_trials, "a value for a trial that is not open is refused and says why") {
  jobmedic_optimizer* optimizer = optimizer_with("{}");
  jobmedic_buffer* asked = NULL;
  jobmedic_error* error = NULL;
  CHECK_FAILURE(jobmedic_optimizer_tell(optimizer, 1, 0.5, &error), JOBMEDIC_E_INVALID_ARGUMENT,
                "trial: 1 was never asked for", "\"trial\"");
  CHECK_OK(jobmedic_optimizer_ask(optimizer, &asked, &error));
  CHECK_OK(jobmedic_optimizer_tell(optimizer, 1, 0.5, &error));
  CHECK_FAILURE(jobmedic_optimizer_tell(optimizer, 1, 0.5, &error), JOBMEDIC_E_INVALID_ARGUMENT,
                "trial: 1 was told already", NULL);
  CHECK_FAILURE(jobmedic_optimizer_tell(optimizer, INT64_MIN, 0.5, &error), JOBMEDIC_E_INVALID_ARGUMENT, "trial", NULL);
  jobmedic_buffer_free(asked);
  jobmedic_optimizer_free(optimizer);
}

TEST(bad_spaces, "a bad space or option is refused with its place") {
  jobmedic_optimizer* optimizer = NULL;
  jobmedic_error* error = NULL;
  CHECK_FAILURE(jobmedic_optimizer_create(TEXT("{"), NULL, 0, &optimizer, &error), JOBMEDIC_E_PARSE,
                "space: ", "\"offset\":1");
  CHECK_FAILURE(jobmedic_optimizer_create(TEXT("{\"schema\":\"jobmedic.space/1\"}"), NULL, 0, &optimizer, &error),
                JOBMEDIC_E_SCHEMA, "space: /parameters", "\"pointer\":\"/parameters\"");
  CHECK_FAILURE(jobmedic_optimizer_create(TEXT(space), TEXT("{\"seed\":-1}"), &optimizer, &error), JOBMEDIC_E_SCHEMA,
                "options: /seed", "\"pointer\":\"/seed\"");
  CHECK_FAILURE(jobmedic_optimizer_create(TEXT(space), TEXT("{\"effort\":0}"), &optimizer, &error), JOBMEDIC_E_SCHEMA,
                "options: /effort", "\"pointer\":\"/effort\"");
  CHECK_FAILURE(jobmedic_optimizer_create(TEXT(space), TEXT("{\"schema\":\"jobmedic.rules/1\"}"), &optimizer, &error),
                JOBMEDIC_E_SCHEMA, "options: /schema", NULL);
  CHECK(optimizer == NULL);
}

TEST(optimizer_misuse, "the optimizer's functions name the argument that is NULL") {
  jobmedic_optimizer* optimizer = NULL;
  jobmedic_buffer* out = NULL;
  jobmedic_error* error = NULL;
  const jobmedic_status wanted = JOBMEDIC_E_INVALID_ARGUMENT;
  CHECK_FAILURE(jobmedic_optimizer_create(NULL, 0, NULL, 0, &optimizer, &error), wanted, "space: is NULL", NULL);
  CHECK(optimizer == NULL);
  CHECK_FAILURE(jobmedic_optimizer_create(TEXT(space), NULL, 1, &optimizer, &error), wanted, "options: is NULL", NULL);
  CHECK_FAILURE(jobmedic_optimizer_create(TEXT(space), NULL, 0, NULL, &error), wanted, "out: is NULL", NULL);
  CHECK_FAILURE(jobmedic_optimizer_ask(NULL, &out, &error), wanted, "optimizer: is NULL", NULL);
  CHECK_FAILURE(jobmedic_optimizer_tell(NULL, 1, 0, &error), wanted, "optimizer: is NULL", NULL);
  CHECK_FAILURE(jobmedic_optimizer_best(NULL, &out, &error), wanted, "optimizer: is NULL", NULL);
}
