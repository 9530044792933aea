/* fork, threads, cancellation: what a host process may do around the library. */
#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

static const char space[] =
    "{\"schema\":\"jobmedic.space/1\",\"parameters\":[{\"name\":\"x\",\"type\":\"real\",\"min\":0,\"max\":1}]}";

/* Runs `body` in a child; a failed check or a signal in it is a failed check here. */
static void check_in_child(void (*body)(void*), void* argument) {
  fflush(NULL);
  const pid_t child = fork();
  if (child == 0) {
    const int before = failures();
    alarm(30);
    body(argument);
    _exit(failures() == before ? 0 : 1);
  }
  int status = -1;
  CHECK(child > 0 && waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

struct handles {
  jobmedic_engine* engine;
  jobmedic_scan* scan;
  jobmedic_optimizer* optimizer;
};

static void use_inherited(void* argument) {
  struct handles* inherited = argument;
  jobmedic_engine* engine = inherited->engine;
  jobmedic_buffer* out = NULL;
  jobmedic_error* error = NULL;
  const jobmedic_status wanted = JOBMEDIC_E_FORKED;
  CHECK_FAILURE(jobmedic_engine_info(engine, &out, &error), wanted, "engine: was made before fork()",
                "{\"argument\":\"engine\"}");
  CHECK_FAILURE(jobmedic_engine_warm_up(engine, &out, &error), wanted, "engine", NULL);
  CHECK_FAILURE(jobmedic_engine_reload(engine, &error), wanted, "engine", NULL);
  CHECK_FAILURE(jobmedic_engine_set_log(engine, NULL, NULL, &error), wanted, "engine", NULL);
  CHECK_FAILURE(jobmedic_classify(engine, NULL, 0, NULL, 0, 0, &out, &error), wanted, "engine", NULL);
  CHECK_FAILURE(jobmedic_recommend(engine, TEXT(ATTEMPT), TEXT("{}"), &out, &error), wanted, "engine", NULL);
  CHECK_FAILURE(jobmedic_remediate(engine, TEXT(ATTEMPT), NULL, 0, 0, &out, &error), wanted, "engine", NULL);
  CHECK_FAILURE(jobmedic_remediate_classified(engine, TEXT(ATTEMPT), TEXT("{}"), &out, &error), wanted, "engine", NULL);
  CHECK_FAILURE(jobmedic_get_config(engine, TEXT(ATTEMPT), &out, &error), wanted, "engine", NULL);
  CHECK_FAILURE(jobmedic_record(engine, TEXT(ATTEMPT), &error), wanted, "engine", NULL);
  CHECK_FAILURE(jobmedic_import_history(engine, TEXT(""), &out, &error), wanted, "engine", NULL);
  CHECK_FAILURE(jobmedic_train(engine, NULL, 0, NULL, NULL, &out, &error), wanted, "engine", NULL);
  jobmedic_scan* scan = NULL;
  CHECK_FAILURE(jobmedic_scan_create(engine, NULL, 0, &scan, &error), wanted, "engine", NULL);
  CHECK_FAILURE(jobmedic_scan_feed(inherited->scan, TEXT("a"), TEXT("b"), &error), wanted, "scan", NULL);
  CHECK_FAILURE(jobmedic_scan_result(inherited->scan, &out, &error), wanted, "scan", NULL);
  CHECK_FAILURE(jobmedic_optimizer_ask(inherited->optimizer, &out, &error), wanted, "optimizer", NULL);
  CHECK_FAILURE(jobmedic_optimizer_tell(inherited->optimizer, 1, 0, &error), wanted, "optimizer", NULL);
  CHECK_FAILURE(jobmedic_optimizer_best(inherited->optimizer, &out, &error), wanted, "optimizer", NULL);
  jobmedic_engine_free(engine);
  jobmedic_scan_free(inherited->scan);
  jobmedic_optimizer_free(inherited->optimizer);

  engine = small_engine("fork.db");
  CHECK_OK(jobmedic_record(engine, TEXT(ATTEMPT), &error));
  jobmedic_engine_free(engine);
}

TEST(fork_safety, "in a child of fork() inherited handles say so, are freed safely, and new ones work") {
  struct handles handles = {small_engine("fork.db"), NULL, NULL};
  jobmedic_buffer* out = NULL;
  jobmedic_error* error = NULL;
  CHECK_OK(jobmedic_scan_create(handles.engine, NULL, 0, &handles.scan, &error));
  CHECK_OK(jobmedic_optimizer_create(TEXT(space), NULL, 0, &handles.optimizer, &error));
  CHECK_OK(jobmedic_record(handles.engine, TEXT(ATTEMPT), &error));
  check_in_child(use_inherited, &handles);

  CHECK_OK(jobmedic_record(handles.engine, TEXT(ATTEMPT), &error));
  CHECK_OK(jobmedic_get_config(handles.engine, TEXT(ATTEMPT), &out, &error));
  jobmedic_buffer_free(out);
  jobmedic_engine_free(handles.engine);
  jobmedic_optimizer_free(handles.optimizer);
  jobmedic_scan_free(handles.scan);
}

enum { thread_count = 8, rounds = 100 };

struct worker {
  jobmedic_engine* engine;
  const jobmedic_buffer* expected;
  int wrong;
};

static void* classify_again_and_again(void* argument) {
  struct worker* worker = argument;
  const jobmedic_log logs[] = {log_of("driver.stderr", "x\nExecutorLostFailure\n" HEAP_LINE)};
  for (int i = 0; i < rounds; ++i) {
    jobmedic_buffer* out = NULL;
    const jobmedic_status status = jobmedic_classify(worker->engine, TEXT(ATTEMPT), LOGS(logs), &out, NULL);
    if (status != JOBMEDIC_OK || !equal(out, worker->expected)) ++worker->wrong;
    jobmedic_buffer_free(out);
  }
  return NULL;
}

TEST(threads, "eight threads that classify with one engine get the answer that one gets, while it reloads") {
  struct worker workers[thread_count];
  pthread_t threads[thread_count];
  jobmedic_engine* engine = small_engine(NULL);
  jobmedic_buffer* expected = NULL;
  jobmedic_error* error = NULL;
  const jobmedic_log logs[] = {log_of("driver.stderr", "x\nExecutorLostFailure\n" HEAP_LINE)};
  CHECK_OK(jobmedic_classify(engine, TEXT(ATTEMPT), LOGS(logs), &expected, &error));
  for (int i = 0; i < thread_count; ++i) {
    workers[i] = (struct worker){engine, expected, 0};
    CHECK(pthread_create(&threads[i], NULL, classify_again_and_again, &workers[i]) == 0);
  }
  CHECK_OK(jobmedic_engine_reload(engine, &error));
  for (int i = 0; i < thread_count; ++i) {
    CHECK(pthread_join(threads[i], NULL) == 0);
    CHECK(workers[i].wrong == 0);
  }
  jobmedic_buffer_free(expected);
  jobmedic_engine_free(engine);
}

struct reader {
  jobmedic_engine* engine;
  char path[256];
  jobmedic_status status;
};

static void* classify_pipe(void* argument) {
  struct reader* reader = argument;
  const jobmedic_log log = {.path = reader->path, .path_size = strlen(reader->path)};
  jobmedic_buffer* out = NULL;
  reader->status = jobmedic_classify(reader->engine, NULL, 0, &log, 1, sizeof log, &out, NULL);
  jobmedic_buffer_free(out);
  return NULL;
}

TEST(cancellation, "a thread cancelled during a call finishes the call first") {
  struct reader reader = {small_engine(NULL), "", -1};
  snprintf(reader.path, sizeof reader.path, "%s", temporary("driver.pipe"));
  CHECK(mkfifo(reader.path, 0600) == 0);
  pthread_t thread;
  CHECK(pthread_create(&thread, NULL, classify_pipe, &reader) == 0);
  const int pipe_end = open(reader.path, O_WRONLY); /* returns once the call has opened the other end */
  CHECK(pthread_cancel(thread) == 0);
  CHECK(write(pipe_end, HEAP_LINE, sizeof HEAP_LINE - 1) == (ssize_t)sizeof HEAP_LINE - 1);
  CHECK(close(pipe_end) == 0);
  CHECK(pthread_join(thread, NULL) == 0);
  CHECK(reader.status == JOBMEDIC_OK);
  jobmedic_engine_free(reader.engine);
}
