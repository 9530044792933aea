/* A scheduler in one page, in C: runs a command under a memory limit; when it fails, asks jobmedic why, whether to try
 * again and with how much memory; tells it how that ended. Once healed, the job's next run starts with what it needs.
 *
 *   scheduler STORE-URL JOB MEMORY-MIB COMMAND...
 *   scheduler sqlite:jobs.db nightly 64 python3 -c 'rows = bytearray(100 << 20)'
 *
 * Build:  cc -std=c11 -D_DEFAULT_SOURCE scheduler.c -o scheduler $(pkg-config --cflags --libs jobmedic)
 */
#include <jobmedic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Every call that can fail returns a status and fills an error object; a scheduler would log it and go on. */
static void check(jobmedic_status status, jobmedic_error* error) {
  if (status == JOBMEDIC_OK) return;
  fprintf(stderr, "scheduler: %s\n", jobmedic_error_message(error));
  jobmedic_error_free(error);
  exit(1);
}

/* The member at a JSON Pointer, as JSON text. Your scheduler has a JSON library; here a patch that copies the member
 * over the whole document does. */
static void member(const jobmedic_buffer* document, const char* pointer, char* text, size_t room) {
  char patch[256];
  const int size = snprintf(patch, sizeof patch, "[{\"op\": \"copy\", \"from\": \"%s\", \"path\": \"\"}]", pointer);
  jobmedic_buffer* value = NULL;
  jobmedic_error* error = NULL;
  check(jobmedic_apply_patch(jobmedic_buffer_data(document), jobmedic_buffer_size(document), patch, (size_t)size,
                             &value, &error),
        error);
  snprintf(text, room, "%s", jobmedic_buffer_data(value));
  jobmedic_buffer_free(value);
}

/* Runs the command with at most so much address space; what it writes goes to the file. The exit code, or 128 and the
 * signal's number. */
static int run(char** command, const char* memory_mib, const char* output, struct rusage* used) {
  const pid_t child = fork();
  if (child == 0) {
    const rlim_t bytes = strtoul(memory_mib, NULL, 10) << 20;
    const struct rlimit limit = {bytes, bytes};
    const int redirected = freopen(output, "w", stderr) != NULL && dup2(STDERR_FILENO, STDOUT_FILENO) >= 0;
    if (redirected && setrlimit(RLIMIT_AS, &limit) == 0) execvp(command[0], command);
    perror(command[0]);
    _exit(127);
  }
  int status = 0;
  if (child < 0 || wait4(child, &status, 0, used) != child) {
    perror("scheduler");
    exit(1);
  }
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

struct attempt {
  const char* job;
  char run[64];
  int number;
  char config[4096]; /* what it runs with */
  int ended;         /* then the members below count */
  int exit_code;
  double duration_s;
  double peak_rss_bytes;
};

/* jobmedic.attempt/1 */
static size_t write_attempt(const struct attempt* attempt, char* text, size_t room) {
  int size = snprintf(text, room,
                      "{\"schema\": \"jobmedic.attempt/1\", \"job\": \"%s\", \"run\": \"%s\", \"attempt\": %d, "
                      "\"engine\": \"local\", \"config\": %s",
                      attempt->job, attempt->run, attempt->number, attempt->config);
  if (attempt->ended && size > 0 && (size_t)size < room) {
    size += snprintf(text + size, room - (size_t)size,
                     ", \"duration_s\": %.3f, \"metrics\": {\"peak_rss_bytes\": %.0f}, "
                     "\"outcome\": {\"succeeded\": %s, \"exit_code\": %d}",
                     attempt->duration_s, attempt->peak_rss_bytes, attempt->exit_code == 0 ? "true" : "false",
                     attempt->exit_code);
  }
  if (size < 0 || (size_t)size + 2 > room) {
    fprintf(stderr, "scheduler: the configuration is too long\n");
    exit(1);
  }
  strcat(text, "}");
  return strlen(text);
}

/* One try, and what jobmedic makes of it. Is there to be another one? */
static int try_again(jobmedic_engine* engine, struct attempt* attempt, const char* asked_for, char** command) {
  char document[8192];
  char memory_mib[32];
  jobmedic_buffer* answer = NULL;
  jobmedic_error* error = NULL;

  /* What this try is to run with: the job's own configuration, and what was learned since. */
  attempt->ended = 0;
  snprintf(attempt->config, sizeof attempt->config, "%s", asked_for);
  check(jobmedic_get_config(engine, document, write_attempt(attempt, document, sizeof document), &answer, &error),
        error);
  member(answer, "/config", attempt->config, sizeof attempt->config);
  member(answer, "/config/memory_mib", memory_mib, sizeof memory_mib);
  jobmedic_buffer_free(answer);

  struct rusage used;
  struct timespec started;
  struct timespec ended;
  timespec_get(&started, TIME_UTC);
  attempt->exit_code = run(command, memory_mib, "job.log", &used);
  timespec_get(&ended, TIME_UTC);
  attempt->ended = 1;
  attempt->duration_s = (double)(ended.tv_sec - started.tv_sec) + (double)(ended.tv_nsec - started.tv_nsec) / 1e9;
  attempt->peak_rss_bytes = (double)used.ru_maxrss * 1024;
  printf("try %d with %s MiB: exit code %d\n", attempt->number, memory_mib, attempt->exit_code);

  const size_t size = write_attempt(attempt, document, sizeof document);
  if (attempt->exit_code == 0) { /* keeps the patch that it ran with */
    check(jobmedic_record_outcome(engine, document, size, NULL, 0, &answer, &error), error);
    jobmedic_buffer_free(answer);
    return 0;
  }
  /* A failure is recorded with its remediation, and retires the patches that did not help. */
  const char* path = "job.log";
  const jobmedic_log log = {.path = path, .path_size = strlen(path)};
  check(jobmedic_remediate(engine, document, size, &log, 1, sizeof log, &answer, &error), error);
  char reason[1024];
  char restart[8];
  char after_s[32];
  member(answer, "/retry/reason", reason, sizeof reason);
  member(answer, "/retry/restart", restart, sizeof restart);
  member(answer, "/retry/after_s", after_s, sizeof after_s);
  jobmedic_buffer_free(answer);
  printf("  %s\n", reason);
  if (strcmp(restart, "true") != 0) return 0;
  sleep((unsigned)strtod(after_s, NULL));
  return 1;
}

int main(int count, char** arguments) {
  if (count < 5 || strpbrk(arguments[1], "\"\\") != NULL || strpbrk(arguments[2], "\"\\") != NULL) {
    fprintf(stderr, "usage: scheduler STORE-URL JOB MEMORY-MIB COMMAND...\n");
    return 2;
  }
  char text[4096];
  const int size = snprintf(text, sizeof text, "{\"store\": \"%s\"}", arguments[1]);
  if (size < 0 || (size_t)size >= sizeof text) return 2;
  /* One engine per process is enough: it is safe from any number of threads. */
  jobmedic_engine* engine = NULL;
  jobmedic_error* error = NULL;
  check(jobmedic_engine_create(text, (size_t)size, &engine, &error), error);

  struct attempt attempt = {.job = arguments[2], .number = 1};
  snprintf(attempt.run, sizeof attempt.run, "%lld-%d", (long long)time(NULL),
           (int)getpid()); /* yours has a date or a number */
  snprintf(text, sizeof text, "{\"memory_mib\": %lu}", strtoul(arguments[3], NULL, 10));
  while (try_again(engine, &attempt, text, arguments + 4)) ++attempt.number;
  jobmedic_engine_free(engine);
  return attempt.exit_code == 0 ? 0 : 1;
}
